import type { z } from 'zod';
import type { OutboxMessage } from './messages.js';

/** A document as it stands in the store. */
export interface Stored<Value> {
  /** Key inside its collection: dot-separated tokens made with `encodeToken`. */
  readonly key: string;
  readonly value: Value;
  /** Opaque; changes with every write, never comes back. Fit for callers to hold and to compare. */
  readonly revision: string;
}

/** Which part of a list is wanted. */
export interface Page {
  /** Documents at most; 100 unless told, 1000 at most. */
  readonly limit?: number;
  /** `next` of the page before: the page begins behind this key. */
  readonly after?: string;
}

/** A page of a list, in order of keys. */
export interface Listed<Value> {
  readonly documents: readonly Stored<Value>[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** A page of keys, in order. */
export interface ListedKeys {
  /** Of documents that are there, or were until a moment ago. */
  readonly keys: readonly string[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** How the documents of one collection look. */
export interface CollectionDefinition<Schema extends z.ZodType> {
  /** First token of every stored key; lower-case letters and hyphens. */
  readonly name: string;
  /** Plain JSON data; what is written and what is read both pass it. */
  readonly schema: Schema;
  /** Version of the schema, stored with every document; 1 unless told. */
  readonly version?: number;
  /** Brings data of an older version into the present form, before the schema sees it. */
  readonly upgrade?: (data: unknown, from: number) => unknown;
}

/**
 * The documents of one collection. One document is the unit of atomicity: a write and the messages it causes stand together or
 * not at all, and nothing spans two documents.
 *
 * Messages are published right after the write, before the call returns. When that fails (or the process dies) the write still
 * stands and the messages follow later, from whichever replica lives. Messages of one document keep their order.
 *
 * Every method throws CertlaneError `unavailable` when the store does not answer; after that a write may or may not stand.
 */
export interface Documents<Value> {
  /** The document, as the last acknowledged write left it; undefined when there is none. */
  get(key: string): Promise<Stored<Value> | undefined>;
  /**
   * Writes a document that must not exist yet.
   * @returns its revision
   * @throws {CertlaneError} `already-exists`
   */
  create(key: string, value: Value, messages?: readonly OutboxMessage[]): Promise<string>;
  /**
   * Replaces a document, if it still has this revision.
   * @returns its new revision
   * @throws {CertlaneError} `conflict` when it was changed or removed meanwhile
   */
  update(key: string, revision: string, value: Value, messages?: readonly OutboxMessage[]): Promise<string>;
  /**
   * Removes a document, if it still has this revision. The messages outlive it.
   * @throws {CertlaneError} `conflict` when it was changed or removed meanwhile
   */
  remove(key: string, revision: string, messages?: readonly OutboxMessage[]): Promise<void>;
  /**
   * Publishes what former writes of this document have to tell, as far as we do not know it to be published. To be called by
   * whoever answers from, or acts on, a state that another process may have died right after writing: what follows from the state
   * must not be told before it.
   * @throws {CertlaneError} `unavailable` when it could not be published
   */
  publishPending(key: string): Promise<void>;
  /**
   * Documents whose keys match, in order of keys (as text).
   * @param pattern tokens as in NATS subjects: `*` stands for one token, `>` at the end for one or more; `>` alone lists all.
   *   A pattern whose first tokens are given is cheaper than one that begins with a wildcard.
   */
  list(pattern: string, page?: Page): Promise<Listed<Value>>;
  /** {@link Documents.list} without the documents: for looking through many that are large. */
  keys(pattern: string, page?: Page): Promise<ListedKeys>;
}

/** The documents of one service, of whatever adapter. */
export interface DocumentStore {
  /** The collection; opening the same twice is fine. */
  collection<Schema extends z.ZodType>(definition: CollectionDefinition<Schema>): Documents<z.output<Schema>>;
  /** Rejects with CertlaneError `unavailable` unless the store answers now: the readiness check. */
  check(): Promise<void>;
  /** Publishes what waits, stops the relay, lets go of connections that are its own. */
  close(): Promise<void>;
}
