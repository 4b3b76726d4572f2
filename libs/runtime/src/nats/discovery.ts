import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { nuid } from '@nats-io/nats-core';

/** Counts what an endpoint did, in the words of the NATS services API. */
export class EndpointStatistics {
  readonly #contract: string;
  readonly #subject: string;
  readonly #queue: string;
  #requests = 0;
  #errors = 0;
  #lastError = '';
  #nanoseconds = 0;

  constructor(contract: string, subject: string, queue: string) {
    this.#contract = contract;
    this.#subject = subject;
    this.#queue = queue;
  }

  /** @param error code of the error answered with, if one was */
  count(milliseconds: number, error?: string): void {
    this.#requests += 1;
    this.#nanoseconds += Math.round(milliseconds * 1e6);
    if (error === undefined) return;
    this.#errors += 1;
    this.#lastError = error;
  }

  info(): Record<string, unknown> {
    // The services API allows no dots in names.
    return {
      name: this.#contract.replaceAll('.', '-'),
      subject: this.#subject,
      queue_group: this.#queue,
      metadata: null,
    };
  }

  statistics(): Record<string, unknown> {
    return {
      ...this.info(),
      num_requests: this.#requests,
      num_errors: this.#errors,
      last_error: this.#lastError,
      processing_time: this.#nanoseconds,
      average_processing_time: this.#requests === 0 ? 0 : Math.round(this.#nanoseconds / this.#requests),
    };
  }
}

/** Who answers. */
export interface DiscoveryParts {
  readonly connection: NatsConnection;
  readonly service: string;
  readonly version: string;
  readonly description: string;
  readonly endpoints: readonly EndpointStatistics[];
}

/**
 * Answers `$SRV.PING|INFO|STATS`, for all services, by name and by id, as tools of the NATS services API ask (ADR-32).
 *
 * Its client library counts only what a handler does before it first awaits, so we keep the statistics ourselves.
 */
export class Discovery {
  readonly #parts: DiscoveryParts;
  readonly #identity: Readonly<Record<string, unknown>>;
  readonly #started = new Date();
  readonly #subscriptions: Subscription[] = [];

  constructor(parts: DiscoveryParts) {
    this.#parts = parts;
    this.#identity = { name: parts.service, id: nuid.next(), version: parts.version, metadata: {} };
  }

  open(): void {
    this.#answer('PING', 'ping', () => ({}));
    this.#answer('INFO', 'info', () => ({
      description: this.#parts.description,
      endpoints: this.#parts.endpoints.map((endpoint) => endpoint.info()),
    }));
    this.#answer('STATS', 'stats', () => ({
      started: this.#started.toISOString(),
      endpoints: this.#parts.endpoints.map((endpoint) => endpoint.statistics()),
    }));
  }

  async drain(): Promise<void> {
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
  }

  #answer(verb: string, type: string, tell: () => Record<string, unknown>): void {
    const { connection, service } = this.#parts;
    for (const subject of [
      `$SRV.${verb}`,
      `$SRV.${verb}.${service}`,
      `$SRV.${verb}.${service}.${String(this.#identity.id)}`,
    ]) {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error !== null) return;
          message.respond(JSON.stringify({ type: `io.nats.micro.v1.${type}_response`, ...this.#identity, ...tell() }));
        },
      });
      this.#subscriptions.push(subscription);
    }
  }
}
