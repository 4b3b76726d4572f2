import type { TimerKind } from '@certlane/oftp2';

interface Running {
  readonly timeout: NodeJS.Timeout;
  readonly milliseconds: number;
}

/** The timers of one session. */
export class SessionTimers {
  readonly #expired: (timer: TimerKind) => void;
  readonly #running = new Map<TimerKind, Running>();

  constructor(expired: (timer: TimerKind) => void) {
    this.#expired = expired;
  }

  /** Starts a timer, or starts one that runs anew. */
  start(timer: TimerKind, milliseconds: number): void {
    const running = this.#running.get(timer);
    // The same wait again is the rule while a file passes: refreshing costs a fraction of making a timer.
    if (running?.milliseconds === milliseconds) {
      running.timeout.refresh();
      return;
    }
    if (running !== undefined) clearTimeout(running.timeout);
    const timeout = setTimeout(() => {
      this.#running.delete(timer);
      this.#expired(timer);
    }, milliseconds);
    this.#running.set(timer, { timeout, milliseconds });
  }

  stop(timer: TimerKind): void {
    const running = this.#running.get(timer);
    if (running === undefined) return;
    clearTimeout(running.timeout);
    this.#running.delete(timer);
  }

  stopAll(): void {
    for (const timer of [...this.#running.keys()]) this.stop(timer);
  }
}
