import type { Logger } from 'pino';

/** At the end of a process there is no time for more; other replicas do the rest. */
const FINISH_MS = 2_000;
const AT_ONCE = 16;

/** Runs a clean-up for keys that were not touched for a while; a key that is touched again waits anew. */
export class LazyClearing {
  readonly #delayMs: number;
  readonly #clear: (key: string) => Promise<void>;
  readonly #logger: Logger;
  /** Due times in order of insertion, which is their order. */
  readonly #due = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #finished = false;

  constructor(delayMs: number, clear: (key: string) => Promise<void>, logger: Logger) {
    this.#delayMs = delayMs;
    this.#clear = clear;
    this.#logger = logger;
  }

  plan(key: string): void {
    this.#due.delete(key);
    this.#due.set(key, Date.now() + this.#delayMs);
    this.#wake();
  }

  forget(key: string): void {
    this.#due.delete(key);
  }

  /** Clears everything now, for two seconds at most. */
  async finish(): Promise<void> {
    this.#finished = true;
    clearTimeout(this.#timer);
    const deadline = Date.now() + FINISH_MS;
    while (this.#due.size > 0 && Date.now() < deadline) await this.#run(Infinity);
  }

  #wake(): void {
    if (this.#timer !== undefined || this.#finished) return;
    const [first] = this.#due.values();
    if (first === undefined) return;
    this.#timer = setTimeout(() => void this.#tick(), Math.max(first - Date.now(), 1)).unref();
  }

  async #tick(): Promise<void> {
    await this.#run(Date.now());
    this.#timer = undefined;
    this.#wake();
  }

  async #run(until: number): Promise<void> {
    const batch: string[] = [];
    for (const [key, due] of this.#due) {
      if (due > until || batch.length === AT_ONCE) break;
      batch.push(key);
    }
    for (const key of batch) this.#due.delete(key);
    const results = await Promise.allSettled(batch.map((key) => this.#clear(key)));
    for (const result of results) {
      // The record keeps its messages; who looks for leftovers finds it.
      if (result.status === 'rejected')
        this.#logger.debug({ err: result.reason as unknown }, 'clearing a document failed');
    }
  }
}
