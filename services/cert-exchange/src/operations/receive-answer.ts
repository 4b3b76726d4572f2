import type { exchangeRequests, ParsedRequestOf } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import { answerReceived } from '../domain/ledger/outbound.js';
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

  /** @returns whether we wait for this answer; an unknown one is acknowledged all the same (RFC 5024 §4.3.11) */
  async run({ station, partner, answer }: Request): Promise<boolean> {
    const ref = { station, partner };
    const id = exchangeIdOf('outbound', answer.file);
    const record = (await this.#ledgers.read(ref)).open.find((open) => open.id === id);
    if (record?.direction !== 'outbound') return false;
    if (answer.kind === 'eerp' && record.certificate !== undefined && record.usages.length > 0) {
      await this.#partners.switchOwn({
        station,
        partner,
        fingerprint: record.certificate.fingerprint,
        usages: record.usages,
        exchange: id,
      });
    }
    await this.#ledgers.change(ref, (ledger) => ({
      ...answerReceived(ledger, id, answer, this.#clock.now()),
      result: undefined,
    }));
    return true;
  }
}
