import { describe, expect, it } from '@jest/globals';
import { COMMANDS } from './command.js';
import { decodeExchangeBuffer } from './decode.js';
import { encodeCommand, encodeFrame } from './encode.js';
import { NO_LENIENCIES } from './leniencies.js';
import { goldenVectors } from './testing/golden-vectors.js';

const vectors = goldenVectors();

describe('golden vectors', () => {
  it.each(vectors)('$name: the object becomes exactly these octets', ({ command, frame }) => {
    expect(Buffer.from(encodeFrame(command)).toString('hex')).toBe(Buffer.from(frame).toString('hex'));
    expect(encodeCommand(command)).toEqual(frame.subarray(4));
  });

  it.each(vectors)('$name: the octets become exactly this object, without any leniency', ({ command, frame }) => {
    const decoded = decodeExchangeBuffer(frame.subarray(4), { leniencies: NO_LENIENCIES });
    expect(decoded.command).toEqual(command);
    expect(decoded.notices).toEqual([]);
    expect(decoded.octets).toEqual(frame.subarray(4));
  });

  it.each(Object.values(COMMANDS))('$name: every field has a vector in which it is not blank or zero', (table) => {
    const commands = vectors.map(({ command }) => command).filter(({ command }) => command === table.name);
    expect(commands.length).toBeGreaterThan(0);
    const fields = new Set(commands.flatMap((command) => Object.keys(command)));
    for (const field of fields) {
      const values = commands.map((command) => (command as unknown as Record<string, unknown>)[field]);
      expect(values.some((value) => value !== '' && value !== 0 && value !== 0n)).toBe(true);
    }
  });
});
