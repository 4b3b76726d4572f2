import { CertlaneError } from '@certlane/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { TimeOrderedIds } from '../service/ids.js';
import type { DocumentStore } from '../store/documents.js';
import { MemoryRecords } from '../store/memory-table.js';
import { fixedClock } from '../testing/fixed-clock.js';
import { memoryStore } from '../testing/memory-store.js';
import { Lease, type LeaseParts } from './lease.js';

const ids = new TimeOrderedIds();
const START = new Date('2026-01-01T00:00:00Z');

describe('a lease', () => {
  let records: MemoryRecords;
  const stores: DocumentStore[] = [];

  beforeEach(() => {
    records = new MemoryRecords();
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  /** A replica whose clock goes ahead of the others by so much. */
  const replica = (aheadMs = 0, parts: Partial<LeaseParts> = {}) => {
    const store = memoryStore({ records });
    stores.push(store);
    const clock = fixedClock(new Date(START.getTime() + aheadMs));
    const lease = new Lease({ store, name: 'refresh lists', clock, ids, durationMs: 10_000, skewMs: 5_000, ...parts });
    return { lease, clock, store };
  };

  it('is held by one, again and again, until it is given back', async () => {
    const [one, other] = [replica().lease, replica().lease];
    expect([await one.take(), await other.take(), await one.take(), await other.take()]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(one.leftMs).toBeGreaterThan(9_000);
    expect(other.leftMs).toBe(-Infinity);
    await other.release();
    expect(await other.take()).toBe(false);
    await one.release();
    expect(one.leftMs).toBe(-Infinity);
    expect([await other.take(), await one.take()]).toEqual([true, false]);
  });

  it('is won by one of many who ask at once', async () => {
    const leases = Array.from({ length: 8 }, () => replica().lease);
    const results = await Promise.all(leases.map((lease) => lease.take()));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('has nothing to do with a lease of another name', async () => {
    expect([await replica().lease.take(), await replica(0, { name: 'other' }).lease.take()]).toEqual([true, true]);
  });

  it.each([
    ['the clocks are the same', 0],
    ['the other clock is ahead by as much as is tolerated', 5_000],
    ['the other clock is behind', -5_000],
  ])('of a killed holder is never free before it ends, and is at last: %s', async (_when, aheadMs) => {
    const [killed, other] = [replica(), replica(aheadMs)];
    await killed.lease.take();
    let waited = 0;
    for (; !(await other.lease.take()); waited += 500) {
      killed.clock.advance(500);
      other.clock.advance(500);
      expect(waited).toBeLessThan(60_000);
    }
    expect(killed.lease.leftMs).toBeLessThanOrEqual(0);
    expect(waited).toBe(15_000 - aheadMs);
  });

  it('of a killed holder is free when it was seen unchanged for its duration, whatever the clocks say', async () => {
    const [killed, other] = [replica(86_400_000, { durationMs: 100 }), replica()];
    await killed.lease.take();
    expect(await other.lease.take()).toBe(false);
    await sleep(60);
    await killed.lease.take();
    expect(await other.lease.take()).toBe(false);
    await sleep(60);
    // It was renewed meanwhile.
    expect(await other.lease.take()).toBe(false);
    await sleep(110);
    expect(await other.lease.take()).toBe(true);
    expect(killed.lease.leftMs).toBeLessThanOrEqual(0);
  });

  it('ends by itself for a holder that slept through it, and is asked for anew', async () => {
    const { lease, clock } = replica();
    await lease.take();
    clock.advance(10_000);
    expect(lease.leftMs).toBeLessThanOrEqual(0);
    expect(await lease.take()).toBe(true);
    clock.advance(10_001);
    const other = replica(60_000).lease;
    expect([await other.take(), await lease.take()]).toEqual([true, false]);
  });

  it('stays with a holder whose write had no answer', async () => {
    const { store, lease: other } = replica();
    let failing = true;
    const cutOff: DocumentStore = {
      ...store,
      collection: (definition) => {
        const documents = store.collection(definition);
        const lost = async <Result>(written: Promise<Result>): Promise<Result> => {
          const result = await written;
          if (failing) throw new CertlaneError('unavailable', 'cut off');
          return result;
        };
        return Object.assign(Object.create(documents) as typeof documents, {
          get: (key: string) => documents.get(key),
          create: (key: string, value: z.output<typeof definition.schema>) => lost(documents.create(key, value)),
          update: (key: string, revision: string, value: z.output<typeof definition.schema>) =>
            lost(documents.update(key, revision, value)),
        });
      },
    };
    const { lease } = replica(0, { store: cutOff });
    await expect(lease.take()).rejects.toMatchObject({ code: 'unavailable' });
    expect(lease.leftMs).toBe(-Infinity);
    failing = false;
    expect([await other.take(), await lease.take()]).toEqual([false, true]);
    failing = true;
    await expect(lease.take()).rejects.toMatchObject({ code: 'unavailable' });
    expect(lease.leftMs).toBeGreaterThan(0);
    failing = false;
    expect(await lease.take()).toBe(true);
  });
});
