import type { exchangeRequests, OutboxItem, ParsedRequestOf } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import { answerDelivered } from '../domain/ledger/inbound.js';
import { nextItem } from '../domain/ledger/outbox.js';
import { fileDelivered, fileRefused } from '../domain/ledger/outbound.js';
import type { Ledgers } from '../ports/ledgers.js';

/** Hands a session what a partner is owed, one item at a time, and writes down what became of each. */
export class ServeOutbox {
  readonly #ledgers: Ledgers;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#clock = options.clock;
  }

  async next(request: ParsedRequestOf<typeof exchangeRequests.outboxNext>): Promise<OutboxItem | undefined> {
    return nextItem(await this.#ledgers.read(request), new Set(request.exclude));
  }

  async settle(request: ParsedRequestOf<typeof exchangeRequests.outboxSettle>): Promise<void> {
    const { exchange, item, fate } = request;
    const now = this.#clock.now();
    await this.#ledgers.change(request, (ledger) => {
      if (fate.type === 'refused') return { ...fileRefused(ledger, exchange, fate, now), result: undefined };
      const delivered = item === 'answer' ? answerDelivered : fileDelivered;
      return { ...delivered(ledger, exchange, now), result: undefined };
    });
  }
}
