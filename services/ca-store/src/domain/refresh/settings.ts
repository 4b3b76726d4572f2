/** How often what others publish is read, and how long it counts. */
export interface RefreshSettings {
  /** Between two readings of a revocation list; 24 h unless set (OP08 2.6). */
  readonly listIntervalMs: number;
  /** Days since thisUpdate after which a revocation list no longer counts; 15 unless set (OP08 2.6). */
  readonly listMaximumAgeDays: number;
  /** Between two readings of a whole trust list. */
  readonly trustListIntervalMs: number;
}

const HOUR = 3_600_000;

/** What holds unless it is set. */
export const usualRefresh: RefreshSettings = {
  listIntervalMs: 24 * HOUR,
  listMaximumAgeDays: 15,
  trustListIntervalMs: 24 * HOUR,
};
