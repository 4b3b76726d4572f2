import type { Approval, PartnerRef } from '@certlane/contracts';
import type { ExchangeRecord } from './record.js';

/** A held exchange as the person sees it who is to decide; undefined where it is not held. */
export function approvalViewOf({ station, partner }: PartnerRef, record: ExchangeRecord): Approval | undefined {
  const { id, state, held, certificate, kind, file } = record;
  if (state !== 'held' || held?.kinds[0] === undefined || certificate === undefined) return undefined;
  const others = held.kinds.length === 1 ? '' : ` (also waits for: ${held.kinds.slice(1).join(', ')})`;
  const whose = file.originator === partner ? '' : `sub-station '${file.originator}': `;
  return {
    id,
    station,
    partner,
    kind: held.kinds[0],
    exchange: kind,
    certificate,
    message: `${whose}${record.message}${others}`,
    since: held.since,
    entries: held.entries,
    excluded: held.excluded,
  };
}
