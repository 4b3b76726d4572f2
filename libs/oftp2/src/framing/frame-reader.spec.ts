import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EsidReason } from '../reasons/esid.js';
import { ProtocolError } from '../wire/errors.js';
import { goldenVectors } from '../wire/testing/golden-vectors.js';
import { ForeignProtocolError } from './foreign.js';
import { type FrameLimits, FrameReader, LIMITS_BEFORE_SSID } from './frame-reader.js';
import { writeHeader } from './header.js';

const WIDE: FrameLimits = { command: 99_999, data: 99_999 };
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function frameOf(length: number, command: string): Uint8Array {
  const frame = new Uint8Array(4 + length).fill(0x2e);
  writeHeader(frame, 0, length);
  frame[4] = command.charCodeAt(0);
  return frame;
}

function drain(reader: FrameReader): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) frames.push(frame);
  return frames;
}

/** Reads octets that arrive in chunks of these sizes; the last size repeats. */
function read(stream: Uint8Array, sizes: readonly number[]): string[] {
  const reader = new FrameReader(WIDE);
  const frames: string[] = [];
  let position = 0;
  for (let index = 0; position < stream.length; index += 1) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? stream.length;
    reader.push(stream.slice(position, position + size));
    position += size;
    frames.push(...drain(reader).map((frame) => Buffer.from(frame).toString('hex')));
  }
  expect(reader.isMidFrame).toBe(false);
  return frames;
}

function errorOf(octets: Uint8Array, limits?: FrameLimits): unknown {
  const reader = new FrameReader(limits);
  reader.push(octets);
  try {
    drain(reader);
  } catch (error) {
    return error;
  }
  return undefined;
}

const all = goldenVectors().map(({ frame }) => frame);
const stream = new Uint8Array(Buffer.concat(all));
const expected = all.map((frame) => Buffer.from(frame.subarray(4)).toString('hex'));

