import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameReader } from './frame-reader.js';
import { HEADER_LENGTH, writeHeader } from './header.js';

const LONGEST = 400;
const DATA_OCTET = 0x44;

/** DATA end to end; the octets after the command tell the frames apart. */
function streamOf(lengths: readonly number[]): Uint8Array {
  const frames = lengths.map((length, index) => {
    const frame = new Uint8Array(HEADER_LENGTH + length).fill(index + 1);
    writeHeader(frame, 0, length);
    frame[HEADER_LENGTH] = DATA_OCTET;
    return frame;
  });
  return Buffer.concat(frames);
}

interface Held {
  readonly frame: Uint8Array;
  readonly copy: string;
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('frames', () => {
  it('never change before they are given back, however they are cut and whenever that is', () => {
    const setting = fc.record({
      lengths: fc.array(fc.integer({ min: 2, max: LONGEST }), { minLength: 1, maxLength: 20 }),
      cuts: fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 12 }),
      givenBack: fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }),
    });
    fc.assert(
      fc.property(setting, ({ lengths, cuts, givenBack }) => {
        const reader = new FrameReader({ command: LONGEST, data: LONGEST });
        const stream = streamOf(lengths);
        const held: Held[] = [];
        const seen: string[] = [];
        const unchanged = (): void => held.forEach(({ frame, copy }) => expect(hex(frame)).toBe(copy));
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const end = Math.min(stream.length, at + (cuts[turn % cuts.length] ?? 1));
          reader.push(stream.slice(at, end));
          at = end;
          for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
            held.push({ frame, copy: hex(frame) });
            seen.push(hex(frame));
            unchanged();
            // Some are given back at once, some later and out of turn, some never.
            const which = givenBack[seen.length % givenBack.length] ?? 0;
            const [back] = which < held.length ? held.splice(which, 1) : [];
            if (back !== undefined) reader.recycle(back.frame);
          }
        }
        unchanged();
        let start = 0;
        const sent = lengths.map((length) => {
          start += HEADER_LENGTH + length;
          return hex(stream.subarray(start - length, start));
        });
        expect(seen).toEqual(sent);
      }),
      { numRuns: 300 },
    );
  });
});
