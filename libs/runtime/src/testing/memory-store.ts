import { pino } from 'pino';
import type { DocumentStore } from '../store/documents.js';
import { MemoryRecords, MemoryTable } from '../store/memory-table.js';
import type { OutboxMessage } from '../store/messages.js';
import { OutboxStore, type StoreTiming } from '../store/outbox-store.js';

/** A store in memory with everything a real one does, and what it published. */
export interface MemoryStore extends DocumentStore {
  /** In order of publishing. */
  readonly published: readonly OutboxMessage[];
}

/** What a memory store may be told. */
export interface MemoryStoreOptions {
  /** Shared by several stores: replicas over one database. */
  readonly records?: MemoryRecords;
  /** Instead of keeping what is published: may throw, as a bus that is away does. */
  readonly publish?: (message: OutboxMessage) => Promise<void>;
  readonly timing?: StoreTiming;
}

/** A store for the tests of services. Close it, or its timers stay until the process ends. */
export function memoryStore({ records = new MemoryRecords(), publish, timing }: MemoryStoreOptions = {}): MemoryStore {
  const published: OutboxMessage[] = [];
  const keep = (message: OutboxMessage) => Promise.resolve(void published.push(message));
  const store = new OutboxStore({
    table: new MemoryTable(records),
    publish: publish ?? keep,
    logger: pino({ level: 'silent' }),
    ...(timing === undefined ? {} : { timing }),
  });
  return Object.assign(store, { published });
}