describe('FrameReader', () => {
  it.each([1, 2, 3, 5, 7, 64, 1000, stream.length])('gives the same frames in chunks of %i octets', (size) => {
    expect(read(stream, [size])).toEqual(expected);
  });

  it('gives the same frame whichever octet it is split at', () => {
    for (const frame of all) {
      const whole = Buffer.from(frame.subarray(4)).toString('hex');
      for (let split = 1; split < frame.length; split += 1) expect(read(frame, [split, frame.length])).toEqual([whole]);
    }
  });

  it('gives the same frames for any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (sizes) => {
        expect(read(stream, sizes)).toEqual(expected);
      }),
    );
  });

  it('copies nothing when a frame lies in one chunk', () => {
    const reader = new FrameReader(WIDE);
    reader.push(stream);
    const frames = drain(reader);
    expect(frames).toHaveLength(all.length);
    expect(frames.every((frame) => frame.buffer === stream.buffer)).toBe(true);
  });

  it('takes the longest frame and the shortest', () => {
    const reader = new FrameReader(WIDE);
    reader.push(frameOf(99_999, 'D'));
    reader.push(frameOf(1, 'R'));
    expect(drain(reader).map((frame) => frame.length)).toEqual([99_999, 1]);
  });

  it('reads a long frame that comes octet by octet in linear time', () => {
    const reader = new FrameReader(WIDE);
    for (const octet of frameOf(99_999, 'D')) reader.push(Uint8Array.of(octet));
    expect(drain(reader)).toHaveLength(1);
  });

  it('knows when it is in the middle of a frame', () => {
    const reader = new FrameReader();
    expect(reader.isMidFrame).toBe(false);
    reader.push(hex('10 00'));
    expect(reader.next()).toBeUndefined();
    expect(reader.isMidFrame).toBe(true);
    reader.push(hex('00 05'));
    expect(reader.next()).toBeUndefined();
    expect(reader.isMidFrame).toBe(true);
    reader.push(hex('52'));
    expect(reader.next()).toEqual(hex('52'));
    expect(reader.isMidFrame).toBe(false);
  });

  it('uses memory again for the next DATA once the frame was given back, not before, and lets it go between files', () => {
    const reader = new FrameReader(WIDE);
    const readSplit = (command: string): Uint8Array => {
      const frame = frameOf(500, command);
      reader.push(frame.slice(0, 100));
      expect(reader.next()).toBeUndefined();
      reader.push(frame.slice(100));
      return reader.next() as Uint8Array;
    };
    const first = readSplit('D');
    const second = readSplit('D');
    expect(second.buffer).not.toBe(first.buffer);
    reader.recycle(first);
    expect(readSplit('D').buffer).not.toBe(second.buffer);
    const fourth = readSplit('D');
    reader.recycle(fourth.subarray(1));
    const fifth = readSplit('D');
    expect(fifth.buffer).toBe(fourth.buffer);
    expect(fifth).toEqual(frameOf(500, 'D').slice(4));
    reader.recycle(fifth);
    expect(readSplit('E').buffer).not.toBe(fifth.buffer);
  });

  it('ignores flags and says that it saw them', () => {
    const reader = new FrameReader();
    reader.push(hex('10 00 00 05 52'));
    expect(drain(reader)).toHaveLength(1);
    expect(reader.hasSeenFlags).toBe(false);
    reader.push(hex('1F 00 00 05 52'));
    expect(drain(reader)).toEqual([hex('52')]);
    expect(reader.hasSeenFlags).toBe(true);
  });

  it.each([
    ['version 0', '00 00 00 05 52', EsidReason.commandNotRecognised],
    ['version 2', '20 00 00 05 52', EsidReason.commandNotRecognised],
    ['length 0', '10 00 00 00', EsidReason.bufferSizeError],
    ['length 4', '10 00 00 04', EsidReason.bufferSizeError],
    ['length 100004', '10 01 86 A4', EsidReason.bufferSizeError],
    ['length 16777215', '10 FF FF FF', EsidReason.bufferSizeError],
  ])('refuses %s as soon as the header is there', (_case, octets, reason) => {
    const error = errorOf(hex(octets), WIDE);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ reason });
  });

  it('takes 1006 octets before SSID and refuses 1007 by the header alone', () => {
    expect(errorOf(frameOf(1006, 'F'))).toBeUndefined();
    expect(errorOf(frameOf(1006, 'D'))).toBeUndefined();
    expect(errorOf(frameOf(1007, 'F').subarray(0, 4))).toMatchObject({ reason: EsidReason.bufferSizeError });
  });

  it.each([
    ['DATA above the negotiated size', 2049, 'D'],
    ['DATA far above it', 5000, 'D'],
    ['another command above its own limit', 32_769, 'E'],
  ])('refuses %s at its first octet', (_case, length, command) => {
    const start = frameOf(length, command).subarray(0, 5);
    expect(errorOf(start, { command: 32_768, data: 2048 })).toMatchObject({ reason: EsidReason.bufferSizeError });
  });

  it.each([
    ['DATA of the negotiated size', 2048, 'D'],
    ['a signed EERP above it', 9000, 'E'],
  ])('takes %s', (_case, length, command) => {
    expect(errorOf(frameOf(length, command), { command: 32_768, data: 2048 })).toBeUndefined();
  });

  it('takes an SFID of 165 octets where DATA is bound to 128', () => {
    expect(errorOf(frameOf(165, 'H'), { command: 32_768, data: 128 })).toBeUndefined();
  });

  it('follows limits that are widened between frames', () => {
    const reader = new FrameReader(LIMITS_BEFORE_SSID);
    reader.push(frameOf(61, 'X'));
    reader.push(frameOf(4096, 'D'));
    expect(reader.next()).toHaveLength(61);
    reader.limits = { command: 32_768, data: 4096 };
    expect(reader.next()).toHaveLength(4096);
  });

  it.each([
    ['TLS', hex('16 03 01 02 00 01')],
    ['HTTP', ascii('GET / HTTP/1.1\r\n')],
    ['HTTP', ascii('POST /x')],
    ['SSH', ascii('SSH-2.0-client')],
  ])('recognises %s on the line', (protocol, octets) => {
    const error = errorOf(octets);
    expect(error).toBeInstanceOf(ForeignProtocolError);
    expect(error).toMatchObject({ protocol });
  });

  it('looks for other protocols only at the start', () => {
    const reader = new FrameReader();
    reader.push(hex('10 00 00 05 52 16 03 00 05 52'));
    expect(reader.next()).toEqual(hex('52'));
    expect(() => reader.next()).toThrow(ProtocolError);
  });

  it('stays failed: after a bad header nobody knows where the next frame begins', () => {
    const reader = new FrameReader();
    reader.push(hex('10 00 00 00'));
    expect(() => reader.next()).toThrow(ProtocolError);
    reader.push(hex('10 00 00 05 52'));
    expect(() => reader.next()).toThrow(ProtocolError);
  });

  it('answers any octets with frames or a typed error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (chunks) => {
        const reader = new FrameReader();
        try {
          for (const chunk of chunks) {
            reader.push(chunk);
            drain(reader);
          }
        } catch (error) {
          expect(error instanceof ProtocolError || error instanceof ForeignProtocolError).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('writeHeader', () => {
  it.each([
    [1, '10000005'],
    [19, '10000017'],
    [61, '10000041'],
    [99_999, '100186a3'],
  ])('says %i octets as %s', (length, expectedHex) => {
    const target = new Uint8Array(6);
    writeHeader(target, 1, length);
    expect(Buffer.from(target).toString('hex')).toBe(`00${expectedHex}00`);
  });

  it.each([0, 100_000])('refuses %i octets', (length) => {
    expect(() => writeHeader(new Uint8Array(4), 0, length)).toThrow(RangeError);
  });
});
