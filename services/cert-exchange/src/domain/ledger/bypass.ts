import type { Partner } from '@certlane/contracts';
import type { ExchangeRecord, Ledger } from './record.js';

/**
 * Whether a certificate that came through the bypass is the first of its partner for session authentication, so that taking it
 * over closes the bypass. The same before and after the take-over, since a decision that was cut off between the two is made
 * again; and the same for a request that brings what a delivery in the same session brought before it.
 */
export function closesBypass(
  partner: Pick<Partner, 'secureAuthentication' | 'certificates'>,
  { inBypass }: Pick<ExchangeRecord, 'inBypass'>,
  { fingerprint, usages }: { readonly fingerprint: string; readonly usages: readonly string[] },
): boolean {
  if (inBypass !== true || !partner.secureAuthentication || !usages.includes('session-authentication')) return false;
  return partner.certificates
    .filter((filed) => filed.usages.includes('session-authentication'))
    .every((filed) => filed.fingerprint === fingerprint && filed.origin.by === 'exchange');
}

/**
 * What may be handed over in a session without secure authentication. Until the bypass is closed that is all there is; from then
 * on answers to what came through it, and what is left of the exchange that closed it: nobody has proven to be the partner.
 */
export function passesInBypass(ledger: Ledger): (record: ExchangeRecord) => boolean {
  const closes = closesPresentBypass(ledger);
  if (!ledger.open.some(closes)) return () => true;
  return (record) => closes(record) || (record.direction === 'inbound' && record.inBypass === true);
}

/** What closed a bypass that was reopened since neither narrows the present one nor keeps it open. */
function closesPresentBypass({ bypass }: Ledger): (record: ExchangeRecord) => boolean {
  const since = bypass === undefined ? 0 : Date.parse(bypass.since);
  return (record) => record.closesBypass === true && closedAt(record) >= since;
}

/** When the bypass was closed by it: a file may wait for a person long before it is decided. */
function closedAt({ createdAt, decision }: ExchangeRecord): number {
  return Date.parse(decision?.at ?? createdAt);
}

/**
 * An exchange that closed the bypass may be finished in it for so long, whatever the limits of the bypass: who calls once in a
 * while gets its turn, and nothing stays open for ever behind an operator's back. As long as a bypass usually lasts.
 */
const FINISHABLE_MILLISECONDS = 30 * 86_400_000;

/**
 * What is left to do of the exchange that closed the bypass: our answer to the certificate, and our own certificates where it
 * asked for them. The partner may not hold one of ours yet, so a session that was cut off could never be taken up with secure
 * authentication; it is finished as it began. Once the partner has received everything (RTR, EFPA), it needs no bypass any more.
 */
export function unfinishedInBypass(ledger: Ledger, now: Date): readonly ExchangeRecord[] {
  const closes = closesPresentBypass(ledger);
  return ledger.open.filter(
    (open) =>
      closes(open) &&
      (open.direction === 'inbound' || open.state === 'queued') &&
      now.getTime() - closedAt(open) <= FINISHABLE_MILLISECONDS,
  );
}

/**
 * Whether the next call to a partner finishes an exchange in the bypass. Nobody can know what the partner holds of ours when a
 * session was cut off, so calls take turns: in the bypass and with secure authentication, beginning with what is likelier.
 */
export function finishesByCalling(ledger: Ledger, now: Date): boolean {
  const unfinished = unfinishedInBypass(ledger, now);
  if (unfinished.length === 0) return false;
  // Who asked for ours, or has not received them, hardly holds them; who answered our own request does.
  const lacksOurs = unfinished.some(({ direction, kind }) => direction === 'outbound' || kind === 'request');
  return (ledger.dial.attempts % 2 === 0) === lacksOurs;
}
