import { CertlaneError } from '@certlane/contracts';
import {
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import { headers as newHeaders, type NatsConnection } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import {
  jetstreamErrorCode,
  MESSAGE_DELETE_FAILED,
  NO_MESSAGE_FOUND,
  STREAM_NOT_FOUND,
  WRONG_LAST_SEQUENCE,
  WRONG_LAST_SEQUENCE_UNKNOWN,
} from '../nats/jetstream-errors.js';
import { Link } from '../nats/link.js';
import { bucketStream, bucketSubject } from '../nats/names.js';
import { MAX_BODY_OCTETS } from '../nats/wire.js';
import { NatsLeftovers } from './nats-leftovers.js';
import { decodeBody, encodeBody, PENDING } from './nats-record.js';
import type { RecordBody, RecordTable, Row, Scanned } from './record-table.js';

/** What the table of a service needs. */
export interface NatsTableParts {
  readonly connection: NatsConnection;
  readonly prefix: string;
  readonly service: string;
  readonly logger: Logger;
}

const TIMEOUT_MS = 5_000;
const READING = { timeoutMs: TIMEOUT_MS, repeatable: true };
/** A write that was cut off may stand: writing again would lose against ourselves. */
const WRITING = { timeoutMs: TIMEOUT_MS, repeatable: false };
const READ_AT_ONCE = 64;

/**
 * Records in a JetStream key-value bucket of history 1; a position is the sequence in its stream.
 *
 * Reads: with one copy of the stream, direct get is answered by the one server that holds it and sees every acknowledged write.
 * With several copies direct get may be answered by a follower that lags behind, so there the leader is asked instead. A leader
 * that is just being replaced may still answer from its own copy; a write on what it said fails its compare-and-swap.
 */
export class NatsTable implements RecordTable {
  readonly #parts: NatsTableParts;
  readonly #stream: string;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #link: Link;
  readonly #replicated: boolean;
  #leftovers: NatsLeftovers | undefined;

  private constructor(parts: NatsTableParts, manager: JetStreamManager, replicated: boolean) {
    this.#parts = parts;
    this.#stream = bucketStream(parts.prefix, parts.service);
    this.#manager = manager;
    this.#client = jetstream(parts.connection, { timeout: TIMEOUT_MS });
    this.#link = Link.of(parts.connection);
    this.#replicated = replicated;
  }

  /** @throws {CertlaneError} `failed-precondition` when the bucket was not provided */
  static async open(parts: NatsTableParts): Promise<NatsTable> {
    const stream = bucketStream(parts.prefix, parts.service);
    const manager = await jetstreamManager(parts.connection, { checkAPI: false, timeout: TIMEOUT_MS });
    try {
      const { config } = await manager.streams.info(stream);
      return new NatsTable(parts, manager, config.num_replicas > 1);
    } catch (thrown) {
      if (jetstreamErrorCode(thrown) !== STREAM_NOT_FOUND) throw unavailable(thrown);
      const message = `stream '${stream}' does not exist; run the provisioning of NATS first`;
      throw new CertlaneError('failed-precondition', message, { cause: thrown });
    }
  }

  async read(key: string): Promise<Row | undefined> {
    const last_by_subj = this.#subject(key);
    try {
      const message = await this.#link.run(READING, () =>
        this.#replicated
          ? this.#manager.streams.getMessage(this.#stream, { last_by_subj })
          : this.#manager.direct.getMessage(this.#stream, { last_by_subj }),
      );
      return message === null ? undefined : rowOf(key, message);
    } catch (thrown) {
      if (jetstreamErrorCode(thrown) === NO_MESSAGE_FOUND) return undefined;
      throw unavailable(thrown);
    }
  }

  async write(key: string, expected: string | undefined, body: RecordBody): Promise<string | undefined> {
    const payload = encodeBody(body);
    if (payload.length > MAX_BODY_OCTETS) {
      throw new CertlaneError(
        'invalid-argument',
        `document '${key}' has ${payload.length} octets; ${MAX_BODY_OCTETS} at most can be stored`,
      );
    }
    const headers = newHeaders();
    if (body.outbox.length > 0 || body.removed === true) headers.set(PENDING, String(body.outbox.length));
    try {
      const expect = { lastSubjectSequence: expected === undefined ? 0 : Number(expected) };
      const ack = await this.#link.run(WRITING, (timeout) =>
        this.#client.publish(this.#subject(key), payload, { headers, expect, timeout }),
      );
      return String(ack.seq);
    } catch (thrown) {
      const code = jetstreamErrorCode(thrown);
      if (code === WRONG_LAST_SEQUENCE || code === WRONG_LAST_SEQUENCE_UNKNOWN) return undefined;
      throw unavailable(thrown);
    }
  }

  /** Deleting by sequence is a compare-and-delete: with history 1 an older sequence is not there any more. */
  async erase(_key: string, expected: string): Promise<boolean> {
    try {
      return await this.#link.run(WRITING, () =>
        this.#manager.streams.deleteMessage(this.#stream, Number(expected), false),
      );
    } catch (thrown) {
      const code = jetstreamErrorCode(thrown);
      if (code === NO_MESSAGE_FOUND || code === MESSAGE_DELETE_FAILED) return false;
      throw unavailable(thrown);
    }
  }

  async scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned> {
    const all = await this.#keys(pattern);
    const keys = all.filter((key) => after === undefined || key > after).sort();
    const page = keys.slice(0, limit);
    const rows: Row[] = [];
    for (let from = 0; from < page.length; from += READ_AT_ONCE) {
      const read = await Promise.all(page.slice(from, from + READ_AT_ONCE).map((key) => this.read(key)));
      rows.push(...read.filter((row) => row !== undefined));
    }
    const next = page.at(-1);
    return keys.length > limit && next !== undefined ? { rows, next } : { rows };
  }

  watchLeftovers(graceMs: number, settle: (key: string) => Promise<void>): void {
    const { connection, logger } = this.#parts;
    const keyOf = (subject: string) => subject.slice(this.#subject('').length);
    this.#leftovers = new NatsLeftovers({
      connection,
      logger,
      stream: this.#stream,
      graceMs,
      settle: (subject) => settle(keyOf(subject)),
    });
  }

  async check(): Promise<void> {
    try {
      await this.#manager.streams.info(this.#stream);
    } catch (thrown) {
      throw unavailable(thrown);
    }
  }

  async close(): Promise<void> {
    await this.#leftovers?.close();
  }

  #subject(key: string): string {
    return bucketSubject(this.#parts.prefix, this.#parts.service, key);
  }

  async #keys(pattern: string): Promise<string[]> {
    const base = this.#subject('').length;
    try {
      const options = { subjects_filter: this.#subject(pattern) };
      const { state } = await this.#link.run(READING, () => this.#manager.streams.info(this.#stream, options));
      return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(base));
    } catch (thrown) {
      throw unavailable(thrown);
    }
  }
}

function rowOf(key: string, message: StoredMsg): Row {
  return { ...decodeBody(key, message.data), key, position: String(message.seq) };
}

function unavailable(thrown: unknown): CertlaneError {
  const text = Error.isError(thrown) ? thrown.message : String(thrown);
  return new CertlaneError('unavailable', `the store in NATS does not answer: ${text}`, { cause: thrown });
}
