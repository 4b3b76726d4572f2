import { describe, expect, it } from '@jest/globals';
import { ca } from '@certlane/contracts';
import { CONTENT_OCTETS, PART_OCTETS, partsOf } from './put-content.js';

describe('a large list', () => {
  it.each([
    [1, 1, 1],
    [PART_OCTETS, 1, PART_OCTETS],
    [PART_OCTETS + 1, 2, 1],
    [3 * PART_OCTETS, 3, PART_OCTETS],
  ])('of %d octets goes in %d parts, the last one with %d', (length, count, last) => {
    const octets = new Uint8Array(length).map((_, index) => index % 251);
    const parts = partsOf(octets);
    expect(parts).toHaveLength(count);
    expect(Buffer.from(parts.at(-1) ?? '', 'base64')).toHaveLength(last);
    expect(Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))).equals(octets)).toBe(true);
  });

  it('that is a view into a larger buffer is cut where it lies', () => {
    const octets = new Uint8Array([9, 9, 1, 2, 3, 9]).subarray(2, 5);
    expect(partsOf(octets)).toEqual([Buffer.from([1, 2, 3]).toString('base64')]);
  });

  it('fits its contract in as many parts as there may be', () => {
    const [octets = ''] = partsOf(new Uint8Array(PART_OCTETS));
    const parts = CONTENT_OCTETS / PART_OCTETS;
    const request = { content: 'a'.repeat(64), parts, part: parts - 1, octets };
    expect(ca.contentPut.request.safeParse(request).success).toBe(true);
  });
});
