import type { exchangeRequests, ParsedRequestOf } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import { cannotDial, claimDial, reportDial, type Claim } from '../domain/ledger/dial.js';
import { giveUpUnsendable } from '../domain/ledger/give-up.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { FollowPartner } from './follow-partner.js';

type Report = ParsedRequestOf<typeof exchangeRequests.dialReport>;

/** One gateway at a time dials a partner; how it went decides when it is dialled again. */
export class LeaseDialling {
  readonly #ledgers: Ledgers;
  readonly #follow: FollowPartner;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; follow: FollowPartner; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#follow = options.follow;
    this.#clock = options.clock;
  }

  /** Nobody is called for what can never be sent. */
  async claim(request: ParsedRequestOf<typeof exchangeRequests.dialClaim>): Promise<Claim> {
    const now = this.#clock.now();
    return this.#ledgers.change(request, (ledger) => {
      const { events, closed, ledger: sendable } = giveUpUnsendable(ledger, now);
      const { change, claim } = claimDial(sendable, request.holder, now);
      return { ledger: change.ledger, events, closed, result: claim };
    });
  }

  async report(request: Report): Promise<{ retryMilliseconds?: number }> {
    // The registry has the last word on whether the partner is gone: it may have been added again meanwhile.
    if (request.obstacle === 'partner-removed' && !(await this.#follow.run(request))) return {};
    const now = this.#clock.now();
    return this.#ledgers.change(request, (ledger) => {
      if (request.obstacle === 'no-address') return { ...cannotDial(ledger, request.holder), result: {} };
      const { change, retryMilliseconds } = reportDial(ledger, request, now);
      return { ...change, result: retryMilliseconds === undefined ? {} : { retryMilliseconds } };
    });
  }
}
