import { exchangeEvents, outboundFile, type ExchangeFailure } from '@certlane/contracts';
import { fingerprintOf } from '../fingerprint.js';
import { aboutExchange, also, unchanged, withoutRecord, type LedgerChange } from './change.js';
import type { ExchangeRecord, Ledger } from './record.js';

/** Longest SFIDDESC (RFC 5024 §5.3.3), in octets. */
const LONGEST_DESCRIPTION = 999;

/**
 * Ends what can never be handed over: a file whose octets are not the certificate it was queued for, or that the protocol has no
 * fields for. Left alone it would be offered, and the partner called, without end.
 */
export function giveUpUnsendable(ledger: Ledger, now: Date): LedgerChange {
  let change = unchanged(ledger);
  for (const record of ledger.open) {
    const why = record.state === 'queued' ? whyUnsendable(record) : undefined;
    if (why !== undefined) change = also(change, givenUp(change.ledger, record, 'unsendable', why, now));
  }
  return change;
}

/** The session could not put it into the fields of the protocol: neither can any other. */
export function itemUnsendable(ledger: Ledger, id: string, message: string, now: Date): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.state === 'queued') return givenUp(ledger, record, 'unsendable', message, now);
  if (record?.state !== 'accepted' && record?.state !== 'refused') return unchanged(ledger);
  // The decision stands; it is our answer that cannot go. Should the file come again, its answer is owed again.
  const at = now.toISOString();
  return {
    ledger: withoutRecord(ledger, id),
    closed: [{ ...record, lastFailure: { at, message }, updatedAt: at }],
    events: [failure(ledger, record, 'unsendable', message)],
  };
}

/** The partner was removed: whatever was open with it is over, visibly, instead of waiting for nobody. */
export function partnerRemoved(ledger: Ledger, now: Date): LedgerChange {
  const message = 'the partner was removed before this was over';
  let change = unchanged(ledger);
  for (const record of ledger.open) {
    change = also(change, givenUp(change.ledger, record, 'partner-removed', message, now));
  }
  return change;
}

/** Why a queued file can never be sent; undefined where it can. */
export function whyUnsendable(record: ExchangeRecord): string | undefined {
  const { certificate, description, file, octets } = record;
  if (Buffer.byteLength(description) > LONGEST_DESCRIPTION) {
    return `SFIDDESC would have ${Buffer.byteLength(description)} octets, ${LONGEST_DESCRIPTION} are possible`;
  }
  const fitting = outboundFile.safeParse({ identity: file, description, octets });
  if (!fitting.success) {
    const [issue] = fitting.error.issues;
    return `the stored file does not fit what can be sent: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  }
  if (certificate === undefined || octets === '') return 'the certificate it was to carry is gone';
  if (fingerprintOf(octets) === certificate.fingerprint) return undefined;
  return 'the stored octets are not the certificate it was queued for';
}

/** Ends an exchange that nothing which happens by itself could carry on. */
export function givenUp(
  ledger: Ledger,
  record: ExchangeRecord,
  reason: ExchangeFailure,
  message: string,
  now: Date,
): LedgerChange {
  const over: ExchangeRecord = { ...record, state: 'failed', reason, message, updatedAt: now.toISOString() };
  return {
    ledger: withoutRecord(ledger, record.id),
    closed: [over],
    events: [failure(ledger, record, reason, message)],
  };
}

function failure(ledger: Ledger, record: ExchangeRecord, reason: ExchangeFailure, message: string) {
  const { direction } = record;
  return {
    contract: exchangeEvents.failed,
    data: { ...aboutExchange(ledger, record), direction, reason, message },
  };
}
