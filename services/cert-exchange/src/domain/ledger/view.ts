import type { Exchange, ExchangeWait, PartnerRef } from '@certlane/contracts';
import { waitsToBeHandedOver } from './outbox.js';
import type { DialRecord, ExchangeRecord, Ledger } from './record.js';

/** What is shown beside what a list shows. */
export interface ViewOptions {
  /** The whole of the last decision. */
  readonly decision?: boolean;
}

/**
 * An exchange as callers see it; what dialling met is shown with what waits for it.
 * @param ref whose it is
 * @param record as it is stored
 * @param ledger the ledger it is open in; left out for one that is over
 * @param more what is too much for lists
 */
export function viewOf(ref: PartnerRef, record: ExchangeRecord, ledger?: Ledger, more: ViewOptions = {}): Exchange {
  const { station, partner } = ref;
  const { octets, usages, description, lastFailure, certificate, reason, closesBypass, inBypass, ...others } = record;
  const { decision, held, ...rest } = others;
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
    ...(more.decision !== true || decision === undefined ? {} : { decision }),
    ...(record.state !== 'held' || held?.kinds[0] === undefined ? {} : { approval: held.kinds[0] }),
    since: sinceOf(record),
    ...(failure === undefined ? {} : { lastFailure: failure }),
  };
}

function waitOf(record: ExchangeRecord, { partnerCalls }: DialRecord): ExchangeWait | undefined {
  if (waitsToBeHandedOver(record)) return partnerCalls === true ? 'partner-call' : 'our-call';
  if (record.state === 'sent') return 'answer';
  if (record.state === 'held') return 'approval';
  return record.state === 'received' ? 'decision' : undefined;
}

/** What was tried or looked at again since then leaves it where it stands. */
function sinceOf({ createdAt, held, state, updatedAt }: ExchangeRecord): string {
  if (state === 'queued') return createdAt;
  return state === 'held' && held !== undefined ? held.since : updatedAt;
}

type Failure = NonNullable<ExchangeRecord['lastFailure']>;

function latest(one: Failure | undefined, other: Failure | undefined): Failure | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.at > other.at ? one : other;
}
