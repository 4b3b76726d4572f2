import { exchangeEvents } from '@certlane/contracts';
import { unchanged, type LedgerChange } from './change.js';
import { isWaiting } from './outbox.js';
import type { Ledger } from './record.js';

/** How long a lease on dialling lasts unless it is claimed again. */
export const LEASE_MILLISECONDS = 30_000;
/** How long a session that just received something is left to fetch what it is owed before anybody dials instead. */
export const SESSION_GRACE_MILLISECONDS = 10_000;

const FIRST_PAUSE_MILLISECONDS = 5_000;
const LONGEST_PAUSE_MILLISECONDS = 3_600_000;

/** What a claim got. */
export interface Claim {
  readonly granted: boolean;
  readonly waiting: boolean;
  readonly leaseMilliseconds: number;
}

/** Takes the lease, or keeps it; one holder at a time, so that two gateways never dial the same partner at once. */
export function claimDial(ledger: Ledger, holder: string, now: Date): { change: LedgerChange; claim: Claim } {
  const waiting = isWaiting(ledger);
  const remaining = remainingLease(ledger, now);
  if (ledger.dial.holder !== holder && remaining > 0) {
    return { change: unchanged(ledger), claim: { granted: false, waiting, leaseMilliseconds: remaining } };
  }
  if (!waiting && ledger.dial.holder !== holder) {
    return { change: unchanged(ledger), claim: { granted: true, waiting, leaseMilliseconds: 0 } };
  }
  return {
    change: { ...unchanged(ledger), ledger: withLease(ledger, holder, LEASE_MILLISECONDS, now) },
    claim: { granted: true, waiting, leaseMilliseconds: LEASE_MILLISECONDS },
  };
}

/** Keeps dialling back while a session that is running can still fetch what it is owed. */
export function holdForSession(ledger: Ledger, session: string, now: Date): Ledger {
  return remainingLease(ledger, now) > SESSION_GRACE_MILLISECONDS
    ? ledger
    : withLease(ledger, `session ${session}`, SESSION_GRACE_MILLISECONDS, now);
}

/** How dialling went: gives the lease back, counts failures, and says when to try again if something still waits. */
export function reportDial(
  ledger: Ledger,
  report: { readonly holder: string; readonly ok: boolean; readonly message: string },
  now: Date,
): { change: LedgerChange; retryMilliseconds?: number } {
  const held = ledger.dial.holder === report.holder;
  if (report.ok) {
    const { holder, until } = ledger.dial;
    const lease = held || holder === undefined || until === undefined ? {} : { holder, until };
    const change = { ...unchanged(ledger), ledger: { ...ledger, dial: { ...lease, attempts: 0 } } };
    return isWaiting(ledger) ? { change, retryMilliseconds: FIRST_PAUSE_MILLISECONDS } : { change };
  }
  const attempts = ledger.dial.attempts + 1;
  const retryMilliseconds = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_MILLISECONDS);
  const next = new Date(now.getTime() + retryMilliseconds).toISOString();
  const { message } = report;
  return {
    change: {
      ledger: { ...ledger, dial: { attempts, lastFailure: { at: now.toISOString(), message, next } } },
      closed: [],
      events: [
        {
          contract: exchangeEvents.dialFailed,
          data: { station: ledger.station, partner: ledger.partner, attempt: attempts, message, next },
        },
      ],
    },
    retryMilliseconds,
  };
}

function remainingLease(ledger: Ledger, now: Date): number {
  const { until } = ledger.dial;
  return until === undefined ? 0 : Math.max(0, Date.parse(until) - now.getTime());
}

function withLease(ledger: Ledger, holder: string, milliseconds: number, now: Date): Ledger {
  const until = new Date(now.getTime() + milliseconds).toISOString();
  return { ...ledger, dial: { ...ledger.dial, holder, until } };
}
