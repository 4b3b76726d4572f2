import { describe, expect, it } from '@jest/globals';
import { COMMANDS } from './command.js';
import type { CommandTable } from './field.js';
import { layoutOf, layoutOfOctet } from './layout.js';

const tables: readonly CommandTable[] = Object.values(COMMANDS);

/** Octets of each command with all variable fields empty, as the RFC's tables add up to. */
const SHORTEST = {
  SSRM: 19,
  SSID: 61,
  SECD: 1,
  AUCH: 3,
  AURP: 21,
  SFID: 165,
  SFPA: 18,
  SFNA: 7,
  DATA: 1,
  CDT: 3,
  EFID: 35,
  EFPA: 2,
  EFNA: 6,
  ESID: 7,
  CD: 1,
  EERP: 110,
  NERP: 135,
  RTR: 1,
};

const OCTETS = 'IXJASH23DCT45FRENP';

describe('command tables', () => {
  it.each(tables)('$name: the widths add up to the positions', ({ name, fields }) => {
    let position: number | null = 0;
    for (const { field, width } of layoutOf(name as keyof typeof COMMANDS).slots) {
      expect([field.name, field.position]).toEqual([field.name, position]);
      position = width === undefined || position === null ? null : position + width;
    }
    expect(fields[0]).toMatchObject({ position: 0, format: 'F X(1)', role: 'command' });
  });

  it.each(Object.keys(SHORTEST) as (keyof typeof SHORTEST)[])(
    '%s: the fixed fields take the length of the RFC',
    (name) => {
      expect(layoutOf(name).slots.reduce((sum, slot) => sum + (slot.width ?? 0), 0)).toBe(SHORTEST[name]);
    },
  );

  it('knows each command by an octet of its own, and no other octet', () => {
    expect(tables.map((table) => table.octet).toSorted()).toEqual(
      [...Buffer.from(OCTETS)].map((octet) => String.fromCharCode(octet)).toSorted(),
    );
    const known = Array.from({ length: 256 }, (_, octet) => layoutOfOctet(octet)).filter(
      (layout) => layout !== undefined,
    );
    expect(known).toHaveLength(18);
  });

  it.each(tables)('$name: every text and binary field of variable length follows its length field', ({ fields }) => {
    for (const [index, field] of fields.entries()) {
      if (!field.format.includes('(n)') || field.name === 'DATABUF') continue;
      expect(fields[index - 1]).toMatchObject({ name: expect.stringMatching(/L$/), role: 'length' });
    }
  });

  it.each(tables)('$name: every field is called after its command', ({ name, fields }) => {
    for (const field of fields) expect(field.name.startsWith(name)).toBe(true);
  });
});
