import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  decodeExchangeBuffer,
  describeCommand,
  encodeCommand,
  EncodeError,
  ExchangeBufferDecoder,
  ForeignProtocolError,
  FrameReader,
  ProtocolError,
} from '@certlane/oftp2';
import { fuzzSeed, numbers, type Numbers } from './numbers.js';

const CASES = 1_000_000;
const VECTORS = new URL('../vectors/oftp2/', import.meta.url);

const frames = readdirSync(VECTORS)
  .filter((file) => file.endsWith('.hex'))
  .map((file) => readFileSync(new URL(file, VECTORS), 'utf8').replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''))
  .map((hex) => Buffer.from(hex, 'hex'));

/** A few good frames with octets changed, cut out or put in; one case in eight is noise altogether. */
function hostileStream(next: Numbers): Buffer {
  if (next(8) === 0) return Buffer.from(Array.from({ length: next(64) }, () => next(256)));
  const parts = Array.from({ length: 1 + next(4) }, () => {
    const frame = Buffer.from(frames[next(frames.length)] ?? []);
    for (let changes = next(4); changes > 0; changes -= 1) frame[next(frame.length)] = next(256);
    return next(6) === 0 ? frame.subarray(0, next(frame.length)) : frame;
  });
  return Buffer.concat(parts);
}

function isTyped(error: unknown): boolean {
  return error instanceof ProtocolError || error instanceof ForeignProtocolError || error instanceof EncodeError;
}

/** Reads a stream as a station would; returns how many commands came out. */
function read(stream: Buffer, next: Numbers): number {
  const reader = new FrameReader({ command: 32_768, data: 4096 });
  const file = new ExchangeBufferDecoder({ layout: { format: 'V', recordLength: 80 }, sizeLimit: 10_000n });
  let commands = 0;
  for (let start = 0; start < stream.length;) {
    const size = 1 + next(200);
    reader.push(stream.subarray(start, start + size));
    start += size;
    for (let oeb = reader.next(); oeb !== undefined; oeb = reader.next()) {
      const { command } = decodeExchangeBuffer(oeb);
      commands += 1;
      describeCommand(command);
      if (command.command === 'DATA') file.decode(command.payload);
      else encodeCommand(command, { charset: 'printable' });
    }
  }
  return commands;
}

describe('the wire', () => {
  it(`answers ${CASES} hostile streams with commands or typed errors`, () => {
    const seed = fuzzSeed();
    const next = numbers(seed);
    let commands = 0;
    for (let count = 0; count < CASES; count += 1) {
      const stream = hostileStream(next);
      try {
        commands += read(stream, next);
      } catch (error) {
        if (!isTyped(error))
          throw new Error(`seed ${seed}, case ${count}: ${stream.toString('hex')}`, { cause: error });
      }
    }
    expect(commands).toBeGreaterThan(CASES / 10);
  }, 600_000);
});
