/** What a process has in hand: so many at once, so many more waiting, and a way to wait until all is done. */
export class InFlight {
  readonly #limit: number;
  readonly #waitingLimit: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #idle: (() => void)[] = [];

  /** @param waiting how many may wait beyond those that run; ten times as many unless told */
  constructor(limit: number, waiting = limit * 10) {
    this.#limit = limit;
    this.#waitingLimit = waiting;
  }

  /**
   * Runs work as soon as there is room.
   * @param work must not reject: what fails answers for itself
   * @returns false when even the waiting room is full: nothing will run
   */
  run(work: () => Promise<void>): boolean {
    if (this.#running < this.#limit) {
      void this.#start(work);
      return true;
    }
    if (this.#waiting.length >= this.#waitingLimit) return false;
    this.#waiting.push(work);
    return true;
  }

  /** Resolves true when nothing runs or waits any more, false after so many milliseconds. */
  idle(milliseconds: number): Promise<boolean> {
    if (this.#running === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      this.#idle.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  async #start(work: () => Promise<void>): Promise<void> {
    this.#running += 1;
    for (let next: (() => Promise<void>) | undefined = work; next !== undefined; next = this.#waiting.shift())
      await next();
    this.#running -= 1;
    if (this.#running > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}
