import { isCertlaneError, toCertlaneError } from '@certlane/contracts';
import type { Logger } from '@certlane/runtime';
import type { Ledgers } from '../ports/ledgers.js';
import type { EvaluateExchange } from './evaluate-exchange.js';

/** Takes up after a start what a killed process left undone: stored files without a decision. */
export class Recover {
  readonly #ledgers: Ledgers;
  readonly #evaluate: EvaluateExchange;
  readonly #logger: Logger;

  constructor(options: { ledgers: Ledgers; evaluate: EvaluateExchange; logger: Logger }) {
    this.#ledgers = options.ledgers;
    this.#evaluate = options.evaluate;
    this.#logger = options.logger;
  }

  /** What cannot be decided now is handed out as a job, which is retried until it can. */
  async run(): Promise<void> {
    for await (const { station, partner, open } of this.#ledgers.all()) {
      for (const { id, state } of open) {
        if (state === 'received') await this.#takeUp({ station, partner }, id);
      }
    }
  }

  async #takeUp(ref: { station: string; partner: string }, id: string): Promise<void> {
    try {
      await this.#evaluate.run(ref, id);
      this.#logger.info({ ...ref, exchange: id }, 'undecided exchange taken up');
    } catch (thrown) {
      if (!isCertlaneError(thrown)) throw thrown;
      this.#logger.warn({ ...ref, exchange: id, err: toCertlaneError(thrown) }, 'exchange cannot be decided yet');
      await this.#ledgers.change(ref, (ledger) => ({
        ledger,
        closed: [],
        events: [],
        evaluateLater: id,
        result: undefined,
      }));
    }
  }
}
