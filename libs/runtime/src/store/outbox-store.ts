import { CertlaneError } from '@certlane/contracts';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { CollectionView } from './collection.js';
import type { CollectionDefinition, Documents, DocumentStore } from './documents.js';
import { LazyClearing } from './lazy-clearing.js';
import type { OutboxMessage } from './messages.js';
import { PublishedIds } from './published-ids.js';
import type { RecordBody, RecordTable, Row, Scanned, ScannedKeys } from './record-table.js';

/** How fast what is left over is tidied; the usual values unless told. */
export interface StoreTiming {
  /** Milliseconds a document is left alone before its published messages are taken out of it; 2,000. */
  readonly clearAfterMs?: number;
  /** Milliseconds after which messages still in a document are published by whichever replica sees them; 5,000. Infinity: never. */
  readonly graceMs?: number;
}

/** What a store works with. */
export interface OutboxStoreParts {
  readonly table: RecordTable;
  readonly publish: (message: OutboxMessage) => Promise<void>;
  readonly logger: Logger;
  readonly timing?: StoreTiming;
}

/** What we know of a record since we last read or wrote it. */
interface Known {
  readonly position: string;
  readonly revision: string;
  readonly removed: boolean;
  readonly outbox: readonly OutboxMessage[];
}

const CLEAR_AFTER_MS = 2_000;
const GRACE_MS = 5_000;
/** Only our own tidying can get between twice, so more rounds than this are other writers. */
const ROUNDS = 4;
const KNOWN_RECORDS = 10_000;

/**
 * Documents with an outbox over any {@link RecordTable}.
 *
 * A write carries its messages inside the record, and those of former writes that we do not know to be published. Then they are
 * published in order, and taken out at the next write, or by a write of their own once the document rests. A write of that kind
 * keeps the revision callers know. Whoever finds messages that rest too long publishes them again: their ids make that harmless.
 */
export class OutboxStore implements DocumentStore {
  readonly #table: RecordTable;
  readonly #publish: (message: OutboxMessage) => Promise<void>;
  readonly #logger: Logger;
  readonly #clearing: LazyClearing;
  readonly #published = new PublishedIds();
  /** Insertion order serves as age; a lost entry costs one read. */
  readonly #known = new Map<string, Known>();
  readonly #settling = new Map<string, Promise<void>>();

  constructor({ table, publish, logger, timing = {} }: OutboxStoreParts) {
    this.#table = table;
    this.#publish = publish;
    this.#logger = logger;
    this.#clearing = new LazyClearing(timing.clearAfterMs ?? CLEAR_AFTER_MS, (key) => this.#clear(key), logger);
    const grace = timing.graceMs ?? GRACE_MS;
    if (Number.isFinite(grace)) table.watchLeftovers(grace, (key) => this.#settleLeftover(key));
  }

  collection<Schema extends z.ZodType>(definition: CollectionDefinition<Schema>): Documents<z.output<Schema>> {
    return new CollectionView(this, definition);
  }

  check(): Promise<void> {
    return this.#table.check();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#settling.values());
    await this.#clearing.finish();
    await this.#table.close();
  }

  /** The record of a document; undefined where there is none or it was removed. */
  async read(key: string): Promise<Row | undefined> {
    const row = await this.#look(key);
    return row === undefined || row.removed === true ? undefined : row;
  }

  scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned> {
    return this.#table.scan(pattern, after, limit);
  }

  keys(pattern: string, after: string | undefined, limit: number): Promise<ScannedKeys> {
    return this.#table.keys(pattern, after, limit);
  }

  async create(
    key: string,
    body: Pick<RecordBody, 'version' | 'data'>,
    messages: readonly OutboxMessage[],
  ): Promise<string> {
    let former: Known | undefined;
    for (let round = 0; round < ROUNDS; round += 1) {
      const outbox = [...this.#open(former), ...messages];
      const position = await this.#table.write(key, former?.position, { ...body, outbox });
      if (position !== undefined) return this.#written(key, position, outbox, false);
      const row = await this.#look(key);
      if (row !== undefined && row.removed !== true)
        throw new CertlaneError('already-exists', `document '${key}' exists already`);
      former = this.#known.get(key);
    }
    throw conflict(key);
  }

  async update(
    key: string,
    revision: string,
    body: Pick<RecordBody, 'version' | 'data'>,
    messages: readonly OutboxMessage[],
  ): Promise<string> {
    return this.#onRevision(key, revision, async (known) => {
      const outbox = [...this.#open(known), ...messages];
      const position = await this.#table.write(key, known.position, { ...body, outbox });
      return position === undefined ? undefined : this.#written(key, position, outbox, false);
    });
  }

  async remove(key: string, revision: string, messages: readonly OutboxMessage[]): Promise<void> {
    await this.#onRevision(key, revision, async (known) => {
      const outbox = [...this.#open(known), ...messages];
      if (outbox.length === 0) {
        if (!(await this.#table.erase(key, known.position))) return undefined;
        this.#known.delete(key);
        return key;
      }
      const position = await this.#table.write(key, known.position, { version: 0, data: null, removed: true, outbox });
      return position === undefined ? undefined : this.#written(key, position, outbox, true);
    });
  }

  async publishPending(key: string): Promise<void> {
    await this.#settling.get(key);
    if (!this.#known.has(key)) await this.#look(key);
    const pending = this.#open(this.#known.get(key));
    if (pending.length === 0) return;
    await this.#publishAll(pending);
    this.#clearing.plan(key);
    this.#logger.debug({ document: key, messages: pending.length }, 'messages of another process are published');
  }

  /** Runs an attempt on the record as long as it has the revision, whatever position tidying gave it meanwhile. */
  async #onRevision(
    key: string,
    revision: string,
    attempt: (known: Known) => Promise<string | undefined>,
  ): Promise<string> {
    let known = this.#known.get(key);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (known?.revision !== revision || round > 0) {
        await this.#look(key);
        known = this.#known.get(key);
      }
      if (known?.revision !== revision || known.removed) break;
      const result = await attempt(known);
      if (result !== undefined) return result;
    }
    throw conflict(key);
  }

