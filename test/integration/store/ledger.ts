import { DEFAULT_PREFIX } from '@certlane/contracts';
import {
  connectNats,
  createBus,
  createLogger,
  openStore,
  Secret,
  TimeOrderedIds,
  type Documents,
  type DocumentStore,
  type OutboxMessage,
  type StoreTiming,
} from '@certlane/runtime';
import { z } from 'zod';

/** Documents that are counted up, and tell of each count twice; the last count of a document removes it. */
export const ledger = { name: 'ledger', schema: z.object({ count: z.int() }) };
/** One of them. */
export type Ledger = z.output<typeof ledger.schema>;

/** Few enough that every process meets the documents of the others. */
export const KEYS = ['a', 'b', 'c', 'd', 'e'] as const;

/** Where a writer writes; travels to it in its arguments. */
export interface Place {
  readonly natsUrl: string;
  readonly user: string;
  readonly password: string;
  /** Database of MongoDB; absent: the store is in NATS. */
  readonly mongoUrl?: string;
}

/** A store as a service would open it. */
export async function openLedger(
  place: Place,
  timing: StoreTiming,
): Promise<{ store: DocumentStore; documents: Documents<Ledger>; close(): Promise<void> }> {
  const { natsUrl, user, password, mongoUrl } = place;
  const credentials = { kind: 'password' as const, user, password: new Secret(password) };
  const connection = await connectNats({ servers: [natsUrl], credentials }, user);
  const store = await openStore({
    config: mongoUrl === undefined ? { kind: 'nats' } : { kind: 'mongodb', url: new Secret(mongoUrl) },
    service: user,
    prefix: DEFAULT_PREFIX,
    connection,
    bus: createBus(connection, DEFAULT_PREFIX),
    ids: new TimeOrderedIds(),
    logger: createLogger({ service: user, instance: String(process.pid), level: 'silent' }),
    timing,
  });
  const close = async () => {
    await store.close();
    await connection.close();
  };
  return { store, documents: store.collection(ledger), close };
}

/** What a count tells: the ids say which change they belong to. */
export function messagesOf(key: string, count: number): OutboxMessage[] {
  return ['first', 'second'].map((part) => ({
    id: `${key}-${count}-${part}`,
    kind: 'event',
    subject: `${DEFAULT_PREFIX}.events.v1.issuer.added.${key}`,
    payload: { key, count, part },
  }));
}
