import type { PartnerRef } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import { unchanged } from '../domain/ledger/change.js';
import { withReach } from '../domain/ledger/dial.js';
import { partnerRemoved } from '../domain/ledger/give-up.js';
import { isWaiting } from '../domain/ledger/outbox.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';
import { findPartner } from './find-partner.js';

/**
 * Brings what is open with a partner in line with what became of the partner: one that was removed ends it, one that got an
 * address is called. Run again, it changes nothing.
 */
export class FollowPartner {
  readonly #ledgers: Ledgers;
  readonly #partners: Partners;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; partners: Partners; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#partners = options.partners;
    this.#clock = options.clock;
  }

  /**
   * @returns whether the partner is still there
   * @throws {CertlaneError} `unavailable` when the registry cannot be asked: nothing is changed then
   */
  async run({ station, partner: id }: PartnerRef): Promise<boolean> {
    const ref = { station, partner: id };
    const partner = await findPartner(this.#partners, ref);
    const now = this.#clock.now();
    await this.#ledgers.change(ref, (ledger) => {
      if (partner === undefined) return { ...partnerRemoved(ledger, now), result: undefined };
      const hasAddress = partner.connection !== null;
      const reached = isWaiting(ledger) ? withReach(ledger, hasAddress) : ledger;
      const dial = hasAddress && reached !== ledger;
      return { ...unchanged(reached), dial, result: undefined };
    });
    return partner !== undefined;
  }
}
