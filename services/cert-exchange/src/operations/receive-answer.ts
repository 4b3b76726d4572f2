import { isCertlaneError, type exchangeRequests, type ParsedRequestOf, type PartnerRef } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import type { LedgerChange } from '../domain/ledger/change.js';
import { passesInBypass } from '../domain/ledger/bypass.js';
import { answerReceived, fileDelivered } from '../domain/ledger/outbound.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import { exchangeIdOf } from '../domain/virtual-file.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { Partners } from '../ports/partners.js';

type Request = ParsedRequestOf<typeof exchangeRequests.answerReceive>;

/**
 * Takes an EERP or NERP for a file of ours. On an EERP our own use switches first and the exchange closes after it: cut off
 * between the two, the partner's repeated EERP, which must come because it got no RTR, does the rest.
 */
export class ReceiveAnswer {
  readonly #ledgers: Ledgers;
  readonly #partners: Partners;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; partners: Partners; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#partners = options.partners;
    this.#clock = options.clock;
  }

  /** @returns whether we wait for this answer; an unknown one is acknowledged all the same (RFC 5024 §4.3.8) */
  async run({ station, partner, mode, answer }: Request): Promise<boolean> {
    const ref = { station, partner };
    const id = exchangeIdOf('outbound', answer.file);
    const ledger = await this.#ledgers.takeUp(ref);
    const record = ledger.open.find((open) => open.id === id);
    if (record?.direction !== 'outbound') return false;
    // What was never handed over to anybody is not acknowledged by somebody who has not proven to be the partner.
    if (mode === 'exchange-only' && record.state === 'queued' && !passesInBypass(ledger)(record)) return false;
    // Cut off after EFPA, the file still counts as queued here: its answer says that the partner has it.
    if (record.state === 'queued') await this.#step(ref, (ledger) => fileDelivered(ledger, id, this.#clock.now()));
    if (answer.kind === 'eerp' && record.certificate !== undefined && record.usages.length > 0) {
      await this.#switch(ref, record, record.certificate.fingerprint);
    }
    await this.#step(ref, (ledger) => answerReceived(ledger, id, answer, this.#clock.now()));
    return true;
  }

  #step(ref: PartnerRef, step: (ledger: Ledger) => LedgerChange): Promise<void> {
    return this.#ledgers.change(ref, (ledger) => ({ ...step(ledger), result: undefined }));
  }

  /**
   * A sub-station has a record of its own: what it holds of ours is kept there, as long as it is one of this partner. A partner or
   * certificate that was removed meanwhile has nothing to switch; its answer is taken all the same.
   */
  async #switch(
    { station, partner }: PartnerRef,
    { id, usages, file }: ExchangeRecord,
    fingerprint: string,
  ): Promise<void> {
    const owner = { station, partner: file.destination };
    try {
      if (owner.partner !== partner && (await this.#partners.get(owner)).via !== partner) return;
      await this.#partners.switchOwn({ ...owner, fingerprint, usages, exchange: id });
    } catch (thrown) {
      if (!isCertlaneError(thrown) || thrown.code !== 'not-found') throw thrown;
    }
  }
}
