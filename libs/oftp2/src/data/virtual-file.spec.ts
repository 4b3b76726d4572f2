import { describe, expect, it } from '@jest/globals';
import { EncodeError } from '../wire/errors.js';
import { countsAt, restartPosition } from './restart.js';
import { blocksOf, type LayoutFields, transmittedLayout, type VirtualFileLayout } from './virtual-file.js';

const U: VirtualFileLayout = { format: 'U', recordLength: 0 };
const T: VirtualFileLayout = { format: 'T', recordLength: 0 };
const F80: VirtualFileLayout = { format: 'F', recordLength: 80 };
const V80: VirtualFileLayout = { format: 'V', recordLength: 80 };
const plain: LayoutFields = { SFIDFMT: 'V', SFIDLRECL: 80, SFIDSEC: 0, SFIDCOMP: 0, SFIDENV: 0 };

describe('transmittedLayout', () => {
  it.each<[string, Partial<LayoutFields>, VirtualFileLayout]>([
    ['a plain V file', {}, V80],
    ['a plain F file', { SFIDFMT: 'F' }, F80],
    ['a text', { SFIDFMT: 'T', SFIDLRECL: 0 }, T],
    ['a U file with a record length, which means nothing', { SFIDFMT: 'U' }, U],
    ['an encrypted V file', { SFIDSEC: 1, SFIDENV: 1 }, U],
    ['a compressed F file', { SFIDFMT: 'F', SFIDCOMP: 1, SFIDENV: 1 }, U],
    ['an enveloped T file', { SFIDFMT: 'T', SFIDLRECL: 0, SFIDENV: 1 }, U],
  ])('of %s', (_case, change, layout) => {
    expect(transmittedLayout({ ...plain, ...change })).toEqual(layout);
  });
});

describe('restart', () => {
  it.each<[VirtualFileLayout, bigint, bigint, bigint]>([
    [U, 0n, 1524n, 1n],
    [U, 0n, 1023n, 0n],
    [T, 0n, 2048n, 2n],
    [U, 0n, 5n * 2n ** 40n + 1023n, 5n * 2n ** 30n],
    [F80, 3n, 250n, 3n],
    [V80, 7n, 250n, 7n],
  ])('of $format: %i records and %i octets reach position %i', (layout, records, units, position) => {
    expect(restartPosition(layout, { records, units })).toBe(position);
  });

  it('says what a position leaves in place', () => {
    expect(countsAt(U, 2n)).toEqual({ records: 0n, units: 2048n });
    expect(countsAt(U, 5n * 2n ** 40n)).toEqual({ records: 0n, units: 5n * 2n ** 50n });
    expect(countsAt(F80, 2n ** 33n)).toEqual({ records: 2n ** 33n, units: 80n * 2n ** 33n });
    expect(countsAt(V80, 3n, [10, 0, 20, 99])).toEqual({ records: 3n, units: 30n });
    expect(countsAt(V80, 0n)).toEqual({ records: 0n, units: 0n });
    expect(countsAt(V80, 2n, [10, 5])).toEqual({ records: 2n, units: 15n });
  });

  it('refuses a position behind the last record', () => {
    expect(() => countsAt(V80, 3n, [10, 5])).toThrow(EncodeError);
  });
});

describe('blocksOf', () => {
  it.each([
    [0n, 0],
    [1n, 1],
    [1024n, 1],
    [1025n, 2],
    [5n * 2n ** 30n + 1n, 5_242_881],
  ])('%i octets are %i blocks', (octets, blocks) => {
    expect(blocksOf(octets)).toBe(blocks);
  });
});
