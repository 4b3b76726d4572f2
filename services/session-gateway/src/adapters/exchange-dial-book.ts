import { exchangeRequests, type PartnerRef } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import type { CallResult, DialBook, DialClaim } from '../ports/dial-book.js';

/** The contract takes no longer message. */
const LONGEST_MESSAGE = 512;

/** Claims on partners as cert-exchange keeps them. */
export class ExchangeDialBook implements DialBook {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  claim({ station, partner }: PartnerRef, holder: string): Promise<DialClaim> {
    return this.#bus.request(exchangeRequests.dialClaim, { station, partner, holder });
  }

  async report({ station, partner }: PartnerRef, holder: string, result: CallResult): Promise<number | undefined> {
    const message = result.message.slice(0, LONGEST_MESSAGE);
    const request = { ...result, station, partner, holder, message };
    return (await this.#bus.request(exchangeRequests.dialReport, request)).retryMilliseconds;
  }
}
