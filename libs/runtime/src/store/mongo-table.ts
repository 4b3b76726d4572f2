import { CertlaneError } from '@certlane/contracts';
import { MongoClient, type Collection, type Filter } from 'mongodb';
import type { Logger } from 'pino';
import type { Ids } from '../service/ids.js';
import { patternExpression, patternPrefix } from './keys.js';
import { decodeRecord, encodeRecord, type MongoRecord } from './mongo-record.js';
import { mongoTimeouts } from './mongo-timeouts.js';
import type { RecordBody, RecordTable, Row, Scanned, ScannedKeys } from './record-table.js';

/** What the table of a service needs. */
export interface MongoTableParts {
  /** `mongodb://…`; its path names the database, else `database` does. */
  readonly url: string;
  readonly database: string;
  readonly service: string;
  /** Makes positions. */
  readonly ids: Ids;
  readonly logger: Logger;
}

const DUPLICATE_KEY = 11_000;
const LEFTOVERS_AT_ONCE = 100;
const TIMEOUT_MS = 5_000;
const PROBE_ROUNDS = 3;
const PROBE_WRITERS = 8;

/**
 * Records in a MongoDB collection named after the service, one document each: acknowledged by a majority, journalled, read from
 * the primary. Single documents are all it needs to be atomic: no transactions, no change streams, so FerretDB serves as well.
 */
export class MongoTable implements RecordTable {
  readonly #parts: MongoTableParts;
  readonly #client: MongoClient;
  readonly #collection: Collection<MongoRecord>;
  #timer: NodeJS.Timeout | undefined;

  private constructor(parts: MongoTableParts, client: MongoClient) {
    this.#parts = parts;
    this.#client = client;
    const named = /^[^/]+\/\/[^/]+\/([^?]+)/.test(parts.url);
    this.#collection = client.db(named ? undefined : parts.database).collection<MongoRecord>(parts.service);
  }

  /**
   * @throws {CertlaneError} `unavailable` when no server answers; `failed-precondition` when it lets two writers win
   */
  static async open(parts: MongoTableParts): Promise<MongoTable> {
    const client = new MongoClient(parts.url, {
      appName: `certlane ${parts.service}`,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      ignoreUndefined: true,
      ...mongoTimeouts(parts.url, TIMEOUT_MS),
    });
    const table = new MongoTable(parts, client);
    try {
      await attempt(() => client.connect());
      await table.#index();
      await table.#assertAtomic();
      return table;
    } catch (thrown) {
      await client.close();
      throw thrown;
    }
  }

  async read(key: string): Promise<Row | undefined> {
    const record = await attempt(() => this.#collection.findOne({ _id: key }));
    return record === null ? undefined : decodeRecord(record);
  }

  async write(key: string, expected: string | undefined, body: RecordBody): Promise<string | undefined> {
    const position = this.#parts.ids.next();
    const record = encodeRecord(key, position, body);
    if (expected === undefined) return this.#insert(key, position, record);
    const { matchedCount } = await attempt(() => this.#collection.replaceOne({ _id: key, w: expected }, record));
    return matchedCount === 1 ? position : undefined;
  }

  async erase(key: string, expected: string): Promise<boolean> {
    const { deletedCount } = await attempt(() => this.#collection.deleteOne({ _id: key, w: expected }));
    return deletedCount === 1;
  }

  async scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned> {
    const records = await attempt(() =>
      this.#collection
        .find(keysLike(pattern, after))
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray(),
    );
    const rows = records.slice(0, limit).map(decodeRecord);
    const next = rows.at(-1)?.key;
    return records.length > limit && next !== undefined ? { rows, next } : { rows };
  }

  async keys(pattern: string, after: string | undefined, limit: number): Promise<ScannedKeys> {
    const found = await attempt(() =>
      this.#collection
        .find(keysLike(pattern, after), { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray(),
    );
    const keys = found.slice(0, limit).map(({ _id }) => _id);
    const next = keys.at(-1);
    return found.length > limit && next !== undefined ? { keys, next } : { keys };
  }

  /** Records with something to publish have a field of their own, so that an index over it holds only those. */
  watchLeftovers(graceMs: number, settle: (key: string) => Promise<void>): void {
    const look = async (): Promise<void> => {
      try {
        const ripe = { p: { $lt: new Date(Date.now() - graceMs) } };
        const found = await this.#collection
          .find(ripe, { projection: { _id: 1 } })
          .limit(LEFTOVERS_AT_ONCE)
          .toArray();
        for (const { _id } of found) await settle(_id);
      } catch (thrown) {
        this.#parts.logger.warn({ err: thrown }, 'messages left behind cannot be published now');
      }
      this.#timer = setTimeout(() => void look(), graceMs / 2).unref();
    };
    void look();
  }

  async check(): Promise<void> {
    await attempt(() => this.#client.db().command({ ping: 1 }));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#client.close();
  }

  /** The driver repeats an insert that was cut off; when the first one did it, the record there is ours. */
  async #insert(key: string, position: string, record: MongoRecord): Promise<string | undefined> {
    try {
      await this.#collection.insertOne(record);
      return position;
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code !== DUPLICATE_KEY) throw unavailable(thrown);
      return (await this.read(key))?.position === position ? position : undefined;
    }
  }

  /**
   * Everything stands on compare-and-swap of single documents, and not every server that speaks the protocol has it: FerretDB 1.x
   * looks a document up and replaces it in two steps. So writers race for a document of no meaning, and one may win.
   */
  async #assertAtomic(): Promise<void> {
    const key = `probe.${this.#parts.ids.next()}`;
    const body = { version: 0, data: null, outbox: [] };
    // Each racer needs a connection of its own, else they come one after the other.
    await Promise.all(Array.from({ length: PROBE_WRITERS }, () => this.read(key)));
    for (let round = 0, position = await this.write(key, undefined, body); round < PROBE_ROUNDS; round += 1) {
      const racers = Array.from({ length: PROBE_WRITERS }, () => this.write(key, position, body));
      const winners = (await Promise.all(racers)).filter((won) => won !== undefined);
      position = winners[0];
      if (winners.length === 1) continue;
      await attempt(() => this.#collection.deleteOne({ _id: key }));
      const message = `the database of CERTLANE_STORE_URL lets ${winners.length} writers replace the same document at once`;
      throw new CertlaneError(
        'failed-precondition',
        `${message}; use MongoDB (FerretDB 1.x cannot keep data safe here)`,
      );
    }
    await attempt(() => this.#collection.deleteOne({ _id: key }));
  }

  /** Without the index looking for leftovers costs more; a server that cannot make it serves all the same. */
  async #index(): Promise<void> {
    try {
      await this.#collection.createIndex({ p: 1 }, { sparse: true, name: 'pending' }, {});
    } catch (thrown) {
      await this.check();
      this.#parts.logger.warn({ err: thrown }, 'the database makes no sparse index');
    }
  }
}

function keysLike(pattern: string, after: string | undefined): Filter<MongoRecord> {
  const prefix = patternPrefix(pattern);
  const range = prefix === '' ? {} : { $gte: prefix, $lt: `${prefix}\u{10ffff}` };
  return { _id: { ...range, ...(after === undefined ? {} : { $gt: after }), $regex: patternExpression(pattern) } };
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw unavailable(thrown);
  }
}

function unavailable(thrown: unknown): CertlaneError {
  const text = Error.isError(thrown) ? thrown.message : String(thrown);
  return new CertlaneError('unavailable', `the store in MongoDB does not answer: ${text}`, { cause: thrown });
}
