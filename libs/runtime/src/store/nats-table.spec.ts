import { afterAll, afterEach, describe, it } from '@jest/globals';
import { pino } from 'pino';
import { storeCases } from '../testing/store-cases.js';
import { testNats, type TestNats } from '../testing/test-nats.js';
import type { DocumentStore } from './documents.js';
import { NatsTable } from './nats-table.js';
import { OutboxStore } from './outbox-store.js';

const logger = pino({ level: 'silent' });

describe('document store in NATS', () => {
  const open: DocumentStore[] = [];
  const servers: TestNats[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
  });

  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  for (const { name, run } of storeCases) {
    it(name, async () => {
      const nats = await testNats();
      servers.push(nats);
      await run({
        open: async (publish, timing) => {
          const table = await NatsTable.open({
            connection: await nats.connect('ca-store'),
            prefix: nats.prefix,
            service: 'ca-store',
            logger,
          });
          const store = new OutboxStore({ table, publish, logger, timing });
          open.push(store);
          return store;
        },
      });
    });
  }
});
