import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { systemClock } from '../service/clock.js';
import { TimeOrderedIds } from '../service/ids.js';
import type { DocumentStore } from '../store/documents.js';
import { MongoTable } from '../store/mongo-table.js';
import { NatsTable } from '../store/nats-table.js';
import { OutboxStore } from '../store/outbox-store.js';
import type { RecordTable } from '../store/record-table.js';
import { testMongo } from '../testing/test-mongo.js';
import { testNats } from '../testing/test-nats.js';
import { AuditTrail } from './trail.js';

const logger = pino({ level: 'silent' });
/** There are no messages to look for. */
const timing = { graceMs: Infinity };
const stores: DocumentStore[] = [];

/** What databases like to give back as something else. */
const awkward = {
  numbers: [0, -0, 1.5, 1e21, 5e-324, 2 ** 53, -(2 ** 31), 4_294_967_296],
  names: { 'a.b': 1, $where: 2, '': 3, '%2e': 4, '\u0000': 5, 10: 6, 9: 7, __proto: 8 },
  texts: ['\u0000', '\ud800', 'é', 'e\u0301', '🔏', '2026-01-01T00:00:00.000Z'],
  at: new Date(0),
  nothing: null,
  missing: undefined,
};

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

async function oneChain(open: () => Promise<RecordTable>): Promise<void> {
  const replica = async () => {
    const store = new OutboxStore({ table: await open(), publish: () => Promise.resolve(), logger, timing });
    stores.push(store);
    return new AuditTrail({ store, service: 'ca-store', clock: systemClock, logger });
  };
  const replicas = [await replica(), await replica()];
  const record = { act: 'issuer.add', phase: 'done', before: awkward, after: awkward } as const;
  const numbers = await Promise.all(Array.from({ length: 100 }, (_, n) => replicas[n % 2]!.record(record)));
  for (const trail of replicas) numbers.push(await trail.record(record));
  expect(new Set(numbers).size).toBe(102);
  const verdict = await (await replica()).verify({ limit: 1_000 });
  expect(verdict).toMatchObject({ entries: 102, more: false, head: { number: 102 } });
  expect(verdict).not.toHaveProperty('broken');
}

describe('one chain of two replicas, whose hashes outlive the store', () => {
  it('in NATS', async () => {
    const nats = await testNats();
    try {
      await oneChain(async () => {
        const connection = await nats.connect('ca-store');
        return NatsTable.open({ connection, prefix: nats.prefix, service: 'ca-store', logger });
      });
      await Promise.all(stores.splice(0).map((store) => store.close()));
    } finally {
      await nats.stop();
    }
  });
});

const mongo = await testMongo();

if ('missing' in mongo) describe.skip('in MongoDB', () => it(mongo.missing, () => undefined));
else {
  describe('one chain of two replicas, whose hashes outlive the store', () => {
    afterAll(() => mongo.stop());

    it(`in MongoDB (${mongo.kind})`, async () => {
      const database = `certlane-audit-${process.pid}`;
      await oneChain(() =>
        MongoTable.open({ url: mongo.url, database, service: 'ca-store', ids: new TimeOrderedIds(), logger }),
      );
    });
  });
}
