import { afterEach, describe, it } from '@jest/globals';
import { pino } from 'pino';
import { storeCases } from '../testing/store-cases.js';
import { testNats, type TestNats } from '../testing/test-nats.js';
import type { DocumentStore } from './documents.js';
import { NatsTable } from './nats-table.js';
import { OutboxStore } from './outbox-store.js';

const logger = pino({ level: 'silent' });

describe('document store in NATS', () => {
  const open: DocumentStore[] = [];
  let nats: TestNats | undefined;
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
    await nats?.stop();
  });

  for (const { name, run } of storeCases) {
    it(name, async () => {
      const server = await testNats();
      nats = server;
      await run({
        open: async (publish, timing) => {
          const table = await NatsTable.open({
            connection: await server.connect('ca-store'),
            prefix: server.prefix,
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
