import type { AuditRequests, OpenIntent, ParsedReplyOf } from '@certlane/contracts';
import type { Bus } from '../nats/bus.js';
import { eachPage } from '../nats/pages.js';

/** What is known of a whole trail. */
export interface AuditVerdict {
  /** Entries that are good. */
  readonly entries: number;
  readonly ok: boolean;
  /** The first entry that is not good; nothing behind it was looked at. */
  readonly broken?: NonNullable<ParsedReplyOf<AuditRequests['auditVerify']>['broken']>;
  /** Acts without an end, by number. */
  readonly open: readonly OpenIntent[];
  /** The last good entry. Noted elsewhere, it shows later that the trail is still the same: see `after` of `audit.verify`. */
  readonly head?: { readonly number: number; readonly hash: string };
}

/**
 * Has a service recompute its whole audit trail, stretch by stretch.
 * @param contract `audit.verify` of the service
 * @throws {CertlaneError} what {@link Bus.request} throws
 */
export async function verifyAudit(bus: Bus, contract: AuditRequests['auditVerify']): Promise<AuditVerdict> {
  const open = new Map<number, OpenIntent>();
  let verdict: AuditVerdict = { entries: 0, ok: true, open: [] };
  for await (const { entries, ok, broken, head, ...stretch } of eachPage(bus, contract, {})) {
    for (const intent of stretch.open) open.set(intent.number, intent);
    for (const number of stretch.closed) open.delete(number);
    verdict = {
      ...verdict,
      entries: verdict.entries + entries,
      ok,
      ...(broken === undefined ? {} : { broken }),
      ...(head === undefined ? {} : { head }),
    };
  }
  return { ...verdict, open: [...open.values()] };
}
