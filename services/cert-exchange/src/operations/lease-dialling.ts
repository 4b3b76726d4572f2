import type { exchangeRequests, ParsedRequestOf } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import { claimDial, reportDial, type Claim } from '../domain/ledger/dial.js';
import type { Ledgers } from '../ports/ledgers.js';

/** One gateway at a time dials a partner; how it went decides when it is dialled again. */
export class LeaseDialling {
  readonly #ledgers: Ledgers;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#clock = options.clock;
  }

  async claim(request: ParsedRequestOf<typeof exchangeRequests.dialClaim>): Promise<Claim> {
    const now = this.#clock.now();
    return this.#ledgers.change(request, (ledger) => {
      const { change, claim } = claimDial(ledger, request.holder, now);
      return { ...change, result: claim };
    });
  }

  async report(request: ParsedRequestOf<typeof exchangeRequests.dialReport>): Promise<{ retryMilliseconds?: number }> {
    const now = this.#clock.now();
    return this.#ledgers.change(request, (ledger) => {
      const { change, retryMilliseconds } = reportDial(ledger, request, now);
      return { ...change, result: retryMilliseconds === undefined ? {} : { retryMilliseconds } };
    });
  }
}
