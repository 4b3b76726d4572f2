import { jetstream, type Consumer, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { OUTBOX_CONSUMER } from '../nats/names.js';
import { PENDING } from './nats-record.js';

/** What the search works with. */
export interface NatsLeftoversParts {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly graceMs: number;
  /** @param subject of the record */
  readonly settle: (subject: string) => Promise<void>;
  readonly logger: Logger;
}

const BATCH = 500;
/** The shortest the client allows. */
const FETCH_MS = 1_000;
const AFTER_FAILURE_MS = 2_000;

/**
 * Finds records left with messages: a durable consumer, shared by all replicas, is shown the headers of every write once.
 *
 * It looks only now and then, so that records written again meanwhile are shown once. What is pending and young is put back until
 * the grace is over; by then its writer has cleared it, and a record that has been written again is not shown any more.
 */
export class NatsLeftovers {
  readonly #parts: NatsLeftoversParts;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(parts: NatsLeftoversParts) {
    this.#parts = parts;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    // A fetch under way ends with the connection at the latest; waiting for it would only slow the stop down.
    await Promise.race([this.#running, sleep(100)]);
  }

  async #run(): Promise<void> {
    let consumer: Consumer | undefined;
    const { signal } = this.#stop;
    const stopped = () => signal.aborted;
    while (!stopped()) {
      try {
        consumer ??= await jetstream(this.#parts.connection).consumers.get(this.#parts.stream, OUTBOX_CONSUMER);
        const full = await this.#look(consumer);
        if (!full) await this.#pause(this.#parts.graceMs / 2);
      } catch (thrown) {
        if (stopped()) return;
        this.#parts.logger.warn({ err: thrown }, 'messages left behind cannot be looked for now');
        consumer = undefined;
        await this.#pause(AFTER_FAILURE_MS);
      }
    }
  }

  /** @returns whether more is likely to wait */
  async #look(consumer: Consumer): Promise<boolean> {
    let seen = 0;
    for await (const message of await consumer.fetch({ max_messages: BATCH, expires: FETCH_MS })) {
      seen += 1;
      await this.#judge(message);
    }
    return seen === BATCH;
  }

  async #judge(message: JsMsg): Promise<void> {
    if (!message.headers?.has(PENDING)) {
      message.ack();
      return;
    }
    const age = Date.now() - message.time.getTime();
    if (age < this.#parts.graceMs) {
      message.nak(this.#parts.graceMs - age);
      return;
    }
    try {
      await this.#parts.settle(message.subject);
      message.ack();
    } catch (thrown) {
      this.#parts.logger.warn({ record: message.subject, err: thrown }, 'messages left behind cannot be published now');
      message.nak(this.#parts.graceMs);
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
