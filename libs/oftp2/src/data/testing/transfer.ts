import { readFileSync } from 'node:fs';
import type { ExchangeBufferDecoder } from '../decoder.js';
import { ExchangeBufferEncoder, type EncoderOptions } from '../encoder.js';
import type { FileCounts, VirtualFileFormat } from '../virtual-file.js';

const FOLDER = new URL('../../../../../test/vectors/exchange-buffer/', import.meta.url);

/** A file and its DATA, written by hand. */
export interface SubrecordVector {
  readonly name: string;
  readonly format: VirtualFileFormat;
  readonly recordLength: number;
  readonly bufferSize: number;
  readonly compression: boolean;
  readonly records: readonly Uint8Array[];
  /** Exchange buffers, without stream transmission header. */
  readonly buffers: readonly Uint8Array[];
  readonly EFIDRCNT: bigint;
  readonly EFIDUCNT: bigint;
}

const parseHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$hex' in value) return parseHex(String(value.$hex));
  return '$bigint' in value ? BigInt(String(value.$bigint)) : value;
}

/** The worked examples of subrecords. */
export function subrecordVectors(): readonly SubrecordVector[] {
  return JSON.parse(readFileSync(new URL('subrecords.json', FOLDER), 'utf8'), revive) as SubrecordVector[];
}

/** RFC 5024 Appendix A: the poem and its exchange buffer. */
export function appendixA(): { readonly buffer: Uint8Array; readonly file: Uint8Array; readonly digests: object } {
  const hex = readFileSync(new URL('appendix-a.hex', FOLDER), 'utf8').replaceAll(/#.*$/gm, '').replaceAll(/\s/g, '');
  const { file, sha256OfFile, sha256OfBuffer } = JSON.parse(
    readFileSync(new URL('appendix-a.json', FOLDER), 'utf8'),
    revive,
  ) as { file: Uint8Array; sha256OfFile: string; sha256OfBuffer: string };
  return { buffer: parseHex(hex), file, digests: { sha256OfFile, sha256OfBuffer } };
}

/** Exchange buffers out of whole frames; checks the stream transmission headers on the way. */
export function splitFrames(octets: Uint8Array): Uint8Array[] {
  const buffers: Uint8Array[] = [];
  for (let position = 0; position < octets.length;) {
    const length = Buffer.from(octets).readUIntBE(position + 1, 3);
    if (octets[position] !== 0x10) throw new Error(`no frame at ${position}`);
    buffers.push(octets.slice(position + 4, position + length));
    position += length;
  }
  return buffers;
}

/** What came out of an encoder. */
export interface Sent {
  readonly buffers: readonly Uint8Array[];
  readonly counts: FileCounts;
}

/**
 * Sends a file given as records (one record for U, T and F), `chunkLength` octets pushed and `credit` DATA taken at once.
 */
export function send(
  options: EncoderOptions,
  records: readonly Uint8Array[],
  { chunkLength = Number.POSITIVE_INFINITY, credit = Number.POSITIVE_INFINITY } = {},
): Sent {
  const encoder = new ExchangeBufferEncoder(options);
  const buffers: Uint8Array[] = [];
  const drain = (): void => {
    for (let frames = encoder.next(credit); frames !== undefined; frames = encoder.next(credit)) {
      const split = splitFrames(frames.octets);
      if (split.length !== frames.buffers || split.length > credit) throw new Error('wrong number of buffers');
      buffers.push(...split);
    }
    if (!encoder.needsInput) throw new Error('the encoder stopped with input left');
  };
  for (const record of records) {
    for (let start = 0; start < Math.max(1, record.length); start += chunkLength) {
      const end = Math.min(start + chunkLength, record.length);
      // A reader uses its memory again; so does this one.
      const chunk = record.slice(start, end);
      encoder.push(chunk, end === record.length);
      drain();
      chunk.fill(0xee);
    }
  }
  encoder.end();
  for (let frames = encoder.next(credit); frames !== undefined; frames = encoder.next(credit)) {
    buffers.push(...splitFrames(frames.octets));
  }
  return { buffers, counts: encoder.counts };
}

/** Receives exchange buffers; records as they were for F and V, else the file in one piece. */
export function receive(decoder: ExchangeBufferDecoder, buffers: readonly Uint8Array[]): Uint8Array[] {
  const records: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  for (const buffer of buffers) {
    const { octets, recordEnds } = decoder.decode(buffer.subarray(1));
    let start = 0;
    for (const end of recordEnds) {
      records.push(new Uint8Array(Buffer.concat([...open, octets.subarray(start, end)])));
      open = [];
      start = end;
    }
    open.push(octets.slice(start));
  }
  const rest = new Uint8Array(Buffer.concat(open));
  return rest.length > 0 || records.length === 0 ? [...records, rest] : records;
}
