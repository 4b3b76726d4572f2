import { ACTOR_HEADER, CertlaneError, requestActor } from '@certlane/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';

/**
 * Writes into the headers of a request who acts.
 * @throws {CertlaneError} `invalid-argument` when the text is no actor
 */
export function injectActor(headers: MsgHdrs, actor: string | undefined): void {
  if (actor !== undefined) headers.set(ACTOR_HEADER, assertActor(actor));
}

/**
 * Who acts by a request; undefined where nobody is named.
 * @throws {CertlaneError} `invalid-argument` when the header holds no actor, or several
 */
export function extractActor(headers: MsgHdrs | undefined): string | undefined {
  const values = headers?.values(ACTOR_HEADER) ?? [];
  if (values.length > 1) throw refusal(`names ${values.length} actors; one request has one`);
  const [actor] = values;
  return actor === undefined ? undefined : assertActor(actor);
}

/** @throws {CertlaneError} `invalid-argument` */
export function assertActor(actor: string): string {
  const parsed = requestActor.safeParse(actor);
  if (parsed.success) return parsed.data;
  const shown = actor.length > 80 ? `${actor.slice(0, 80)}…` : actor;
  throw refusal(`is ${JSON.stringify(shown)}: ${parsed.error.issues[0]?.message ?? 'no actor'}`);
}

function refusal(why: string): CertlaneError {
  return new CertlaneError('invalid-argument', `header '${ACTOR_HEADER}' ${why}`, { details: { field: ACTOR_HEADER } });
}
