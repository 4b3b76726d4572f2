import type { exchangeRequests, OutboxItem, ParsedRequestOf } from '@certlane/contracts';
import type { Clock } from '@certlane/runtime';
import type { LedgerChange } from '../domain/ledger/change.js';
import { answerDelivered } from '../domain/ledger/inbound.js';
import { giveUpUnsendable, itemUnsendable, whyUnsendable } from '../domain/ledger/give-up.js';
import { nextItem } from '../domain/ledger/outbox.js';
import { fileDelivered, fileRefused } from '../domain/ledger/outbound.js';
import type { Ledger } from '../domain/ledger/record.js';
import type { Ledgers } from '../ports/ledgers.js';

/** Hands a session what a partner is owed, one item at a time, and writes down what became of each. */
export class ServeOutbox {
  readonly #ledgers: Ledgers;
  readonly #clock: Clock;

  constructor(options: { ledgers: Ledgers; clock: Clock }) {
    this.#ledgers = options.ledgers;
    this.#clock = options.clock;
  }

  /** What can never be sent is given up on the way: a session goes on with what follows it. */
  async next(request: ParsedRequestOf<typeof exchangeRequests.outboxNext>): Promise<OutboxItem | undefined> {
    const exclude = new Set(request.exclude);
    const ledger = await this.#ledgers.read(request);
    if (!ledger.open.some((record) => record.state === 'queued' && whyUnsendable(record) !== undefined)) {
      return nextItem(ledger, exclude, request.mode);
    }
    const now = this.#clock.now();
    return this.#ledgers.change(request, (current) => {
      const change = giveUpUnsendable(current, now);
      return { ...change, result: nextItem(change.ledger, exclude, request.mode) };
    });
  }

  async settle(request: ParsedRequestOf<typeof exchangeRequests.outboxSettle>): Promise<void> {
    const now = this.#clock.now();
    await this.#ledgers.change(request, (ledger) => ({ ...settled(ledger, request, now), result: undefined }));
  }
}

function settled(
  ledger: Ledger,
  { exchange, item, fate }: ParsedRequestOf<typeof exchangeRequests.outboxSettle>,
  now: Date,
): LedgerChange {
  switch (fate.type) {
    case 'delivered':
      return item === 'answer' ? answerDelivered(ledger, exchange, now) : fileDelivered(ledger, exchange, now);
    case 'refused':
      return fileRefused(ledger, exchange, fate, now);
    case 'unsendable':
      return itemUnsendable(ledger, exchange, fate.message, now);
  }
}
