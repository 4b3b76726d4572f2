import {
  CertlaneError,
  requestSubject,
  type ParsedReplyOf,
  type RequestContract,
  type RequestOf,
} from '@certlane/contracts';
import { jetstream } from '@nats-io/jetstream';
import { headers as newHeaders, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { SpanKind } from '@opentelemetry/api';
import type { OutboxMessage } from '../store/messages.js';
import { injectTrace } from '../trace/propagation.js';
import { inSpan } from '../trace/with-span.js';
import { Link } from './link.js';
import { decodeError, invalid, MAX_BODY_OCTETS, parseJson } from './wire.js';

/** How a request is made. */
export interface RequestOptions {
  /** Milliseconds to wait for the reply; 5,000 unless told. */
  readonly timeoutMs?: number;
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

/** A bus over a connection: services get theirs from {@link runService}, the command line makes one. */
export function createBus(connection: NatsConnection, prefix: string): Bus {
  const stream = jetstream(connection);
  const link = Link.of(connection);
  return {
    request: async (contract, input, { timeoutMs = TIMEOUT_MS } = {}) => {
      const parsed = contract.request.safeParse(input);
      if (!parsed.success) throw invalid('request', parsed.error);
      const body = JSON.stringify(parsed.data);
      if (body.length > MAX_BODY_OCTETS) {
        throw new CertlaneError(
          'invalid-argument',
          `the request has ${body.length} octets; ${MAX_BODY_OCTETS} at most cross the bus`,
        );
      }
      const subject = requestSubject(prefix, contract);
      return inSpan(
        `request ${contract.name}`,
        { kind: SpanKind.CLIENT, attributes: attributes(subject) },
        async () => {
          const headers = newHeaders();
          injectTrace(headers);
          return replyOf(contract, await ask(connection, link, subject, body, headers, timeoutMs));
        },
      );
    },
    publish: (message) =>
      inSpan(
        `publish ${message.kind}`,
        { kind: SpanKind.PRODUCER, attributes: attributes(message.subject) },
        async () => {
          const headers = newHeaders();
          if (message.headers === undefined) injectTrace(headers);
          else for (const [name, value] of Object.entries(message.headers)) headers.set(name, value);
          try {
            const body = JSON.stringify(message.payload);
            await link.run({ timeoutMs: TIMEOUT_MS, repeatable: true }, (timeout) =>
              stream.publish(message.subject, body, { msgID: message.id, headers, timeout }),
            );
          } catch (thrown) {
            throw new CertlaneError(
              'unavailable',
              `the ${message.kind} could not be published now: ${textOf(thrown)}`,
              { cause: thrown },
            );
          }
        },
      ),
  };
}

const attributes = (subject: string) => ({ 'messaging.system': 'nats', 'messaging.destination.name': subject });

async function ask(
  connection: NatsConnection,
  link: Link,
  subject: string,
  body: string,
  headers: MsgHdrs,
  timeoutMs: number,
): Promise<Msg> {
  try {
    return await link.run({ timeoutMs, repeatable: false }, (timeout) =>
      connection.request(subject, body, { timeout, headers }),
    );
  } catch (thrown) {
    throw notAnswered(subject, timeoutMs, thrown);
  }
}

/** Without an answer nobody knows whether the service acted: the caller may ask again, handlers bear it. */
function notAnswered(subject: string, timeout: number, thrown: unknown): CertlaneError {
  const { name, cause } = (Error.isError(thrown) ? thrown : {}) as { name?: string; cause?: { name?: string } };
  const kinds = [name, cause?.name];
  const details = { subject };
  if (kinds.includes('PermissionViolationError')) {
    return new CertlaneError('internal', `our NATS user may not send to '${subject}'`, { cause: thrown, details });
  }
  const why = kinds.includes('NoRespondersError')
    ? `no service listens on '${subject}'; check that it runs`
    : kinds.includes('TimeoutError')
      ? `no answer on '${subject}' within ${timeout} ms`
      : `'${subject}' cannot be reached now: ${textOf(thrown)}`;
  return new CertlaneError('unavailable', why, { cause: thrown, details });
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

function textOf(thrown: unknown): string {
  return Error.isError(thrown) ? thrown.message : String(thrown);
}
