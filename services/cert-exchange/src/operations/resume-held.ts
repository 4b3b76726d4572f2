import { isCertlaneError } from '@certlane/contracts';
import type { Clock, Logger } from '@certlane/runtime';
import { awaitsAnswerOfPerson } from '../domain/ledger/approval-view.js';
import type { HeldEntry, HeldIndex } from '../ports/held-index.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { EvaluateExchange } from './evaluate-exchange.js';

/** Entries that one walk looks at; the next one goes on behind them. */
const MOST_A_WALK = 500;
/** An entry is noted before its ledger says so: one that is younger may still come true. */
const LEFT_OVER_AFTER_MILLISECONDS = 600_000;

/**
 * Decides anew what waits for something that changes by itself: nobody could tell whether a certificate is revoked. Also carries out
 * what a person decided while it could not be carried out, and takes entries out of the index that were left over.
 */
export class ResumeHeld {
  readonly #ledgers: Ledgers;
  readonly #held: HeldIndex;
  readonly #evaluate: EvaluateExchange;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #walk: Promise<void> | undefined;
  #again = false;
  #signal: AbortSignal | undefined;
  #last = '';

  constructor(options: {
    readonly ledgers: Ledgers;
    readonly held: HeldIndex;
    readonly evaluate: EvaluateExchange;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#ledgers = options.ledgers;
    this.#held = options.held;
    this.#evaluate = options.evaluate;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /**
   * One walk at a time: lists come in bursts, and what comes during a walk is looked at by one more.
   * @param signal aborts the walk; it holds for those that follow without one
   */
  async run(signal?: AbortSignal): Promise<void> {
    this.#signal = signal ?? this.#signal;
    this.#again = true;
    this.#walk ??= this.#walks().finally(() => (this.#walk = undefined));
    return this.#walk;
  }

  async #walks(): Promise<void> {
    while (this.#again && !this.#isToStop()) {
      this.#again = false;
      for (const entry of await this.#next()) {
        if (this.#isToStop()) return;
        this.#last = entry.exchange;
        if (!(await this.#resume(entry))) return;
      }
    }
  }

  /** Those behind the last one that was looked at, then from the beginning. */
  async #next(): Promise<HeldEntry[]> {
    const entries: HeldEntry[] = [];
    for await (const entry of this.#held.all()) entries.push(entry);
    entries.sort((a, b) => (a.exchange < b.exchange ? -1 : 1));
    const behind = entries.findIndex(({ exchange }) => exchange > this.#last);
    const turned = behind === -1 ? entries : [...entries.slice(behind), ...entries.slice(0, behind)];
    return turned.slice(0, MOST_A_WALK);
  }

  /** @returns false where nothing can be decided now: the next walk tries again */
  async #resume(entry: HeldEntry): Promise<boolean> {
    const { station, partner, exchange } = entry;
    const ref = { station, partner };
    try {
      const record = (await this.#ledgers.read(ref)).open.find(({ id }) => id === exchange);
      if (record?.state === 'held') await this.#evaluate.run(ref, exchange);
      else if (!(record !== undefined && awaitsAnswerOfPerson(record)) && this.#isLeftOver(entry))
        await this.#held.forget(exchange);
      return true;
    } catch (thrown) {
      this.#logger.warn({ ...ref, exchange, err: thrown }, 'held exchange cannot be decided yet');
      return !isCertlaneError(thrown) || thrown.code !== 'unavailable';
    }
  }

  #isToStop(): boolean {
    return this.#signal?.aborted === true;
  }

  #isLeftOver({ since }: HeldEntry): boolean {
    return this.#clock.now().getTime() - Date.parse(since) > LEFT_OVER_AFTER_MILLISECONDS;
  }
}
