import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { TimeOrderedIds } from '../service/ids.js';
import { fixedClock } from '../testing/fixed-clock.js';
import { memoryStore } from '../testing/memory-store.js';
import { testMongo } from '../testing/test-mongo.js';
import { testNats } from '../testing/test-nats.js';
import type { DocumentStore } from './documents.js';
import { LargeDocuments } from './large-documents.js';
import { MemoryRecords } from './memory-table.js';
import { MongoTable } from './mongo-table.js';
import { NatsTable } from './nats-table.js';
import { OutboxStore } from './outbox-store.js';

const logger = pino({ level: 'silent' });
const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex');
const HOUR = 3_600_000;
const stores: DocumentStore[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

describe('large documents', () => {
  const kept = () => {
    const records = new MemoryRecords();
    const clock = fixedClock();
    const store = memoryStore({ records });
    stores.push(store);
    const replica = () => new LargeDocuments({ store, clock, ids: new TimeOrderedIds(clock), partOctets: 100 });
    const keys = (collection: string) => [...records.rows.keys()].filter((key) => key.startsWith(`${collection}.`));
    const before = (milliseconds: number) => new Date(clock.now().getTime() - milliseconds);
    return { large: replica(), replica, clock, keys, records, before };
  };

  it.each([0, 1, 99, 100, 101, 200, 201, 999, 1_000])('give back %i octets under their hash', async (length) => {
    const { large, keys } = kept();
    const octets = randomBytes(length);
    expect(await large.put(octets)).toBe(sha256(octets));
    expect(await large.get(sha256(octets))).toEqual(octets);
    expect(keys('large')).toHaveLength(1);
    expect(keys('large-part')).toHaveLength(length <= 100 ? 0 : Math.ceil(length / 100));
  });

  it('have nothing under a hash nobody put', async () => {
    expect(await kept().large.get(sha256(Buffer.of(1)))).toBeUndefined();
  });

  it('take a part of a larger buffer for what it is', async () => {
    const { large } = kept();
    const octets = randomBytes(900);
    const hash = await large.put(octets.subarray(150, 650));
    expect(await large.get(hash)).toEqual(octets.subarray(150, 650));
  });

  it('write the same content once', async () => {
    const { large, records, replica } = kept();
    const octets = randomBytes(1_000);
    await large.put(octets);
    const written = records.last;
    await replica().put(octets);
    expect(records.last).toBe(written);
  });

  it('are whole when several put the same at once', async () => {
    const { large, replica, keys, clock, before } = kept();
    const octets = randomBytes(1_000);
    const hashes = await Promise.all([large, replica(), replica()].map((one) => one.put(octets)));
    expect(new Set(hashes)).toEqual(new Set([sha256(octets)]));
    clock.advance(2 * HOUR);
    await large.sweep(new Set(hashes), before(HOUR));
    expect(keys('large-part')).toHaveLength(10);
    expect(await large.get(sha256(octets))).toEqual(octets);
  });

  it.each([
    [
      'another part',
      (records: MemoryRecords, [key]: string[]) => {
        const { row, since } = records.rows.get(key!)!;
        records.rows.set(key!, { since, row: { ...row, data: { content: Buffer.alloc(100).toString('base64') } } });
      },
    ],
    ['a missing part', (records: MemoryRecords, [key]: string[]) => records.rows.delete(key!)],
    [
      'a part that is none',
      (records: MemoryRecords, [key]: string[]) => {
        const { row, since } = records.rows.get(key!)!;
        records.rows.set(key!, { since, row: { ...row, data: { content: '!' } } });
      },
    ],
  ])('are never given out damaged: %s', async (_what, damage) => {
    const { large, keys, records } = kept();
    const hash = await large.put(randomBytes(1_000));
    damage(records, keys('large-part'));
    await expect(large.get(hash)).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining(hash) });
  });

  describe('swept', () => {
    it('keep what is named and what is new, and lose the rest with all its parts', async () => {
      const { large, clock, keys, before } = kept();
      const old = [
        await large.put(randomBytes(1_000)),
        await large.put(randomBytes(10)),
        await large.put(randomBytes(500)),
      ];
      clock.advance(2 * HOUR);
      const fresh = await large.put(randomBytes(300));
      expect(await large.sweep(new Set([old[2]!]), before(HOUR))).toEqual({ contents: 2, parts: 10 });
      expect(await Promise.all([...old, fresh].map(async (hash) => (await large.get(hash))?.length))).toEqual([
        undefined,
        undefined,
        500,
        300,
      ]);
      expect(keys('large-part')).toHaveLength(8);
      expect(await large.sweep(new Set([old[2]!]), before(HOUR))).toEqual({ contents: 0, parts: 0 });
    });

    it.each([10, 1_000])('keep what was put again since (%i octets)', async (length) => {
      const { large, clock, before } = kept();
      const octets = randomBytes(length);
      await large.put(octets);
      clock.advance(2 * HOUR);
      const hash = await large.put(octets);
      expect(await large.sweep(new Set(), before(HOUR))).toEqual({ contents: 0, parts: 0 });
      expect(await large.get(hash)).toEqual(octets);
    });

    it('lose what a killed process left half-written, once it is old', async () => {
      const { large, records, clock, keys, before } = kept();
      const hash = await large.put(randomBytes(1_000));
      records.rows.delete(`large.${hash}`);
      expect(await large.get(hash)).toBeUndefined();
      expect(await large.sweep(new Set([hash]), before(HOUR))).toEqual({ contents: 0, parts: 0 });
      clock.advance(2 * HOUR);
      expect(await large.sweep(new Set([hash]), before(HOUR))).toEqual({ contents: 0, parts: 10 });
      expect(keys('large-part')).toEqual([]);
    });

    it('are whole or gone for whoever reads and writes meanwhile', async () => {
      const { large, replica, clock, before } = kept();
      const octets = randomBytes(2_000);
      for (let round = 0; round < 20; round += 1) {
        await large.put(octets);
        clock.advance(2 * HOUR);
        const [, seen, hash] = await Promise.all([
          large.sweep(new Set(), before(HOUR)),
          replica().get(sha256(octets)),
          replica().put(octets),
        ]);
        if (seen !== undefined) expect(seen).toEqual(octets);
        expect(await large.get(hash)).toEqual(octets);
      }
    });
  });
});