  async #look(key: string): Promise<Row | undefined> {
    const row = await this.#table.read(key);
    if (row === undefined) this.#known.delete(key);
    else {
      const { position, outbox } = row;
      this.#learn(key, { position, revision: row.revision ?? position, removed: row.removed === true, outbox });
    }
    return row;
  }

  #learn(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size <= KNOWN_RECORDS) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  /** Messages of a record that we do not know to be published. */
  #open(known: Pick<Known, 'outbox'> | undefined): OutboxMessage[] {
    return known?.outbox.filter((message) => !this.#published.has(message.id)) ?? [];
  }

  async #written(key: string, position: string, outbox: readonly OutboxMessage[], removed: boolean): Promise<string> {
    this.#learn(key, { position, revision: position, removed, outbox });
    if (outbox.length === 0) this.#clearing.forget(key);
    else await this.#settle(key, outbox);
    return position;
  }

  /** Publishes in order, after what a former write of the same document is still publishing. Never throws: the write stands. */
  async #settle(key: string, outbox: readonly OutboxMessage[]): Promise<void> {
    const before = this.#settling.get(key);
    const turn = (async () => {
      await before;
      try {
        await this.#publishAll(outbox);
        this.#clearing.plan(key);
      } catch (thrown) {
        this.#logger.warn({ document: key, err: thrown }, 'messages of a document are published later');
      }
    })();
    this.#settling.set(key, turn);
    await turn;
    if (this.#settling.get(key) === turn) this.#settling.delete(key);
  }

  async #publishAll(outbox: readonly OutboxMessage[]): Promise<void> {
    for (const message of outbox) {
      if (this.#published.has(message.id)) continue;
      await this.#publish(message);
      this.#published.add(message.id);
    }
  }

  async #settleLeftover(key: string): Promise<void> {
    await this.#settling.get(key);
    const row = await this.#look(key);
    if (row === undefined || (row.outbox.length === 0 && row.removed !== true)) return;
    const open = this.#open(row).length;
    await this.#publishAll(row.outbox);
    if (open > 0) this.#logger.info({ document: key, messages: open }, 'messages left behind are published');
    await this.#clear(key);
  }

  /** Takes published messages out of a record that rests. Whoever is faster has done it for us. */
  async #clear(key: string): Promise<void> {
    const row = await this.#look(key);
    if (row === undefined || this.#open(row).length > 0) return;
    if (row.removed === true) {
      if (await this.#table.erase(key, row.position)) this.#known.delete(key);
      return;
    }
    if (row.outbox.length === 0) return;
    const revision = row.revision ?? row.position;
    const position = await this.#table.write(key, row.position, {
      version: row.version,
      data: row.data,
      revision,
      outbox: [],
    });
    if (position !== undefined) this.#learn(key, { position, revision, removed: false, outbox: [] });
  }
}

function conflict(key: string): CertlaneError {
  return new CertlaneError('conflict', `document '${key}' was changed meanwhile; read it and decide again`);
}
