import type { PartnerRef } from '@certlane/contracts';
import { usesOf } from '../domain/ledger/bypass-uses.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';

/** Says how far the bypass of a partner is used up, which the registry, where its limits are, cannot know. */
export class ShowBypass {
  readonly #ledgers: Ledgers;
  readonly #partners: Partners;

  constructor(options: { readonly ledgers: Ledgers; readonly partners: Partners }) {
    this.#ledgers = options.ledgers;
    this.#partners = options.partners;
  }

  /** @throws {CertlaneError} `not-found` for an unknown partner */
  async uses(ref: PartnerRef): Promise<number> {
    const [{ bypass }, ledger] = await Promise.all([this.#partners.get(ref), this.#ledgers.read(ref)]);
    return usesOf(ledger, bypass.since);
  }
}