/** There are no messages to look for, and FerretDB would read everything for it, again and again. */
const timing = { graceMs: Infinity };

const mongo = await testMongo();
afterAll(async () => {
  if ('stop' in mongo) await mongo.stop();
});

/** 40 MB, over both and with their times, are in `test/integration/store/large-documents.long.ts`. */
describe('documents beyond what one holds', () => {
  const roundTrip = async (store: DocumentStore, length: number): Promise<void> => {
    stores.push(store);
    const clock = fixedClock();
    const large = new LargeDocuments({ store, clock, ids: new TimeOrderedIds(clock) });
    const octets = randomBytes(length);
    const hash = await large.put(octets);
    expect((await large.get(hash))?.equals(octets)).toBe(true);
    await large.put(octets);
    const smaller = await large.put(octets.subarray(0, 2_000_000));
    clock.advance(2 * HOUR);
    const swept = await large.sweep(new Set([hash]), new Date(clock.now().getTime() - HOUR));
    expect(swept).toEqual({ contents: 1, parts: 3 });
    expect(await large.get(smaller)).toBeUndefined();
  };

  it('go through NATS', async () => {
    const nats = await testNats();
    try {
      const connection = await nats.connect('ca-store');
      const table = await NatsTable.open({ connection, prefix: nats.prefix, service: 'ca-store', logger });
      await roundTrip(new OutboxStore({ table, publish: () => Promise.resolve(), logger, timing }), 40_000_000);
      await Promise.all(stores.splice(0).map((store) => store.close()));
    } finally {
      await nats.stop();
    }
  });

  if ('missing' in mongo) it.skip(`go through MongoDB (${mongo.missing})`, () => undefined);
  else {
    it(`go through MongoDB (${mongo.kind})`, async () => {
      const database = `certlane-large-${process.pid}`;
      const parts = { url: mongo.url, database, service: 'ca-store', ids: new TimeOrderedIds(), logger };
      const table = await MongoTable.open(parts);
      await roundTrip(new OutboxStore({ table, publish: () => Promise.resolve(), logger, timing }), 5_000_000);
    });
  }
});
