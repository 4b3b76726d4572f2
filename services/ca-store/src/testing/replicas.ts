import {
  type Clock,
  createBus,
  createLogger,
  type DocumentStore,
  LargeDocuments,
  openStore,
  TimeOrderedIds,
} from '@certlane/runtime';
import { fixedClock, memoryStore, MemoryRecords, testNats } from '@certlane/runtime/testing';
import { StoredTrustState } from '../adapters/trust-state/stored-trust-state.js';

/** The clock of all replicas. */
export const clock = fixedClock();

/** The contents of a replica over a store. */
export const contentsOf = (store: DocumentStore, now: Clock = clock): LargeDocuments =>
  new LargeDocuments({ store, clock: now, ids: new TimeOrderedIds(now) });

/** The trust state of a replica over a store. */
export const trustStateOf = (store: DocumentStore, now: Clock = clock): StoredTrustState =>
  new StoredTrustState(store, contentsOf(store, now));

/** A database that is empty at first. */
export interface Database {
  /** The store of another replica over it. */
  replica(): Promise<DocumentStore>;
  stop(): Promise<void>;
}

const logger = createLogger({ service: 'ca-store', instance: 'test', level: 'silent' });

/** Kinds of databases. */
export const databases: Readonly<Record<'memory' | 'NATS', () => Promise<Database>>> = {
  memory: () => {
    const records = new MemoryRecords();
    const stores: DocumentStore[] = [];
    return Promise.resolve({
      replica: () => {
        const store = memoryStore({ records });
        stores.push(store);
        return Promise.resolve(store);
      },
      stop: async () => {
        await Promise.all(stores.map((store) => store.close()));
      },
    });
  },
  NATS: async () => {
    const nats = await testNats();
    const stores: DocumentStore[] = [];
    return {
      replica: async () => {
        const connection = await nats.connect('ca-store');
        const store = await openStore({
          config: { kind: 'nats' },
          service: 'ca-store',
          prefix: nats.prefix,
          connection,
          bus: createBus(connection, nats.prefix),
          ids: new TimeOrderedIds(clock),
          logger,
        });
        stores.push(store);
        return store;
      },
      stop: async () => {
        await Promise.all(stores.map((store) => store.close()));
        await nats.stop();
      },
    };
  },
};
