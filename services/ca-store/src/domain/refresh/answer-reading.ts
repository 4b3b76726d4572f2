import { createHash } from 'node:crypto';
import type { RevocationListView } from '@certlane/contracts';
import { formatDistinguishedName, type OcspResponse, type SingleResponse } from '@certlane/pki';
import type { KnownAnswer } from '../../ports/trust-state.js';
import { singleAbout } from './admit-answer.js';
import { lastTryOf } from './last-try.js';
import { listState, nextReading } from './schedule.js';
import type { RefreshSettings } from './settings.js';
import type { Trouble } from './told.js';

/** How asking a responder went. */
export type AnswerReading =
  | {
      readonly outcome: 'taken';
      readonly octets: Uint8Array;
      readonly response: OcspResponse;
      readonly until: Date | undefined;
    }
  | { readonly outcome: 'failed'; readonly trouble: Trouble };

/** What is known of an answer after a try, and what of it is to be told. */
export interface AfterAnswer {
  readonly record: KnownAnswer;
  /** Another status than that of the answer before: whoever waits for it has to hear. */
  readonly changed: boolean;
  readonly tell: Trouble | undefined;
}

/** What asking a responder makes of what is known of its answer. */
export function afterAnswer(
  before: KnownAnswer,
  reading: AnswerReading,
  { settings, now }: { readonly settings: RefreshSettings; readonly now: Date },
): AfterAnswer {
  const failed = reading.outcome === 'failed';
  const failures = failed ? before.failures + 1 : 0;
  const until = failed ? undefined : reading.until;
  const history = { id: before.id, readAt: now, nextUpdate: until, triedAt: now, failures };
  const trouble = failed ? reading.trouble : undefined;
  const record: KnownAnswer = {
    ...before,
    ...(failed ? {} : { answer: answerOf(reading, now) }),
    lastTry: lastTryOf(now, trouble, 'answered'),
    failures,
    nextTry: nextReading(history, settings.listIntervalMs).toISOString(),
    told: trouble?.reason,
  };
  const changed = !failed && statusOf(record) !== statusOf(before);
  return { record, changed, tell: before.told === undefined ? trouble : undefined };
}

function answerOf(
  { octets, response }: Extract<AnswerReading, { outcome: 'taken' }>,
  now: Date,
): NonNullable<KnownAnswer['answer']> {
  return { content: createHash('sha256').update(octets).digest('hex'), octets, response, takenAt: now.toISOString() };
}

/** What an answer says of its certificate. */
export function singleOf({
  answer,
  certificate,
}: Pick<KnownAnswer, 'answer' | 'certificate'>): SingleResponse | undefined {
  return singleAbout(answer?.response, certificate);
}

const statusOf = (known: KnownAnswer): string | undefined => singleOf(known)?.certStatus.status;

/** The contract's bound of a distinguished name. */
const LONGEST_NAME = 4_096;

/** The issuer of the certificate an answer is about, as long as may be told. */
export const answerIssuer = ({ issuer }: Pick<KnownAnswer, 'issuer'>): string =>
  formatDistinguishedName(issuer.subject).slice(0, LONGEST_NAME);

/** An OCSP answer, or the responder that should give one, as operators see it. */
export function answerView(known: KnownAnswer, settings: RefreshSettings, now: Date): RevocationListView {
  const { id, url, answer, lastTry, nextTry, failures } = known;
  const single = singleOf(known);
  const readAt = lastTry?.ok === true ? lastTry.at : (answer?.takenAt ?? 0);
  // Without a time of the next one an answer holds for a day, as libs/pki has it.
  const nextUpdate = single?.nextUpdate ?? (single && new Date(single.thisUpdate.getTime() + 86_400_000));
  return {
    id,
    issuer: answerIssuer(known),
    url,
    kind: 'ocsp',
    ...(single === undefined ? {} : { thisUpdate: single.thisUpdate.toISOString() }),
    ...(single?.nextUpdate === undefined ? {} : { nextUpdate: single.nextUpdate.toISOString() }),
    ...(answer === undefined ? {} : { octets: answer.octets.length, origin: 'fetched', takenAt: answer.takenAt }),
    state: listState(single && { thisUpdate: single.thisUpdate, nextUpdate, readAt: new Date(readAt) }, settings, now),
    ...(lastTry === undefined ? {} : { lastTry }),
    ...(nextTry === undefined ? {} : { nextTry }),
    failures,
  };
}
