import {
  CertlaneError,
  requestSubject,
  type ParsedReplyOf,
  type RequestContract,
  type RequestOf,
  type ServiceName,
} from '@certlane/contracts';
import { headers as newHeaders, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { SpanKind } from '@opentelemetry/api';
import type { OutboxMessage } from '../store/messages.js';
import { injectTrace } from '../trace/propagation.js';
import { inSpan } from '../trace/with-span.js';
import { assertActor, injectActor } from './actor.js';
import { publishTo } from './jetstream-calls.js';
import { isLinkError, Link } from './link.js';
import { decodeError, invalid, MAX_BODY_OCTETS, parseJson } from './wire.js';

/** How a request is made. */
export interface RequestOptions {
  /** Milliseconds to wait for the reply; 5,000 unless told. */
  readonly timeoutMs?: number;
  /** Who acts, other than whoever the bus names: for a service that passes on what an operator asked of it. */
  readonly actor?: string;
}

/** How a bus is made. */
export interface BusOptions {
  /** Who acts by every request, `operator:anna`; a service that acts by itself names nobody. */
  readonly actor?: string;
}

/** The bus as a service or the command line uses it. */
export interface Bus {
  /**
   * Asks a service and waits for its reply; both are checked against the contract, trace context goes along.
   * @throws {CertlaneError} `invalid-argument` before sending when the request does not fit its contract; the code the service
   *   refused with; `unavailable` when none answers in time or the bus is away; `internal` when the reply does not fit
   */
  request<C extends RequestContract>(
    contract: C,
    input: RequestOf<C>,
    options?: RequestOptions,
  ): Promise<ParsedReplyOf<C>>;
  /**
   * Publishes an event or a job and waits until its stream holds it; the same id again is no second message.
   * A change in a store brings its messages along itself: this is for what has no document.
   * @throws {CertlaneError} `unavailable`
   */
  publish(message: OutboxMessage): Promise<void>;
}

const TIMEOUT_MS = 5_000;

/**
 * A bus over a connection of connectNats(): services get theirs from {@link runService}, the command line makes one.
 * @throws {CertlaneError} `invalid-argument` when the actor is none
 */
export function createBus(connection: NatsConnection, prefix: string, options: BusOptions = {}): Bus {
  const link = Link.of(connection);
  if (options.actor !== undefined) assertActor(options.actor);
  return {
    request: async (contract, input, { timeoutMs = TIMEOUT_MS, actor = options.actor } = {}) => {
      const parsed = contract.request.safeParse(input);
      if (!parsed.success) throw invalid('request', parsed.error);
      const payload = JSON.stringify(parsed.data);
      const octets = Buffer.byteLength(payload);
      if (octets > MAX_BODY_OCTETS) {
        const message = `the request has ${octets} octets; ${MAX_BODY_OCTETS} at most cross the bus`;
        throw new CertlaneError('invalid-argument', message);
      }
      const subject = requestSubject(prefix, contract);
      const parts = { kind: SpanKind.CLIENT, attributes: attributes(subject) };
      return inSpan(`request ${contract.name}`, parts, async () => {
        const headers = newHeaders();
        injectTrace(headers);
        injectActor(headers, actor);
        const request = { subject, payload, headers, timeoutMs };
        const reply = await link.request(request).catch((thrown: unknown) => {
          throw notAnswered(contract.service, request, thrown);
        });
        return replyOf(contract, reply);
      });
    },
    publish: (message) => {
      const parts = { kind: SpanKind.PRODUCER, attributes: attributes(message.subject) };
      return inSpan(`publish ${message.kind}`, parts, () => publish(link, message));
    },
  };
}

const attributes = (subject: string) => ({ 'messaging.system': 'nats', 'messaging.destination.name': subject });

async function publish(link: Link, { id, kind, subject, payload, headers: given }: OutboxMessage): Promise<void> {
  const headers = newHeaders();
  headers.set('Nats-Msg-Id', id);
  if (given === undefined) injectTrace(headers);
  else for (const [name, value] of Object.entries(given)) headers.set(name, value);
  const request = { subject, payload: JSON.stringify(payload), headers, timeoutMs: TIMEOUT_MS };
  let why: string;
  let cause: unknown;
  try {
    const ack = await publishTo(link, request, true);
    if (!('error' in ack)) return;
    why = ack.text;
  } catch (thrown) {
    cause = thrown;
    why = Error.isError(thrown) ? thrown.message : String(thrown);
  }
  throw new CertlaneError('unavailable', `the ${kind} could not be published now: ${why}`, {
    cause,
    details: { subject },
  });
}

/**
 * Without an answer nobody knows whether the service acted, unless nobody was there: the caller may ask again, handlers bear it. Which
 * service it was, and what happened (`failure`), goes along for whoever tells a person.
 */
function notAnswered(
  service: ServiceName,
  { subject, timeoutMs }: { subject: string; timeoutMs: number },
  thrown: unknown,
): CertlaneError {
  const failure = isLinkError(thrown) ? thrown.failure : 'lost';
  const options = { cause: thrown, details: { subject, service, failure } };
  switch (failure) {
    case 'forbidden':
      return new CertlaneError('internal', `our NATS user may not send to '${subject}'`, options);
    case 'no-responders':
      return new CertlaneError('unavailable', `${service} is not there: nobody answers for it`, options);
    case 'timeout':
      return new CertlaneError('unavailable', `${service} did not answer within ${timeoutMs / 1000} s`, options);
    case 'lost':
      return new CertlaneError('unavailable', `${service} cannot be asked: the connection to NATS is lost`, options);
  }
}

function replyOf<C extends RequestContract>(contract: C, reply: Msg): ParsedReplyOf<C> {
  const error = decodeError(reply);
  if (error !== undefined) throw error;
  const parsed = contract.reply.safeParse(parseJson(reply));
  if (parsed.success) return parsed.data as ParsedReplyOf<C>;
  throw new CertlaneError(
    'internal',
    `the reply of ${contract.service} to '${contract.name}' does not fit its contract`,
    {
      cause: invalid('reply', parsed.error),
    },
  );
}
