import type { NatsConnection } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import type { StoreConfig } from '../config/runtime-config.js';
import type { Bus } from '../nats/bus.js';
import type { Ids } from '../service/ids.js';
import type { DocumentStore } from './documents.js';
import { NatsTable } from './nats-table.js';
import { OutboxStore, type StoreTiming } from './outbox-store.js';
import type { RecordTable } from './record-table.js';

/** What the store of a service needs. */
export interface StoreParts {
  readonly config: StoreConfig;
  readonly service: string;
  readonly prefix: string;
  readonly connection: NatsConnection;
  readonly bus: Pick<Bus, 'publish'>;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly timing?: StoreTiming;
}

/** Opens the documents of a service where its configuration says. */
export async function openStore(parts: StoreParts): Promise<DocumentStore> {
  const { bus, logger, timing } = parts;
  const publish = bus.publish.bind(bus);
  return new OutboxStore({
    table: await openTable(parts),
    publish,
    logger,
    ...(timing === undefined ? {} : { timing }),
  });
}

async function openTable({ config, service, prefix, connection, ids, logger }: StoreParts): Promise<RecordTable> {
  switch (config.kind) {
    case 'nats':
      return NatsTable.open({ connection, prefix, service, logger });
    case 'mongodb': {
      // The driver costs a tenth of a second that nobody pays who keeps his documents in NATS.
      const { MongoTable } = await import('./mongo-table.js');
      return MongoTable.open({ url: config.url.reveal(), database: prefix, service, ids, logger });
    }
  }
}
