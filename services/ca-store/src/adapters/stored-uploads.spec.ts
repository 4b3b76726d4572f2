import { memoryStore, MemoryRecords, type MemoryStore } from '@certlane/runtime/testing';
import { fixedClock, type FixedClock } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { PART_OCTETS, receivePart } from '../domain/upload-part.js';
import type { Contents } from '../ports/contents.js';
import { contentsOf } from '../testing/replicas.js';
import { StoredUploads } from './stored-uploads.js';

const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');
const whole = randomBytes(2 * PART_OCTETS + 17);
const content = sha256(whole);
const partsOf = (octets: Uint8Array, name = sha256(octets)) => {
  const parts = Math.ceil(octets.length / PART_OCTETS);
  return Array.from({ length: parts }, (_, part) => ({
    content: name,
    parts,
    part,
    octets: octets.subarray(part * PART_OCTETS, (part + 1) * PART_OCTETS),
  }));
};

describe('a list that is handed over in parts', () => {
  let records: MemoryRecords;
  let clock: FixedClock;
  let contents: Contents;
  const stores: MemoryStore[] = [];
  const replica = (): StoredUploads => {
    const store = memoryStore({ records });
    stores.push(store);
    contents = contentsOf(store, clock);
    return new StoredUploads(store, contents, clock);
  };
  const parts = (): string[] =>
    [...records.rows]
      .filter(([key, { row }]) => key.startsWith('upload-part') && row.removed !== true)
      .map(([key]) => key);
  const [first, second, third] = partsOf(whole) as [Part, Part, Part];

  beforeEach(() => {
    records = new MemoryRecords();
    clock = fixedClock();
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  it.each([
    ['in order', [first, second, third]],
    ['in another order', [third, first, second]],
    ['some of them twice', [first, first, third, third, second]],
  ])('is kept when all parts are there, %s, whichever replica took them', async (_name, order) => {
    const replicas = [replica(), replica()];
    const taken: boolean[] = [];
    for (const [index, part] of order.entries()) taken.push((await replicas[index % 2]?.take(part)) ?? false);
    expect(taken).toEqual(order.map((_, index) => index === order.length - 1));
    expect(Buffer.compare((await contents.get(content)) ?? Buffer.alloc(0), whole)).toBe(0);
    expect(parts()).toEqual([]);
    expect(await replica().take(second)).toBe(true);
    expect(parts()).toEqual([]);
  });

  it('is kept once when the last parts come at once', async () => {
    const taken = await Promise.all([first, second, third].map((part) => replica().take(part)));
    expect(taken).toContain(true);
    expect(await contents.get(content)).toHaveLength(whole.length);
    expect(parts()).toEqual([]);
  });

  it('is forgotten when it is not what it is called, and may begin anew', async () => {
    const uploads = replica();
    const [wrong, ...others] = partsOf(Buffer.concat([randomBytes(PART_OCTETS), whole.subarray(PART_OCTETS)]), content);
    for (const part of others) expect(await uploads.take(part)).toBe(false);
    await expect(uploads.take(wrong as Part)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/the parts make [0-9a-f]{64}, not [0-9a-f]{64}; hand it over anew/),
    });
    expect(parts()).toEqual([]);
    for (const part of [first, second]) expect(await uploads.take(part)).toBe(false);
    expect(await uploads.take(third)).toBe(true);
  });

  it('cannot have another number of parts than it was begun with', async () => {
    const uploads = replica();
    await uploads.take(first);
    await expect(uploads.take({ ...second, parts: 4 })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'parts: 4, but it was begun with 3 parts',
    });
  });

  it('waits while too many others are handed over, and is swept when it is not finished', async () => {
    const uploads = replica();
    for (let n = 0; n < 8; n += 1) await uploads.take({ ...first, content: sha256(Buffer.of(n)) });
    await expect(uploads.take(first)).rejects.toMatchObject({ code: 'failed-precondition' });
    clock.advance(3_600_000);
    expect(await uploads.take({ ...first, content: sha256(Buffer.of(0)) })).toBe(false);
    await uploads.sweep(new Date(clock.now().getTime() - 1_000));
    expect(parts()).toEqual([]);
    expect(await uploads.take(first)).toBe(false);
    await uploads.sweep(new Date(clock.now().getTime() - 1_000));
    expect(parts()).toHaveLength(1);
  });
});

type Part = ReturnType<typeof partsOf>[number];

describe('a part', () => {
  const asked = { content, parts: 3, part: 0, octets: whole.subarray(0, PART_OCTETS).toString('base64') };
  it.each([
    ['is one of them', { part: 3 }, /part: 3 is not one of 3 parts/],
    ['is as large as it has to be', { octets: 'AAAA' }, /octets: there are 3 octets where there have to be 524288/],
    ['is not empty', { part: 2, octets: '' }, /octets: there are 0 octets where there have to be 1 to 524288/],
    ['is not too large', { part: 2, octets: Buffer.alloc(PART_OCTETS + 1).toString('base64') }, /1 to 524288/],
  ])('%s', (_name, changes, words) => {
    expect(receivePart(asked).octets).toHaveLength(PART_OCTETS);
    expect(() => receivePart({ ...asked, ...changes })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(words) }),
    );
  });
});
