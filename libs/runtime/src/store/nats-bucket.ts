import { CertlaneError, isCertlaneError } from '@certlane/contracts';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { headers as newHeaders, type NatsConnection } from '@nats-io/nats-core';
import { directLast, directNext, publishTo, type StreamMessage } from '../nats/jetstream-calls.js';
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
import { decodeBody, encodeBody, isPending, PENDING } from './nats-record.js';
import type { RecordBody, Row } from './record-table.js';

const TIMEOUT_MS = 5_000;

/** What the bucket of a service is named by. */
export interface BucketParts {
  readonly connection: NatsConnection;
  readonly prefix: string;
  readonly service: string;
}

/**
 * A JetStream key-value bucket of history 1; a position is the sequence in its stream.
 *
 * Reads: with one copy of the stream, direct get is answered by the one server that holds it and sees every acknowledged write.
 * With several copies direct get may be answered by a follower that lags behind, so there the leader is asked instead. A leader
 * that is just being replaced may still answer from its own copy; a write on what it said fails its compare-and-swap.
 */
export class NatsBucket {
  readonly #stream: string;
  /** Subject of a key without the key. */
  readonly #base: string;
  readonly #manager: JetStreamManager;
  readonly #link: Link;
  readonly #replicated: boolean;

  private constructor(parts: BucketParts, manager: JetStreamManager, replicated: boolean) {
    this.#stream = bucketStream(parts.prefix, parts.service);
    this.#base = bucketSubject(parts.prefix, parts.service, '');
    this.#manager = manager;
    this.#link = Link.of(parts.connection);
    this.#replicated = replicated;
  }

  /** @throws {CertlaneError} `failed-precondition` when the bucket was not provided */
  static async open(parts: BucketParts): Promise<NatsBucket> {
    const stream = bucketStream(parts.prefix, parts.service);
    const manager = await jetstreamManager(parts.connection, { checkAPI: false, timeout: TIMEOUT_MS });
    try {
      const { config } = await manager.streams.info(stream);
      return new NatsBucket(parts, manager, config.num_replicas > 1);
    } catch (thrown) {
      if (jetstreamErrorCode(thrown) !== STREAM_NOT_FOUND) throw unavailable(thrown);
      const message = `stream '${stream}' does not exist; run the provisioning of NATS first`;
      throw new CertlaneError('failed-precondition', message, { cause: thrown });
    }
  }

  async read(key: string): Promise<Row | undefined> {
    const subject = this.#base + key;
    const message = await this.#asked(() =>
      this.#replicated
        ? this.#fromLeader({ last_by_subj: subject })
        : directLast(this.#link, this.#stream, subject, TIMEOUT_MS),
    );
    if (message === undefined) return undefined;
    return { ...decodeBody(key, message.data), key, position: String(message.sequence) };
  }

  /** @returns the new sequence; undefined when another write came first */
  async write(key: string, expected: string | undefined, body: RecordBody): Promise<number | undefined> {
    const payload = encodeBody(body);
    if (payload.length > MAX_BODY_OCTETS) {
      const message = `document '${key}' has ${payload.length} octets; ${MAX_BODY_OCTETS} at most can be stored`;
      throw new CertlaneError('invalid-argument', message);
    }
    const headers = newHeaders();
    headers.set('Nats-Expected-Last-Subject-Sequence', expected ?? '0');
    if (isPending(body)) headers.set(PENDING, String(body.outbox.length));
    const request = { subject: this.#base + key, payload, headers, timeoutMs: TIMEOUT_MS };
    // Sent once: a write that was cut off may stand, and writing again would lose against ourselves.
    const ack = await this.#asked(() => publishTo(this.#link, request, false));
    if (!('error' in ack)) return ack.sequence;
    if (ack.error === WRONG_LAST_SEQUENCE || ack.error === WRONG_LAST_SEQUENCE_UNKNOWN) return undefined;
    throw new CertlaneError('unavailable', `NATS does not keep document '${key}': ${ack.text}`);
  }

  /** Deleting by sequence is a compare-and-delete: with history 1 an older sequence is not there any more. */
  async erase(expected: string): Promise<boolean> {
    return this.#asked(async () => {
      try {
        return await this.#manager.streams.deleteMessage(this.#stream, Number(expected), false);
      } catch (thrown) {
        const code = jetstreamErrorCode(thrown);
        if (code === NO_MESSAGE_FOUND || code === MESSAGE_DELETE_FAILED) return false;
        throw thrown;
      }
    });
  }

  /** Keys that match a pattern, in no order. */
  async keys(pattern: string): Promise<string[]> {
    const options = { subjects_filter: this.#base + pattern };
    const { state } = await this.#asked(() => this.#manager.streams.info(this.#stream, options));
    return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(this.#base.length));
  }

  /** Sequence of the last write to the bucket. */
  async last(): Promise<number> {
    const { state } = await this.#asked(() => this.#manager.streams.info(this.#stream));
    return state.last_seq;
  }

  /** Keys of the records at a sequence and behind it that are pending; those that are written while it looks may be missing. */
  async *pendingFrom(from: number): AsyncGenerator<string> {
    const last = await this.last();
    for (let sequence = from; sequence <= last; sequence += 1) {
      const query = { seq: sequence, next_by_subj: `${this.#base}>` };
      const message = await this.#asked(() =>
        this.#replicated ? this.#fromLeader(query) : directNext(this.#link, this.#stream, query, TIMEOUT_MS),
      );
      if (message === undefined) return;
      ({ sequence } = message);
      if (message.headers.has(PENDING)) yield message.subject.slice(this.#base.length);
    }
  }

  async #fromLeader(
    query: { last_by_subj: string } | { seq: number; next_by_subj: string },
  ): Promise<StreamMessage | undefined> {
    try {
      const message = await this.#manager.streams.getMessage(this.#stream, query);
      if (message === null) return undefined;
      const { seq: sequence, data, subject, header: headers } = message;
      return { sequence, data, subject, headers };
    } catch (thrown) {
      if (jetstreamErrorCode(thrown) === NO_MESSAGE_FOUND) return undefined;
      throw thrown;
    }
  }

  async #asked<T>(question: () => Promise<T>): Promise<T> {
    try {
      await this.#link.ready(TIMEOUT_MS);
      return await question();
    } catch (thrown) {
      throw unavailable(thrown);
    }
  }
}

function unavailable(thrown: unknown): CertlaneError {
  if (isCertlaneError(thrown)) return thrown;
  const text = Error.isError(thrown) ? thrown.message : String(thrown);
  return new CertlaneError('unavailable', `the store in NATS does not answer: ${text}`, { cause: thrown });
}
