import type { OutboxMessage } from './messages.js';

/** What is stored under a key. */
export interface RecordBody {
  /** Version of the schema the data was written with. */
  readonly version: number;
  /** Plain JSON. */
  readonly data: unknown;
  /** Set where a write changed nothing but the outbox: the revision callers know this data by. */
  readonly revision?: string;
  /** The document is gone; what is left of it waits for its messages to be published. */
  readonly removed?: boolean;
  /** Messages in the order they were caused; some may have been published already. */
  readonly outbox: readonly OutboxMessage[];
}

/** A record as it stands. */
export interface Row extends RecordBody {
  readonly key: string;
  /** Names this very write; opaque, never comes back. */
  readonly position: string;
}

/** What a key lookup by pattern found. */
export interface Scanned {
  /** In order of keys; removed ones included. */
  readonly rows: readonly Row[];
  /** The last key looked at, if there may be more behind it. */
  readonly next?: string;
}

/** What a lookup of keys alone found. */
export interface ScannedKeys {
  /** In order; those of removed records may be among them. */
  readonly keys: readonly string[];
  /** The last key, if there may be more behind it. */
  readonly next?: string;
}

/**
 * What a database must be able to do for us: compare-and-swap on single records, lists by key, and finding records that were left
 * with messages to publish. Everything else ({@link OutboxStore}) stands above it, once for all databases.
 *
 * Methods throw CertlaneError `unavailable` when the database does not answer.
 */
export interface RecordTable {
  read(key: string): Promise<Row | undefined>;
  /**
   * @param expected position the record must have; undefined: there must be none
   * @returns its new position; undefined when it had another
   */
  write(key: string, expected: string | undefined, body: RecordBody): Promise<string | undefined>;
  /** @returns false when it had another position */
  erase(key: string, expected: string): Promise<boolean>;
  /** @param after keys up to this one are left out */
  scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned>;
  /** {@link RecordTable.scan} without reading the records. */
  keys(pattern: string, after: string | undefined, limit: number): Promise<ScannedKeys>;
  /**
   * Begins to look for records that have had something in their outbox (or were removed) for longer than the grace.
   * @param settle publishes and clears; a record it throws for is offered again
   */
  watchLeftovers(graceMs: number, settle: (key: string) => Promise<void>): void;
  check(): Promise<void>;
  close(): Promise<void>;
}
