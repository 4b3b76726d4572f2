import { exchangeRequests } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import type { SessionTrust, TrustDecision, TrustQuestion } from '../ports/session-trust.js';

/** The session-trust decision of cert-exchange. */
export class ExchangeTrust implements SessionTrust {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  decide(question: TrustQuestion): Promise<TrustDecision> {
    return this.#bus.request(exchangeRequests.sessionDecide, question);
  }
}
