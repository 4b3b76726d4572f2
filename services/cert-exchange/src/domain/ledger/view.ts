import type { Exchange, PartnerRef } from '@certlane/contracts';
import type { ExchangeRecord, Ledger } from './record.js';

/** An exchange as callers see it; what dialling met is shown with what waits for it. */
export function viewOf({ station, partner }: PartnerRef, record: ExchangeRecord, ledger?: Ledger): Exchange {
  const { octets, usages, description, lastFailure, certificate, reason, closesBypass, inBypass, ...rest } = record;
  const dial = record.state === 'queued' ? ledger?.dial : undefined;
  const failure = dial?.lastFailure ?? lastFailure;
  return {
    ...rest,
    station,
    partner,
    ...(description === '' ? {} : { description }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(reason === undefined ? {} : { reason }),
    attempts: dial?.attempts ?? 0,
    ...(failure === undefined ? {} : { lastFailure: failure }),
  };
}
