import { exchangeEvents, type RefusalReason } from '@certlane/contracts';
import { unchanged, type LedgerChange } from './change.js';
import type { BypassRecord, Ledger } from './record.js';

/** A session that runs in the bypass, or that only the bypass could have let in. */
export interface BypassSession {
  readonly session: string;
  readonly direction: 'inbound' | 'outbound';
  readonly remoteAddress: string;
  /** When the bypass was opened; from another time on everything counts anew. */
  readonly since: string;
}

/** Far more sessions than run with one partner while a reply is lost. */
const REMEMBERED = 16;
const MINUTE = 60_000;

/** Reasons for which a session is refused that would have run in the bypass. */
export const bypassRefusals = [
  'bypass-closed',
  'bypass-expired',
  'bypass-exhausted',
  'bypass-address',
] as const satisfies readonly RefusalReason[];
/** Why the bypass lets a session not in. */
export type BypassRefusal = (typeof bypassRefusals)[number];

/** Whether a session was refused that would have run in the bypass. */
export function isBypassRefusal(reason: RefusalReason): reason is BypassRefusal {
  return bypassRefusals.some((refusal) => refusal === reason);
}

/** Sessions that have run in the bypass since it was opened. */
export function usesOf(ledger: Ledger, since: string): number {
  return presentBypass(ledger, since).uses;
}

/** Sessions that have run in the bypass since it was opened, one that asks again left out. */
export function otherUses(ledger: Ledger, { since, session }: Pick<BypassSession, 'since' | 'session'>): number {
  const { uses, sessions } = presentBypass(ledger, since);
  return sessions.includes(session) ? uses - 1 : uses;
}

/** Counts a session that runs in the bypass; the same one again changes nothing. */
export function useBypass(ledger: Ledger, used: BypassSession): LedgerChange {
  const bypass = presentBypass(ledger, used.since);
  if (bypass.sessions.includes(used.session)) return unchanged(ledger);
  const uses = bypass.uses + 1;
  const sessions = [...bypass.sessions, used.session].slice(-REMEMBERED);
  const { session, direction, remoteAddress } = used;
  return {
    ledger: { ...ledger, bypass: { ...bypass, uses, sessions } },
    closed: [],
    events: [
      {
        contract: exchangeEvents.bypassUsed,
        data: { station: ledger.station, partner: ledger.partner, session, direction, remoteAddress, uses },
      },
    ],
  };
}

/** Counts a session that the bypass did not let in. Whoever tries it over and over is told of once a minute. */
export function refuseBypass(
  ledger: Ledger,
  refused: BypassSession & { readonly reason: BypassRefusal; readonly message: string },
  now: Date,
): LedgerChange {
  const bypass = presentBypass(ledger, refused.since);
  const untold = (bypass.refused?.untold ?? 0) + 1;
  const toldAt = bypass.refused?.toldAt;
  if (toldAt !== undefined && now.getTime() - Date.parse(toldAt) < MINUTE) {
    return unchanged({ ...ledger, bypass: { ...bypass, refused: { untold, toldAt } } });
  }
  const { session, remoteAddress, reason, message } = refused;
  return {
    ledger: { ...ledger, bypass: { ...bypass, refused: { untold: 0, toldAt: now.toISOString() } } },
    closed: [],
    events: [
      {
        contract: exchangeEvents.bypassRefused,
        data: {
          station: ledger.station,
          partner: ledger.partner,
          session,
          remoteAddress,
          reason,
          message,
          refused: untold,
        },
      },
    ],
  };
}

/** Refusals go on being counted where the bypass was opened anew: they are told by the minute. */
function presentBypass({ bypass }: Ledger, since: string): BypassRecord {
  if (bypass?.since === since) return bypass;
  return { since, uses: 0, sessions: [], ...(bypass?.refused === undefined ? {} : { refused: bypass.refused }) };
}
