import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { TimeOrderedIds } from '../service/ids.js';
import { storeCases } from '../testing/store-cases.js';
import { testMongo } from '../testing/test-mongo.js';
import type { DocumentStore } from './documents.js';
import { decodeRecord, encodeRecord } from './mongo-record.js';
import { MongoTable } from './mongo-table.js';
import { OutboxStore } from './outbox-store.js';

const logger = pino({ level: 'silent' });
const mongo = await testMongo();

if ('missing' in mongo) describe.skip('document store in MongoDB', () => it(mongo.missing, () => undefined));
else {
  describe(`document store in MongoDB (${mongo.kind})`, () => {
    const open: DocumentStore[] = [];
    let databases = 0;

    afterEach(async () => {
      await Promise.all(open.splice(0).map((store) => store.close()));
    });

    afterAll(() => mongo.stop());

    (mongo.careless === undefined ? it.skip : it)('refuses a server that lets two writers win', async () => {
      const parts = {
        url: mongo.careless ?? '',
        database: 'careless',
        service: 'ca-store',
        ids: new TimeOrderedIds(),
        logger,
      };
      // The race is real, so a single look may miss it.
      const look = async (): Promise<unknown> => {
        try {
          await (await MongoTable.open(parts)).close();
          return undefined;
        } catch (thrown) {
          return thrown;
        }
      };
      let found: unknown;
      for (let looks = 0; found === undefined && looks < 50; looks += 1) found = await look();
      expect(found).toMatchObject({ code: 'failed-precondition' });
    });

    for (const { name, run } of storeCases) {
      it(name, async () => {
        databases += 1;
        const database = `certlane-test-${process.pid}-${databases}`;
        const parts = { url: mongo.url, database, service: 'ca-store', ids: new TimeOrderedIds(), logger };
        await run({
          open: async (publish, timing) => {
            const store = new OutboxStore({ table: await MongoTable.open(parts), publish, logger, timing });
            open.push(store);
            return store;
          },
        });
      });
    }
  });
}

describe('a record of MongoDB', () => {
  it.each([
    [{ 'a.b': { $c: [{ '%24': 1 }, null, 'x'] }, '': false, $: 1, a$: 2, '%': 3, '.': 4 }],
    [null],
    [[]],
    ['text'],
    [{ nested: { deep: { '.': { '.': '.' } } } }],
  ])('gives back %j', (data) => {
    const record = encodeRecord('k', 'p', { version: 1, data, outbox: [] });
    expect(decodeRecord(record)).toEqual({ key: 'k', position: 'p', version: 1, data, outbox: [] });
    expect(JSON.stringify(record.d)).not.toMatch(/"[^"]*\.[^"]*":|"\$[^"]*":/);
  });

  it('is marked as pending while it has messages, or is only there because of them', () => {
    const message = { id: 'm', kind: 'event' as const, subject: 's', payload: 1 };
    expect(encodeRecord('k', 'p', { version: 1, data: 1, outbox: [message] }).p).toBeDefined();
    expect(encodeRecord('k', 'p', { version: 1, data: 1, outbox: [], removed: true }).p).toBeDefined();
    expect(encodeRecord('k', 'p', { version: 1, data: 1, outbox: [] })).not.toHaveProperty('p');
  });
});

it('says that no server answers', async () => {
  const parts = {
    url: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200',
    database: 'x',
    service: 's',
    ids: new TimeOrderedIds(),
    logger,
  };
  await expect(MongoTable.open(parts)).rejects.toMatchObject({ code: 'unavailable' });
});
