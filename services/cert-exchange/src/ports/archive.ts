import type { PartnerRef } from '@certlane/contracts';
import type { FinishedEntry } from '../domain/ledger/history.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';

/** Where something stands in a list that goes from newest to oldest: a time in milliseconds of the epoch, then the id. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/** An exchange in the log of all. */
export interface LoggedExchange extends PartnerRef, Place {
  /** Milliseconds of the epoch. */
  readonly createdAt: number;
}

/** Exchanges that are over, and where those are found that are open. Nothing here reads more than it is asked for. */
export interface Archive {
  /** An exchange that is over. */
  get(ref: PartnerRef, id: string): Promise<ExchangeRecord | undefined>;
  /** Whose exchange this is, open or over; undefined where there is none. It may have ended, or never have begun, since. */
  find(id: string): Promise<PartnerRef | undefined>;
  /** Exchanges of one partner that are over, in no particular order; a thousand or so at most. */
  finished(ledger: Ledger): Promise<readonly FinishedEntry[]>;
  /** Stations that know a partner. */
  stationsOf(partner: string): Promise<readonly string[]>;
  /** Exchanges of all, open and over, newest first, from behind a place on. Some may never have come about. */
  newestFirst(after?: Place): AsyncIterable<LoggedExchange>;
}

/** {@link Archive} */
export const ARCHIVE = Symbol('cert-exchange:archive');
