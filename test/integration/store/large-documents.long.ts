import {
  createLogger,
  LargeDocuments,
  openStore,
  Secret,
  systemClock,
  TimeOrderedIds,
  type StoreConfig,
} from '@certlane/runtime';
import { testMongo, testNats } from '@certlane/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';

/** The largest revocation lists there are. */
const OCTETS = 40_000_000;
const mongo = await testMongo();

describe('40 MB are written and read again', () => {
  let nats: Awaited<ReturnType<typeof testNats>>;

  beforeAll(async () => {
    nats = await testNats();
  });

  afterAll(async () => {
    await nats.stop();
    if ('stop' in mongo) await mongo.stop();
  });

  const roundTrip = async (what: string, config: StoreConfig): Promise<void> => {
    const connection = await nats.connect('ca-store');
    const store = await openStore({
      config,
      service: 'ca-store',
      prefix: nats.prefix,
      connection,
      bus: { publish: () => Promise.resolve() },
      ids: new TimeOrderedIds(),
      logger: createLogger({ service: 'ca-store', instance: 'test', level: 'silent' }),
      timing: { graceMs: Infinity },
    });
    try {
      const large = new LargeDocuments({ store, clock: systemClock, ids: new TimeOrderedIds() });
      const octets = randomBytes(OCTETS);
      const began = performance.now();
      const hash = await large.put(octets);
      const written = performance.now();
      expect((await large.get(hash))?.equals(octets)).toBe(true);
      const read = performance.now();
      process.stdout.write(`${what}: written in ${ms(began, written)} ms, read in ${ms(written, read)} ms\n`);
      expect(await large.sweep(new Set(), new Date(Date.now() + 1))).toEqual({ contents: 1, parts: 56 });
    } finally {
      await store.close();
    }
  };

  it('over NATS', () => roundTrip('NATS', { kind: 'nats' }), 600_000);

  if ('missing' in mongo) it.skip(`over MongoDB (${mongo.missing})`, () => undefined);
  else {
    it(
      `over MongoDB (${mongo.kind})`,
      () => roundTrip(mongo.kind, { kind: 'mongodb', url: new Secret(mongo.url) }),
      600_000,
    );
  }
});

const ms = (from: number, to: number): string => (to - from).toFixed(0);
