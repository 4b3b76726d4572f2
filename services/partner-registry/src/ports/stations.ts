import type { Change } from '../domain/change.js';
import type { StationRecord } from '../domain/records.js';

/** Where stations are kept. */
export interface Stations {
  get(id: string): Promise<StationRecord | undefined>;
  /** All of them, by id. */
  all(): Promise<readonly StationRecord[]>;
  /**
   * Decides on the present record and keeps the outcome together with its events; decides again when another replica was
   * faster, so `decide` only computes.
   * @returns the record as it stands now
   * @throws {CertlaneError} what `decide` throws; `conflict` after too many lost races; `unavailable`
   */
  change(id: string, decide: (current: StationRecord | undefined) => Change<StationRecord>): Promise<StationRecord>;
}
