import type { PartnerRef } from '@certlane/contracts';
import type { LedgerChange } from '../domain/ledger/change.js';
import type { Ledger } from '../domain/ledger/record.js';

/** A step over the present ledger: changes nothing itself, and may run again when another writer was faster. */
export type Step<Result> = (ledger: Ledger) => LedgerStep<Result> | Promise<LedgerStep<Result>>;

/** What a step makes of the ledger, and what it gives its caller. */
export interface LedgerStep<Result> extends LedgerChange {
  readonly result: Result;
  /** Hand out a job to dial the partner with this write. */
  readonly dial?: boolean;
  /** Hand out a job to decide this exchange later with this write. */
  readonly evaluateLater?: string;
}

/** What is open with each partner. A step, its events and its jobs are one write. */
export interface Ledgers {
  /** The present ledger; an empty one where nothing was ever open. */
  read(ref: PartnerRef): Promise<Ledger>;
  /**
   * As {@link read}, for who is about to go on from it: what former steps have to tell is told before.
   * @throws {CertlaneError} `unavailable` when that cannot be told now
   */
  takeUp(ref: PartnerRef): Promise<Ledger>;
  /**
   * Applies a step to the present ledger; nothing is written when it changes nothing.
   * @throws {CertlaneError} `conflict` when other writers never let it through, `unavailable` when the store is away
   */
  change<Result>(ref: PartnerRef, step: Step<Result>): Promise<Result>;
  /** All ledgers, for taking up after a start what was left undone. */
  all(): AsyncIterable<Ledger>;
}

/** {@link Ledgers} */
export const LEDGERS = Symbol('cert-exchange:ledgers');
