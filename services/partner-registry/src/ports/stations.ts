import type { Change } from '../domain/change.js';
import type { HostClaim } from '../domain/host-claim.js';
import type { StationRecord } from '../domain/records.js';

/** Which stations to list. */
export interface StationPage {
  readonly limit: number;
  /** A `next` or a `place` of a page before. */
  readonly after?: string | undefined;
}

/** A page of stations. */
export interface ListedStations {
  /** Each with the place where the page behind it begins. */
  readonly stations: readonly { readonly record: StationRecord; readonly place: string }[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** Where stations are kept. */
export interface Stations {
  get(id: string): Promise<StationRecord | undefined>;
  /** A page, in a fixed order: as many as `limit`, behind the place `after`. */
  list(page: StationPage): Promise<ListedStations>;
  /**
   * Gives a host name to a station that is added next, and to no other then.
   * @throws {CertlaneError} `already-exists` when another station has it; `conflict`, `unavailable`
   */
  claimHost(asked: Pick<HostClaim, 'host' | 'station'>, now: Date): Promise<void>;
  /**
   * Decides on the present record and keeps the outcome together with its events; decides again when another replica was
   * faster, so `decide` only computes.
   * @returns the record as it stands now
   * @throws {CertlaneError} what `decide` throws; `conflict` after too many lost races; `unavailable`
   */
  change(id: string, decide: (current: StationRecord | undefined) => Change<StationRecord>): Promise<StationRecord>;
}
