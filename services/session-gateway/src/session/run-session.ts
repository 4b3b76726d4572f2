import {
  CertlaneError,
  errorTable,
  isCertlaneError,
  type SessionDecision,
  type SessionEnd,
  type SessionMode,
} from '@certlane/contracts';
import { EsidReason, type Role } from '@certlane/oftp2';
import type { Clock, Logger } from '@certlane/runtime';
import type { SessionContext } from '../ports/session-context.js';
import type { SessionReport } from '../ports/session-ends.js';
import type { TrustDecision } from '../ports/session-trust.js';
import type { Connection } from '../transport/connection.js';
import { converse, type ConversationParts } from './converse.js';
import type { Peer } from './peer.js';
import { isSessionOver } from './session-over.js';
import { emptyTally } from './tally.js';

/** A session that has come up. */
export interface Established {
  readonly context: SessionContext;
  readonly secureAuthentication: boolean;
}

/** What a session is run with. */
export interface RunParts extends Omit<ConversationParts, 'context' | 'tally'> {
  readonly session: string;
  readonly role: Role;
  readonly connection: Connection;
  readonly clock: Clock;
  /** Brings the session up: tells who is there as it learns it, throws when nothing comes of it. */
  readonly establish: (peer: Peer, telling: Telling) => Promise<Established>;
  /** The peer is known from now on. */
  readonly established: () => void;
  /** Whether a line about a caller nobody knows may go into the log: strangers could fill it. */
  readonly mayLog: () => boolean;
}

/** Takes what belongs into the report, as soon as it is known. */
export interface Telling {
  readonly named: (names: Names) => void;
  readonly decided: (decision: TrustDecision) => void;
}

/** Who is on the other side, and which station of ours it wants. */
interface Names {
  readonly partner: string;
  readonly station?: string;
}

/** A session that is over, and whether its peer ever proved who it is. */
export interface Ran {
  readonly report: SessionReport;
  readonly known: boolean;
}

/** Runs a session from its first octet to its end; whatever happens becomes a report. Never throws. */
export async function runSession(peer: Peer, parts: RunParts): Promise<Ran> {
  const { connection, role, session } = parts;
  const startedAt = parts.clock.now();
  const started = performance.now();
  const tally = emptyTally();
  let names: Names | undefined;
  let decision: SessionDecision | undefined;
  let up: Established | undefined;
  let end: SessionEnd;
  try {
    up = await parts.establish(peer, {
      named: (known) => (names = known),
      decided: (made) => (decision = recordOf(made)),
    });
    parts.established();
    end = await converse(peer, role === 'initiator', { ...parts, context: up.context, tally });
  } catch (thrown) {
    end = endBy(thrown, peer, () => up !== undefined || role === 'initiator' || parts.mayLog());
  }
  const mode: SessionMode | undefined = up?.context.mode;
  return {
    known: up !== undefined || role === 'initiator',
    report: {
      session,
      role,
      remoteAddress: connection.remoteAddress,
      ...(names?.station === undefined ? {} : { station: names.station }),
      ...(names === undefined ? {} : { partner: names.partner }),
      transport: connection.transport,
      ...(connection.tls === undefined ? {} : { tlsVersion: connection.tls.version }),
      ...(mode === undefined ? {} : { mode }),
      secureAuthentication: up?.secureAuthentication ?? false,
      ...(decision === undefined ? {} : { decision }),
      startedAt: startedAt.toISOString(),
      milliseconds: Math.round(performance.now() - started),
      ...tally,
      end,
    },
  };
}

/** The decision without the certificates and sealed keys that come with it. */
function recordOf(decision: TrustDecision): SessionDecision {
  const { checks, verdict } = decision;
  return verdict === 'run'
    ? { verdict, checks }
    : { verdict, reason: decision.reason, message: decision.message, checks };
}

/**
 * How the session ended, by what was thrown out of it. What we cannot do now is ESID 08 and may be tried again; what went wrong
 * on our side is ESID 99. Nothing is lost either way: what was not acknowledged stays where it was.
 */
function endBy(thrown: unknown, peer: Peer, mayLog: () => boolean): SessionEnd {
  if (isSessionOver(thrown)) return thrown.end;
  if (isCertlaneError(thrown) && errorTable[thrown.code].retryable) {
    if (mayLog()) peer.log.warn({ err: thrown }, 'session cannot go on');
    return stopped(peer, EsidReason.resourcesNotAvailable, 'Resources not available', thrown);
  }
  if (mayLog()) peer.log.error({ err: thrown }, 'session failed');
  const defect = isCertlaneError(thrown) ? thrown : new CertlaneError('internal', 'an internal error occurred');
  return stopped(peer, EsidReason.unspecified, 'Internal error', defect);
}

function stopped(peer: Peer, reason: EsidReason, text: string, error: CertlaneError): SessionEnd {
  const { message } = error.disclosed();
  peer.stop(reason, text, { outcome: 'failed', message });
  return { outcome: 'failed', esid: reason, by: 'us', message };
}

/** The one line of a session in the log. */
export function logSession(log: Logger, { report }: Ran): void {
  const { end, ...facts } = report;
  log.info({ ...facts, outcome: end.outcome, esid: end.esid, by: end.by, why: end.message }, 'session ended');
}
