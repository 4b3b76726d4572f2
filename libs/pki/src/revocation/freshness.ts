/** How old what is said about revocation may be. */
export interface FreshnessLimits {
  /**
   * Days since thisUpdate after which nothing is relied on, whatever nextUpdate says; 15 when left out (OP08 2.6). Infinity leaves
   * the age to nextUpdate alone.
   */
  readonly maximumAgeDays?: number | undefined;
  /** Seconds by which clocks may differ; 300 when left out. */
  readonly clockSkewSeconds?: number | undefined;
}

const DAY = 86_400_000;

/** The limits in milliseconds. */
export class Freshness {
  private readonly maximumAge: number;
  private readonly skew: number;

  constructor({ maximumAgeDays = 15, clockSkewSeconds = 300 }: FreshnessLimits) {
    this.maximumAge = maximumAgeDays * DAY;
    this.skew = clockSkewSeconds * 1000;
  }

  /** Why something issued at `thisUpdate` is of the future; undefined if it is not. */
  ofTheFuture(thisUpdate: Date, at: Date): string | undefined {
    return thisUpdate.getTime() <= at.getTime() + this.skew
      ? undefined
      : `is of the future: it was issued at ${thisUpdate.toISOString()}`;
  }

  /** Why something that gives no later news than `nextUpdate` is too old; undefined if it is not. */
  outdated(nextUpdate: Date | undefined, at: Date): string | undefined {
    if (nextUpdate === undefined) return 'does not say when the next one comes';
    return at.getTime() <= nextUpdate.getTime() + this.skew
      ? undefined
      : `is outdated: the next one was due at ${nextUpdate.toISOString()}`;
  }

  /** Why something issued at `thisUpdate` is too old by our own limit; undefined if it is not. */
  tooOld(thisUpdate: Date, at: Date): string | undefined {
    return at.getTime() - thisUpdate.getTime() <= this.maximumAge
      ? undefined
      : `is too old: more than ${this.maximumAge / DAY} days have passed since ${thisUpdate.toISOString()}`;
  }
}
