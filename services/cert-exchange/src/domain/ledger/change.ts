import type { exchangeEvents } from '@certlane/contracts';
import { type DataOf } from '@certlane/contracts';
import type { ExchangeRecord, Ledger } from './record.js';

/** Something that happened in a ledger, to be told with the write that makes it so. */
export type LedgerEvent = {
  [Name in keyof typeof exchangeEvents]: {
    readonly contract: (typeof exchangeEvents)[Name];
    readonly data: DataOf<(typeof exchangeEvents)[Name]>;
  };
}[keyof typeof exchangeEvents];

/** What a step makes of a ledger. */
export interface LedgerChange {
  readonly ledger: Ledger;
  /** Exchanges that are over: they leave the ledger for the archive. */
  readonly closed: readonly ExchangeRecord[];
  readonly events: readonly LedgerEvent[];
}

/** A step that found nothing to do: the same call again, or something that is over. */
export function unchanged(ledger: Ledger): LedgerChange {
  return { ledger, closed: [], events: [] };
}

/** Whether a step changed anything that must be written. */
export function isChange(before: Ledger, change: LedgerChange): boolean {
  return change.ledger !== before || change.events.length > 0 || change.closed.length > 0;
}

/** The ledger with one exchange replaced by its next form. */
export function withRecord(ledger: Ledger, record: ExchangeRecord): Ledger {
  return { ...ledger, open: ledger.open.map((open) => (open.id === record.id ? record : open)) };
}

/** The ledger without one exchange. */
export function withoutRecord(ledger: Ledger, id: string): Ledger {
  return { ...ledger, open: ledger.open.filter((open) => open.id !== id) };
}

/** What every event about an exchange says. */
export function aboutExchange(ledger: Ledger, record: ExchangeRecord) {
  return {
    station: ledger.station,
    partner: ledger.partner,
    exchange: record.id,
    kind: record.kind,
    file: record.file,
  };
}

/** Two steps as one. */
export function also(first: LedgerChange, second: LedgerChange): LedgerChange {
  return {
    ledger: second.ledger,
    closed: [...first.closed, ...second.closed],
    events: [...first.events, ...second.events],
  };
}
