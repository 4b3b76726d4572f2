import type { Logger } from 'pino';
import { NatsBucket, type BucketParts } from './nats-bucket.js';
import { isPending } from './nats-record.js';
import { NatsReplicas } from './nats-replicas.js';
import { PendingWrites } from './pending-writes.js';
import type { RecordBody, RecordTable, Row, Scanned, ScannedKeys } from './record-table.js';

/** What the table of a service needs. */
export interface NatsTableParts extends BucketParts {
  readonly logger: Logger;
}

const READ_AT_ONCE = 64;

/** Records in a JetStream key-value bucket ({@link NatsBucket}); what a killed replica left is found by the others ({@link NatsReplicas}). */
export class NatsTable implements RecordTable {
  readonly #bucket: NatsBucket;
  readonly #pending: PendingWrites;
  readonly #replicas: NatsReplicas;

  private constructor(bucket: NatsBucket, pending: PendingWrites, replicas: NatsReplicas) {
    this.#bucket = bucket;
    this.#pending = pending;
    this.#replicas = replicas;
  }

  /** @throws {CertlaneError} `failed-precondition` when the bucket was not provided */
  static async open(parts: NatsTableParts): Promise<NatsTable> {
    const bucket = await NatsBucket.open(parts);
    const pending = new PendingWrites(await bucket.last());
    const replicas = new NatsReplicas({ bucket, pending, logger: parts.logger });
    await replicas.enter();
    return new NatsTable(bucket, pending, replicas);
  }

  read(key: string): Promise<Row | undefined> {
    return this.#bucket.read(key);
  }

  async write(key: string, expected: string | undefined, body: RecordBody): Promise<string | undefined> {
    const ticket = this.#pending.begin(key);
    try {
      const sequence = await this.#bucket.write(key, expected, body);
      if (sequence === undefined) this.#pending.refused(ticket);
      else this.#pending.written(ticket, sequence, isPending(body));
      return sequence?.toString();
    } catch (thrown) {
      this.#pending.unknown(ticket);
      throw thrown;
    }
  }

  async erase(key: string, expected: string): Promise<boolean> {
    const erased = await this.#bucket.erase(expected);
    if (erased) this.#pending.erased(key);
    return erased;
  }

  async scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned> {
    const { keys, next } = await this.keys(pattern, after, limit);
    const rows: Row[] = [];
    for (let from = 0; from < keys.length; from += READ_AT_ONCE) {
      const read = await Promise.all(keys.slice(from, from + READ_AT_ONCE).map((key) => this.#bucket.read(key)));
      rows.push(...read.filter((row) => row !== undefined));
    }
    return next === undefined ? { rows } : { rows, next };
  }

  async keys(pattern: string, after: string | undefined, limit: number): Promise<ScannedKeys> {
    const found = await this.#bucket.keys(pattern);
    const all = found.filter((key) => after === undefined || key > after).sort();
    const keys = all.slice(0, limit);
    const next = keys.at(-1);
    return all.length > limit && next !== undefined ? { keys, next } : { keys };
  }

  watchLeftovers(graceMs: number, settle: (key: string) => Promise<void>): void {
    this.#replicas.start(graceMs, settle);
  }

  async check(): Promise<void> {
    await this.#bucket.last();
  }

  close(): Promise<void> {
    return this.#replicas.close();
  }
}
