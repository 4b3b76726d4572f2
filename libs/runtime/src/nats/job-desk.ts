import { CertlaneError, streamNames, type JobContract } from '@certlane/contracts';
import { jetstream, type Consumer, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { metrics, SpanKind, type Histogram } from '@opentelemetry/api';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { extractTrace } from '../trace/propagation.js';
import { inSpan } from '../trace/with-span.js';
import { invoke, type Desk, type Endpoint } from './endpoint.js';
import { InFlight } from './in-flight.js';
import { jobConsumer } from './names.js';
import { parseJson } from './wire.js';

/** Below the 30 s after which the server takes a silent worker for dead. */
const HEARTBEAT_MS = 10_000;
/** How long a worker waits for a job before it asks again. */
const POLL_MS = 10_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
const AFTER_FAILURE_MS = 1_000;

const outcome = z.object({ retryAfterMilliseconds: z.number().nonnegative() }).optional();

/** Does jobs: workers that each have one at a time, over a consumer that all replicas share. */
export class JobDesk {
  readonly #desk: Desk;
  readonly #workers: number;
  readonly #duration: Histogram;
  readonly #inFlight = new InFlight(Number.MAX_SAFE_INTEGER);
  readonly #closing = new AbortController();
  readonly #waiting = new Set<ConsumerMessages>();

  /** @param workers jobs of one kind done at once by this replica */
  constructor(desk: Desk, workers: number) {
    void this.#follow(desk.connection);
    this.#desk = desk;
    this.#workers = workers;
    this.#duration = metrics.getMeter('certlane').createHistogram('certlane.job.duration.seconds', {
      unit: 's',
      description: 'Jobs worked on, by contract and outcome',
    });
  }

  /** @throws {CertlaneError} `failed-precondition` when the consumer was not provided */
  async open(endpoint: Endpoint<JobContract>): Promise<void> {
    const { connection, prefix } = this.#desk;
    const stream = streamNames.jobs(prefix);
    const name = jobConsumer(endpoint.contract);
    let consumer: Consumer;
    try {
      consumer = await jetstream(connection).consumers.get(stream, name);
    } catch (thrown) {
      const message = `consumer '${name}' of stream '${stream}' cannot be used; run the provisioning of NATS first`;
      throw new CertlaneError('failed-precondition', message, { cause: thrown });
    }
    for (let worker = 0; worker < this.#workers; worker += 1) void this.#work(endpoint, consumer);
  }

  /** Takes no more; what is here already goes on. */
  drain(): void {
    this.#closing.abort();
    // Otherwise the server would go on handing jobs to workers that only put them back.
    for (const waiting of this.#waiting) waiting.stop();
  }

  /** {@link InFlight.idle} of the jobs in hand. */
  idle(milliseconds: number): Promise<boolean> {
    return this.#inFlight.idle(milliseconds);
  }

  async #work(endpoint: Endpoint<JobContract>, consumer: Consumer): Promise<void> {
    const { signal } = this.#closing;
    const closing = () => signal.aborted;
    while (!closing()) {
      try {
        const waiting = await consumer.fetch({ max_messages: 1, expires: POLL_MS });
        this.#waiting.add(waiting);
        if (closing()) waiting.stop();
        for await (const message of waiting) {
          this.#waiting.delete(waiting);
          if (closing()) message.nak();
          else await this.#hold(endpoint, message);
        }
        this.#waiting.delete(waiting);
      } catch (thrown) {
        if (closing()) return;
        this.#desk.logger.warn({ job: endpoint.contract.name, err: thrown }, 'jobs cannot be fetched for now');
        await sleep(AFTER_FAILURE_MS);
      }
    }
  }

  /** A server that was away has forgotten who waits: all ask again at once, or jobs would lie there until they do. */
  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'reconnect') for (const waiting of this.#waiting) waiting.stop();
    }
  }

  /** Resolves when the job is through, so that its worker takes the next. */
  #hold(endpoint: Endpoint<JobContract>, message: JsMsg): Promise<void> {
    return new Promise((resolve) => {
      this.#inFlight.run(() => this.#do(endpoint, message).finally(resolve));
    });
  }

  async #do({ contract, handler }: Endpoint<JobContract>, message: JsMsg): Promise<void> {
    const { logger, signal } = this.#desk;
    const attempt = message.info.deliveryCount;
    const data = contract.data.safeParse(parseJson(message));
    if (!data.success) {
      logger.error(
        { job: contract.name, subject: message.subject, err: data.error },
        'job does not fit its contract and is dropped',
      );
      message.term();
      return;
    }
    const started = performance.now();
    const heartbeat = setInterval(() => message.working(), HEARTBEAT_MS);
    const parts = {
      kind: SpanKind.CONSUMER,
      parent: extractTrace(message.headers),
      attributes: { 'certlane.attempt': attempt },
    };
    let result = 'done';
    try {
      const call = { subject: message.subject, signal, attempt };
      const again = outcome.parse(await inSpan(`do ${contract.name}`, parts, () => invoke(handler, data.data, call)));
      if (again === undefined) message.ack();
      else {
        result = 'again';
        message.nak(again.retryAfterMilliseconds);
      }
    } catch (thrown) {
      result = 'failed';
      const delay = backoff(attempt);
      logger.warn(
        { job: contract.name, subject: message.subject, attempt, again_in_ms: delay, err: thrown },
        'job failed and is tried again',
      );
      message.nak(delay);
    } finally {
      clearInterval(heartbeat);
      this.#duration.record((performance.now() - started) / 1_000, { contract: contract.name, result });
    }
  }
}

/** Milliseconds before the next attempt: doubling, with jitter, so that what failed together does not come back together. */
function backoff(attempt: number): number {
  const full = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
  return Math.round(full * (0.75 + Math.random() / 4));
}
