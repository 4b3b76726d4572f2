import type { ApprovalKind, PartnerRef } from '@certlane/contracts';

/** Where a held exchange lies, so that nobody has to look through all ledgers for it. */
export interface HeldEntry extends PartnerRef {
  readonly exchange: string;
  readonly since: string;
  readonly kinds: readonly ApprovalKind[];
}

/**
 * Which exchanges are held, or were decided by a person while the partner has no answer yet. An entry is noted before the ledger says so
 * and forgotten some time after it no longer does: one that is left over points at an exchange that is neither, which does no harm.
 */
export interface HeldIndex {
  note(entry: HeldEntry): Promise<void>;
  forget(exchange: string): Promise<void>;
  find(exchange: string): Promise<HeldEntry | undefined>;
  /** All entries, in no particular order. */
  all(): AsyncIterable<HeldEntry>;
}

/** {@link HeldIndex} */
export const HELD_INDEX = Symbol('cert-exchange:held-index');
