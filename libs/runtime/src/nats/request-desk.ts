import { CertlaneError, requestSubject, toCertlaneError, type RequestContract } from '@certlane/contracts';
import type { Msg, MsgHdrs, Subscription } from '@nats-io/nats-core';
import { metrics, SpanKind, type Histogram } from '@opentelemetry/api';
import { extractTrace } from '../trace/propagation.js';
import { inSpan } from '../trace/with-span.js';
import { extractActor } from './actor.js';
import { invoke, type Desk, type Endpoint } from './endpoint.js';
import { EndpointStatistics } from './discovery.js';
import { Link } from './link.js';
import { encodeError, invalid, MAX_BODY_OCTETS, parseJson } from './wire.js';

/** Answers requests: one subscription a contract, in the queue group of the service, so that any replica takes any request. */
export class RequestDesk {
  readonly #desk: Desk;
  readonly #link: Link;
  readonly #duration: Histogram;
  readonly #subscriptions: Subscription[] = [];
  #failure: Error | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#link = Link.of(desk.connection);
    this.#duration = metrics.getMeter('certlane').createHistogram('certlane.request.duration.seconds', {
      unit: 's',
      description: 'Requests answered, by contract and error code',
    });
  }

  /** @returns what the services API tells of the endpoint */
  open(endpoint: Endpoint<RequestContract>): EndpointStatistics {
    const { connection, prefix, service } = this.#desk;
    const subject = requestSubject(prefix, endpoint.contract);
    const statistics = new EndpointStatistics(endpoint.contract.name, subject, service);
    const callback = (error: Error | null, message: Msg) => {
      if (error === null) this.#take(endpoint, statistics, message);
      else this.#failure = error;
    };
    this.#subscriptions.push(connection.subscribe(subject, { queue: service, callback }));
    return statistics;
  }

  /**
   * To be called when the server has seen the subscriptions.
   * @throws {CertlaneError} `failed-precondition` when it refused one
   */
  assertOpen(): void {
    if (this.#failure === undefined) return;
    const message = `NATS does not let ${this.#desk.service} answer its own requests; the user's permissions do not fit this version`;
    throw new CertlaneError('failed-precondition', message, { cause: this.#failure });
  }

  /** Takes no more; what is here already goes on. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
  }

  #take(endpoint: Endpoint<RequestContract>, statistics: EndpointStatistics, message: Msg): void {
    if (this.#desk.inFlight.run(() => this.#answer(endpoint, statistics, message))) return;
    const { body, headers } = encodeError(
      new CertlaneError('unavailable', `${this.#desk.service} has too much to do; try again`),
    );
    this.#respond(message, body, headers);
  }

  #respond({ reply }: Msg, body: string, headers?: MsgHdrs): void {
    if (reply !== undefined && reply !== '') this.#link.send(reply, body, headers);
  }

  async #answer(endpoint: Endpoint<RequestContract>, statistics: EndpointStatistics, message: Msg): Promise<void> {
    const started = performance.now();
    const { contract } = endpoint;
    const parts = {
      kind: SpanKind.SERVER,
      parent: extractTrace(message.headers),
      attributes: { 'certlane.subject': message.subject },
    };
    let code = 'ok';
    try {
      this.#respond(message, await inSpan(`serve ${contract.name}`, parts, () => this.#reply(endpoint, message)));
    } catch (thrown) {
      const error = toCertlaneError(thrown);
      code = error.code;
      this.#log(contract, error);
      const { body, headers } = encodeError(error);
      this.#respond(message, body, headers);
    }
    const milliseconds = performance.now() - started;
    statistics.count(milliseconds, code === 'ok' ? undefined : code);
    this.#duration.record(milliseconds / 1_000, { contract: contract.name, code });
  }

  async #reply({ contract, handler }: Endpoint<RequestContract>, message: Msg): Promise<string> {
    const request = contract.request.safeParse(parseJson(message));
    if (!request.success) throw invalid('request', request.error);
    const actor = extractActor(message.headers);
    const call = {
      subject: message.subject,
      signal: this.#desk.signal,
      ...(actor === undefined ? {} : { actor }),
    };
    const result = await invoke(handler, request.data, call);
    const reply = contract.reply.safeParse(result);
    if (!reply.success) {
      throw new CertlaneError('internal', 'our reply does not fit its contract', {
        cause: invalid('reply', reply.error),
      });
    }
    const body = JSON.stringify(reply.data);
    const octets = Buffer.byteLength(body);
    if (octets <= MAX_BODY_OCTETS) return body;
    throw new CertlaneError('internal', `our reply has ${octets} octets; ${MAX_BODY_OCTETS} at most cross the bus`);
  }

  #log(contract: RequestContract, error: CertlaneError): void {
    const fields = { request: contract.name, code: error.code, err: error };
    if (error.code === 'internal') this.#desk.logger.error(fields, 'request failed');
    else if (error.code === 'unavailable') this.#desk.logger.warn(fields, 'request failed for now');
    else this.#desk.logger.debug(fields, 'request refused');
  }
}
