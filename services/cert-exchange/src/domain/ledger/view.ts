import type { Exchange, ExchangeWait, PartnerRef } from '@certlane/contracts';
import { waitsToBeHandedOver } from './outbox.js';
import type { DialRecord, ExchangeRecord, Ledger } from './record.js';

/**
 * An exchange as callers see it; what dialling met is shown with what waits for it.
 * @param ledger the ledger it is open in; left out for one that is over
 */
export function viewOf({ station, partner }: PartnerRef, record: ExchangeRecord, ledger?: Ledger): Exchange {
  const { octets, usages, description, lastFailure, certificate, reason, closesBypass, inBypass, ...rest } = record;
  const awaits = ledger === undefined ? undefined : waitOf(record, ledger.dial);
  const calling = ledger !== undefined && waitsToBeHandedOver(record) ? ledger.dial.lastFailure : undefined;
  const failure = latest(lastFailure, calling);
  return {
    ...rest,
    station,
    partner,
    ...(description === '' ? {} : { description }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(reason === undefined ? {} : { reason }),
    ...(awaits === undefined ? {} : { awaits }),
    since: record.state === 'queued' ? record.createdAt : record.updatedAt,
    ...(failure === undefined ? {} : { lastFailure: failure }),
  };
}

function waitOf(record: ExchangeRecord, { partnerCalls }: DialRecord): ExchangeWait | undefined {
  if (waitsToBeHandedOver(record)) return partnerCalls === true ? 'partner-call' : 'our-call';
  if (record.state === 'sent') return 'answer';
  return record.state === 'received' ? 'decision' : undefined;
}

type Failure = NonNullable<ExchangeRecord['lastFailure']>;

function latest(one: Failure | undefined, other: Failure | undefined): Failure | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.at > other.at ? one : other;
}
