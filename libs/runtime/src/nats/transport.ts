import { CertlaneError, type EventContract, type JobContract, type RequestContract } from '@certlane/contracts';
import type { NatsConnection } from '@nats-io/nats-core';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Logger } from 'pino';
import { Discovery } from './discovery.js';
import type { Desk, Endpoint, NestHandler } from './endpoint.js';
import { EventDesk } from './event-desk.js';
import { CERTLANE_TRANSPORT, type HandlerContract } from './handlers.js';
import { InFlight } from './in-flight.js';
import { JobDesk } from './job-desk.js';
import { Link } from './link.js';
import { RequestDesk } from './request-desk.js';

/** What the transport of a service works with. */
export interface TransportParts {
  readonly connection: NatsConnection;
  readonly service: string;
  readonly prefix: string;
  readonly logger: Logger;
  /** Semantic version, for the services API. */
  readonly version: string;
  /** Requests, jobs and events in hand at once. */
  readonly concurrency: number;
  /** Requests and jobs that must have a handler: one that nobody answers shows as an outage, so it is refused at start. */
  readonly expects?: readonly HandlerContract[];
  /** Milliseconds that what is in hand may take when the service stops; 10,000 unless told. */
  readonly drainMs?: number;
}

const DRAIN_MS = 10_000;
/** For handlers that heed their signal, after it was given. */
const ABORT_MS = 500;

/** NestJS transport strategy over NATS: requests in queue groups, jobs from a work queue, events as they pass. */
export class CertlaneTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = CERTLANE_TRANSPORT;
  readonly #parts: TransportParts;
  readonly #endpoints: Endpoint[] = [];
  readonly #abort = new AbortController();
  readonly #inFlight: InFlight;
  #drain: () => Promise<void> = () => Promise.resolve();
  #idle = (milliseconds: number): Promise<boolean> => this.#inFlight.idle(milliseconds);

  constructor(parts: TransportParts) {
    super();
    this.#parts = parts;
    this.#inFlight = new InFlight(parts.concurrency);
  }

  /** @throws {CertlaneError} `internal` when two methods claim one request or job */
  override addHandler(
    pattern: unknown,
    callback: NestHandler,
    _isEvent?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    const contract = extras?.contract as HandlerContract | undefined;
    if (contract === undefined) {
      throw new CertlaneError(
        'internal',
        `handler '${String(pattern)}' names no contract: use @Serves, @Does or @Hears`,
      );
    }
    if (contract.kind !== 'event' && this.#endpoints.some((endpoint) => endpoint.contract === contract)) {
      throw new CertlaneError('internal', `two handlers claim ${contract.kind} '${contract.name}'`);
    }
    this.#endpoints.push({ contract, handler: callback });
  }

  override listen(callback: (error?: unknown) => void): void {
    this.#open().then(
      () => callback(),
      (thrown: unknown) => callback(thrown),
    );
  }

  /** Takes no more, finishes what is in hand, aborts what takes too long. */
  override async close(): Promise<void> {
    await this.#drain();
    if (!(await this.#idle(this.#parts.drainMs ?? DRAIN_MS))) {
      this.#parts.logger.warn('handlers are not done in time and are told to give up');
      this.#abort.abort();
      await this.#idle(ABORT_MS);
    }
    Link.of(this.#parts.connection).flush();
  }

  override on(): void {
    throw new CertlaneError('internal', 'the transport has no events of its own; follow the connection instead');
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature is Nest's
  override unwrap<T>(): T {
    return this.#parts.connection as T;
  }

  async #open(): Promise<void> {
    this.#assertComplete();
    const { connection, service, prefix, logger, version, concurrency } = this.#parts;
    const desk: Desk = { connection, service, prefix, logger, inFlight: this.#inFlight, signal: this.#abort.signal };
    const requests = new RequestDesk(desk);
    const jobs = new JobDesk(desk, concurrency);
    const events = new EventDesk(desk);
    const served = this.#of<RequestContract>('request').map((endpoint) => requests.open(endpoint));
    for (const endpoint of this.#of<EventContract>('event')) events.open(endpoint);
    const description = `certlane ${service}`;
    const discovery = new Discovery({ connection, service, version, description, endpoints: served });
    if (served.length > 0) discovery.open();
    this.#drain = async () => {
      jobs.drain();
      await Promise.all([requests.drain(), events.drain(), discovery.drain()]);
    };
    this.#idle = async (milliseconds) => {
      const idle = await Promise.all([this.#inFlight.idle(milliseconds), jobs.idle(milliseconds)]);
      return !idle.includes(false);
    };
    await connection.flush();
    requests.assertOpen();
    for (const endpoint of this.#of<JobContract>('job')) await jobs.open(endpoint);
  }

  #assertComplete(): void {
    const { expects = [], service } = this.#parts;
    const missing = expects.filter((contract) => !this.#endpoints.some((endpoint) => endpoint.contract === contract));
    if (missing.length === 0) return;
    const names = missing.map((contract) => `${contract.kind} ${contract.name}`).join(', ');
    throw new CertlaneError('internal', `${service} has no handler for: ${names}`);
  }

  #of<C extends HandlerContract>(kind: C['kind']): Endpoint<C>[] {
    return this.#endpoints.filter((endpoint): endpoint is Endpoint<C> => endpoint.contract.kind === kind);
  }
}
