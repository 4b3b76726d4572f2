import type { SessionEnd } from '@certlane/contracts';
import { EsidReason, esidReasons, forLog, type Indication } from '@certlane/oftp2';

/** Thrown to whoever still waits for a session that is over: the one way out of every step of it. */
export class SessionOver extends Error {
  override readonly name = 'SessionOver';

  constructor(readonly end: SessionEnd) {
    super(end.message);
  }
}

/** Whether something thrown is the end of a session. */
export function isSessionOver(thrown: unknown): thrown is SessionOver {
  return Error.isError(thrown) && thrown.name === 'SessionOver';
}

/** The reasons that say "not with you": they end a session before it began. RFC 5024 §5.3.11 */
const REFUSING: ReadonlySet<EsidReason> = new Set([
  EsidReason.userCodeNotKnown,
  EsidReason.invalidPassword,
  EsidReason.incompatibleMode,
  EsidReason.invalidChallengeResponse,
  EsidReason.incompatibleAuthentication,
]);

/** How a session ended, if this indication says that it did. */
export function endOf(indication: Indication): SessionEnd | undefined {
  if (indication.primitive === 'F_RELEASE_IND') {
    return { outcome: 'completed', esid: EsidReason.normalEnd, by: 'peer', message: 'the partner ended the session' };
  }
  if (indication.primitive !== 'F_ABORT_IND') return undefined;
  const { how, reason } = indication;
  const text = forLog(indication.text);
  switch (how) {
    case 'esid-sent':
      return { outcome: outcomeOf(reason), esid: reason, by: 'us', message: text };
    case 'closed':
      return { outcome: 'failed', by: 'us', message: text };
    case 'esid-received':
      return { outcome: outcomeOf(reason), esid: reason, by: 'peer', message: peerMessage(reason, text) };
    case 'disconnected':
    case 'reset':
      return { outcome: 'broken', by: 'network', message: 'the connection was lost' };
  }
}

/** A session that our own side ended normally. */
export const endedByUs: SessionEnd = {
  outcome: 'completed',
  esid: EsidReason.normalEnd,
  by: 'us',
  message: 'nothing was left to send',
};

function outcomeOf(reason: EsidReason): SessionEnd['outcome'] {
  return REFUSING.has(reason) ? 'refused' : 'failed';
}

function peerMessage(reason: EsidReason, text: string): string {
  const meaning = esidReasons.text(reason);
  return text === '' || text === meaning ? `the partner ended the session: ${meaning}` : `${meaning}: ${text}`;
}
