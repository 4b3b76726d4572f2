import { isCertlaneError, type PartnerRef } from '@certlane/contracts';
import type { Logger } from '@certlane/runtime';
import type { Ledger } from '../domain/ledger/record.js';
import type { HeldIndex } from '../ports/held-index.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { EvaluateExchange } from './evaluate-exchange.js';
import type { FollowPartner } from './follow-partner.js';

/**
 * Takes up after a start what a killed process left undone: stored files without a decision, decisions of persons that were not
 * carried out, and partners that were removed or got an address while nobody heard of it.
 */
export class Recover {
  readonly #ledgers: Ledgers;
  readonly #evaluate: EvaluateExchange;
  readonly #follow: FollowPartner;
  readonly #held: HeldIndex;
  readonly #logger: Logger;

  constructor(options: {
    readonly ledgers: Ledgers;
    readonly evaluate: EvaluateExchange;
    readonly follow: FollowPartner;
    readonly held: HeldIndex;
    readonly logger: Logger;
  }) {
    this.#ledgers = options.ledgers;
    this.#evaluate = options.evaluate;
    this.#follow = options.follow;
    this.#held = options.held;
    this.#logger = options.logger;
  }

  /** What cannot be decided now is handed out as a job, which is retried until it can. */
  async run(): Promise<void> {
    for await (const ledger of this.#ledgers.all()) {
      if (ledger.open.length === 0) continue;
      try {
        await this.#recover(ledger);
      } catch (thrown) {
        // One partner that cannot be helped must not keep the others waiting.
        const { station, partner } = ledger;
        this.#logger.error({ station, partner, err: thrown }, 'what is open with a partner cannot be taken up');
      }
    }
  }

  async #recover({ station, partner, open }: Ledger): Promise<void> {
    if (!(await this.#isThere({ station, partner }))) return;
    for (const { id, state, held } of open) {
      if (held !== undefined && state === 'held') {
        await this.#held.note({ station, partner, exchange: id, since: held.since, kinds: held.kinds });
      }
      // What is held is decided by a person, or once more is known.
      if (state === 'received' || held?.word !== undefined) await this.#takeUp({ station, partner }, id);
    }
  }

  /** A registry that cannot be asked now leaves things as they are. */
  async #isThere(ref: PartnerRef): Promise<boolean> {
    try {
      return await this.#follow.run(ref);
    } catch (thrown) {
      if (!isCertlaneError(thrown)) throw thrown;
      this.#logger.warn({ ...ref, err: thrown }, 'partner cannot be looked up yet');
      return true;
    }
  }

  async #takeUp(ref: PartnerRef, id: string): Promise<void> {
    try {
      await this.#evaluate.run(ref, id);
      this.#logger.info({ ...ref, exchange: id }, 'undecided exchange taken up');
    } catch (thrown) {
      this.#logger.warn({ ...ref, exchange: id, err: thrown }, 'exchange cannot be decided yet');
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
