import { exchangeEvents } from '@certlane/contracts';
import { pauseAfter } from './back-off.js';
import { unchanged, type LedgerChange } from './change.js';
import { isWaiting, waitsToBeHandedOver } from './outbox.js';
import type { Ledger } from './record.js';

/** How long a lease on dialling lasts unless it is claimed again. */
export const LEASE_MILLISECONDS = 30_000;
/** How long a session that just received something is left to fetch what it is owed before anybody dials instead. */
export const SESSION_GRACE_MILLISECONDS = 10_000;

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

/** How a call went. */
export interface DialReport {
  readonly holder: string;
  readonly ok: boolean;
  readonly message: string;
}

/** How dialling went: gives the lease back, counts failures, and says when to try again if something still waits. */
export function reportDial(
  ledger: Ledger,
  report: DialReport,
  now: Date,
): { change: LedgerChange; retryMilliseconds?: number } {
  // Nobody took the lease: kept, the report would open a ledger where there is nothing to tell.
  const { holder, attempts: failed } = ledger.dial;
  if (holder === undefined && failed === 0 && ledger.open.length === 0) return { change: unchanged(ledger) };
  if (report.ok) {
    const given = { ...ledger, dial: { ...othersLease(ledger, report.holder), attempts: 0 } };
    const retryMilliseconds = pauseAfterSession(ledger, now);
    const change = { ...unchanged(ledger), ledger: given };
    return retryMilliseconds === undefined ? { change } : { change, retryMilliseconds };
  }
  const attempts = ledger.dial.attempts + 1;
  const retryMilliseconds = pauseAfter(attempts);
  const next = new Date(now.getTime() + retryMilliseconds).toISOString();
  const { message } = report;
  const open = ledger.open.map((record) =>
    waitsToBeHandedOver(record) ? { ...record, attempts: record.attempts + 1 } : record,
  );
  return {
    change: {
      ledger: { ...ledger, open, dial: { attempts, lastFailure: { at: now.toISOString(), message, next } } },
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

/** The partner has no address: no call will follow until it gets one. */
export function cannotDial(ledger: Ledger, holder: string): LedgerChange {
  const dial = { ...othersLease(ledger, holder), attempts: 0, partnerCalls: true };
  return { ...unchanged(ledger), ledger: { ...ledger, dial } };
}

/** Notes whether the partner has an address; the same ledger where that is known already. */
export function withReach(ledger: Ledger, hasAddress: boolean): Ledger {
  if ((ledger.dial.partnerCalls === true) === !hasAddress) return ledger;
  const { partnerCalls: _before, ...dial } = ledger.dial;
  return { ...ledger, dial: hasAddress ? dial : { ...dial, partnerCalls: true } };
}

/**
 * After how long to call again although the session went well. What came up in the meantime goes soon; what the partner refused
 * for now waits for its time, or two stations would call each other every few seconds for as long as the refusal stands.
 */
function pauseAfterSession(ledger: Ledger, now: Date): number | undefined {
  const pauses = ledger.open.filter(waitsToBeHandedOver).map(({ lastFailure }) => {
    const left = lastFailure?.next === undefined ? 0 : Date.parse(lastFailure.next) - now.getTime();
    return Math.max(left, pauseAfter(1));
  });
  return pauses.length === 0 ? undefined : Math.min(...pauses);
}

/** The lease, where it is not the one that is given back. */
function othersLease({ dial: { holder, until } }: Ledger, given: string): { holder?: string; until?: string } {
  return holder === undefined || holder === given || until === undefined ? {} : { holder, until };
}

function remainingLease(ledger: Ledger, now: Date): number {
  const { until } = ledger.dial;
  return until === undefined ? 0 : Math.max(0, Date.parse(until) - now.getTime());
}

function withLease(ledger: Ledger, holder: string, milliseconds: number, now: Date): Ledger {
  const until = new Date(now.getTime() + milliseconds).toISOString();
  return { ...ledger, dial: { ...ledger.dial, holder, until } };
}
