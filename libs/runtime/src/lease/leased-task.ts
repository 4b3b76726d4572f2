import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease } from './lease.js';

/** What a task is made of. */
export interface LeasedTaskParts {
  readonly lease: Lease;
  /** For the log. */
  readonly name: string;
  /** Milliseconds from the begin of a run to the begin of the next; a run that takes longer is followed at once. */
  readonly everyMs: number;
  /**
   * One run. It has to give up when the signal aborts (the lease is lost, or the task is stopped), because another replica goes on then.
   * What it throws is logged, and the next run comes as if it had not.
   */
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
}

/** How often a holder renews within the duration of its lease: it may fail twice. */
const RENEWALS = 3;
/** Of every pause: what starts together does not stay together. */
const JITTER = 0.1;

/**
 * Work for one replica at a time, again and again. Whoever holds the lease keeps it between the runs and renews it; the others ask for it
 * three times a duration. So the first run comes at once where nobody holds it, and another replica goes on soon after a clean stop, and
 * after one duration when the holder was killed. A replica that takes over runs at once: the work has to find out itself what is due.
 */
export class LeasedTask {
  readonly #parts: LeasedTaskParts;
  readonly #stopping = new AbortController();
  #done: Promise<void> | undefined;

  constructor(parts: LeasedTaskParts) {
    this.#parts = parts;
  }

  /** Whether this replica is the one that runs it now. */
  get held(): boolean {
    return this.#parts.lease.leftMs > 0;
  }

  /** Begins; a second call does nothing. */
  start(): void {
    this.#done ??= this.#run();
  }

  /** Aborts what runs, waits for it to give up, gives the lease back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { lease, name, logger } = this.#parts;
    const { signal } = this.#stopping;
    await this.#pause(jittered(lease.durationMs / RENEWALS / 10));
    while (!signal.aborted) {
      try {
        if (await lease.take()) await this.#hold();
      } catch (thrown) {
        logger.warn({ task: name, err: thrown }, 'the lease of a task cannot be had now');
      }
      await this.#pause(jittered(lease.durationMs / RENEWALS));
    }
    await lease
      .release()
      .catch((thrown: unknown) => logger.warn({ task: name, err: thrown }, 'the lease of a task was not given back'));
  }

  /** Runs as long as the lease is ours. */
  async #hold(): Promise<void> {
    const { name, everyMs, work, logger } = this.#parts;
    logger.debug({ task: name }, 'task runs in this replica from now on');
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, ended.signal]);
    const over = () => signal.aborted;
    const renewing = this.#renew(signal, () => ended.abort());
    while (!over()) {
      const next = performance.now() + jittered(everyMs);
      try {
        await work(signal);
      } catch (thrown) {
        if (over()) logger.debug({ task: name, err: thrown }, 'task gave up');
        else logger.warn({ task: name, err: thrown }, 'task failed and is run again');
      }
      await pause(next - performance.now(), signal);
    }
    await renewing;
  }

  /** Until the lease ends: because somebody else has it, or because the store has not answered for too long. */
  async #renew(signal: AbortSignal, ended: () => void): Promise<void> {
    const { lease, name, logger } = this.#parts;
    // A store that does not answer must not keep the end from being noticed.
    let timer = setTimeout(ended, lease.leftMs).unref();
    for (;;) {
      await pause(lease.durationMs / RENEWALS, signal);
      if (signal.aborted) break;
      try {
        if (!(await lease.take())) ended();
      } catch (thrown) {
        logger.warn({ task: name, err: thrown }, 'the lease of a task cannot be renewed now');
      }
      clearTimeout(timer);
      if (lease.leftMs <= 0) ended();
      else timer = setTimeout(ended, lease.leftMs).unref();
    }
    clearTimeout(timer);
    if (!this.#stopping.signal.aborted) logger.warn({ task: name }, 'the lease of a task is lost');
  }

  #pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, this.#stopping.signal);
  }
}

/** Resolves early when the signal aborts. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

function jittered(milliseconds: number): number {
  return milliseconds * (1 - JITTER * Math.random());
}
