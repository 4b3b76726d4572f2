import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { BulkBuffer, freeMemory } from './bulk-buffer.js';

const chunkOf = (length: number, fill: number): Buffer => Buffer.allocUnsafeSlow(length).fill(fill);

describe('BulkBuffer', () => {
  it('hands chunks on together, in order, when the event loop has read what there is', async () => {
    const flushed: Buffer[] = [];
    const bulk = new BulkBuffer((octets) => flushed.push(Buffer.from(octets)) > 0);
    for (let number = 1; number <= 3; number += 1) bulk.add(chunkOf(65_536, number));
    expect(flushed).toEqual([]);
    await nextTurn();
    await nextTurn();
    expect(flushed).toHaveLength(1);
    expect([...new Set(flushed[0])]).toEqual([1, 2, 3]);
    expect(flushed[0]).toHaveLength(3 * 65_536);
  });

  it('hands on what it has before a chunk that it has no room for, and loses none', () => {
    const lengths: number[] = [];
    const bulk = new BulkBuffer((octets) => lengths.push(octets.length) > 0);
    for (let number = 0; number < 40; number += 1) bulk.add(chunkOf(65_536, number));
    bulk.flush();
    expect(lengths.every((length) => length <= 1024 * 1024)).toBe(true);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(40 * 65_536);
  });

  it('uses its memory again only where it may', () => {
    const seen: ArrayBufferLike[] = [];
    let again = true;
    const bulk = new BulkBuffer((octets) => {
      seen.push(octets.buffer);
      return again;
    });
    bulk.add(chunkOf(65_536, 1));
    bulk.flush();
    again = false;
    bulk.add(chunkOf(65_536, 2));
    bulk.flush();
    bulk.add(chunkOf(65_536, 3));
    bulk.flush();
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
  });

  it('gives its memory up when no file is under way, but nothing that waits in it', () => {
    const seen: Buffer[] = [];
    const bulk = new BulkBuffer((octets) => seen.push(octets) > 0);
    bulk.add(chunkOf(65_536, 1));
    bulk.letGo();
    bulk.flush();
    expect(seen[0]?.equals(Buffer.alloc(65_536, 1))).toBe(true);
    bulk.letGo();
    bulk.add(chunkOf(65_536, 2));
    bulk.flush();
    expect(seen[1]?.buffer).not.toBe(seen[0]?.buffer);
  });

  it('says nothing when nothing came', () => {
    const bulk = new BulkBuffer(() => {
      throw new Error('flushed nothing');
    });
    bulk.flush();
  });

  it('frees the memory of a chunk that has it for itself, and leaves shared memory alone', () => {
    const bulk = new BulkBuffer(() => true);
    const own = chunkOf(65_536, 1);
    const shared = chunkOf(131_072, 2);
    bulk.add(own);
    bulk.add(shared.subarray(0, 65_536));
    expect([own.length, shared.length]).toEqual([0, 131_072]);
    const pooled = Buffer.from('pooled');
    freeMemory(pooled.buffer);
    expect(pooled.toString()).toBe('pooled');
  });
});
