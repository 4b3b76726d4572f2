import type { Change, Fact } from '../domain/change.js';
import type { PartnerRecord } from '../domain/records.js';

/** Names a partner: its Odette ID inside one of our stations. */
export interface PartnerKey {
  readonly station: string;
  readonly partner: string;
}

/** A record with the revision it was read at. */
export interface Kept {
  readonly record: PartnerRecord;
  /** Opaque; changes with every change of the record. */
  readonly revision: string;
}

/** Which partners to list. */
export interface PartnerFilter {
  readonly station?: string | undefined;
  readonly partner?: string | undefined;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

/** A page of partners. */
export interface ListedPartners {
  /** Each with the place where the page behind it begins. */
  readonly partners: readonly { readonly record: PartnerRecord; readonly place: string }[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** Where partners are kept. */
export interface Partners {
  get(key: PartnerKey): Promise<Kept | undefined>;
  /** Stations that know a partner with this Odette ID that calls, and some that did once. Any text may be asked for. */
  stationsOf(partner: string): Promise<readonly string[]>;
  /** A page, in a fixed order. */
  list(filter: PartnerFilter): Promise<ListedPartners>;
  /**
   * Decides on the present record and keeps the outcome together with its events; decides again when another replica was
   * faster, so `decide` only computes. Without a record and without facts nothing is written.
   * @returns what stands now, and the record it was decided on
   * @throws {CertlaneError} what `decide` throws; `conflict` after too many lost races; `unavailable`
   */
  change(key: PartnerKey, decide: (current: Kept | undefined) => Change<PartnerRecord>): Promise<Changed>;
  /**
   * Removes a partner and all that is on file for it, together with its events; decides again when it was changed meanwhile.
   * @returns the record that was removed; undefined when there was none
   * @throws {CertlaneError} what `decide` throws, `conflict`, `unavailable`
   */
  remove(
    key: PartnerKey,
    decide: (current: PartnerRecord) => Promise<readonly Fact[]>,
  ): Promise<PartnerRecord | undefined>;
}

/** The outcome of a change. */
export interface Changed {
  readonly before: PartnerRecord | undefined;
  readonly after: Kept;
  /** Whether anything was written. */
  readonly changed: boolean;
}
