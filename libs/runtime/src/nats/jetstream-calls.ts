import type { MsgHdrs } from '@nats-io/nats-core';
import { z } from 'zod';
import type { Link, LinkRequest } from './link.js';

const acknowledgement = z.union([
  z.object({ error: z.object({ err_code: z.int(), description: z.string() }) }),
  z.object({ seq: z.int(), duplicate: z.boolean().optional() }),
]);

/** What a stream answered: the sequence it gave the message, or an error code of the JetStream API. */
export type Acknowledged =
  { readonly sequence: number; readonly duplicate: boolean } | { readonly error: number; readonly text: string };

/**
 * Publishes into a stream and waits until it holds the message.
 * @param again whether the message may be sent twice, because its id or its expected sequence makes the second one harmless
 * @throws {LinkError}
 */
export async function publishTo(link: Link, request: LinkRequest, again: boolean): Promise<Acknowledged> {
  const reply = again ? await link.repeatable(request) : await link.request(request);
  const ack = acknowledgement.parse(reply.json());
  return 'error' in ack
    ? { error: ack.error.err_code, text: ack.error.description }
    : { sequence: ack.seq, duplicate: ack.duplicate === true };
}

/** A message of a stream. */
export interface StreamMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs;
}

/**
 * The last message on a subject, by direct get: answered by any server that has a copy of the stream.
 * @throws {LinkError}
 */
export function directLast(
  link: Link,
  stream: string,
  subject: string,
  timeoutMs: number,
): Promise<StreamMessage | undefined> {
  return direct(link, { subject: `$JS.API.DIRECT.GET.${stream}.${subject}`, payload: '', timeoutMs });
}

/**
 * The first message at a sequence or behind it whose subject matches, by direct get.
 * @throws {LinkError}
 */
export function directNext(
  link: Link,
  stream: string,
  query: { readonly seq: number; readonly next_by_subj: string },
  timeoutMs: number,
): Promise<StreamMessage | undefined> {
  return direct(link, { subject: `$JS.API.DIRECT.GET.${stream}`, payload: JSON.stringify(query), timeoutMs });
}

async function direct(link: Link, request: LinkRequest): Promise<StreamMessage | undefined> {
  const { headers, data } = await link.repeatable(request);
  if (headers === undefined || headers.code === 404) return undefined;
  if (headers.code !== 0) throw new DirectGetError(headers.code, headers.description);
  return { sequence: Number(headers.get('Nats-Sequence')), subject: headers.get('Nats-Subject'), data, headers };
}

/** Direct get was answered with a status other than "not found". */
class DirectGetError extends Error {
  override readonly name = 'DirectGetError';

  constructor(code: number, description: string) {
    super(`direct get: ${code} ${description}`);
  }
}
