const MINUTE = 60_000;

/** So many events a minute, a minute's worth at once: a token bucket that is told the time. */
export class EventBudget {
  readonly #perMinute: number;
  #tokens: number;
  #filledAt: number;

  constructor(perMinute: number, now: Date) {
    this.#perMinute = perMinute;
    this.#tokens = perMinute;
    this.#filledAt = now.getTime();
  }

  /** Whether one more may go out now; takes its place if so. */
  spend(now: Date): boolean {
    const gained = (Math.max(0, now.getTime() - this.#filledAt) * this.#perMinute) / MINUTE;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + gained);
    this.#filledAt = now.getTime();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
