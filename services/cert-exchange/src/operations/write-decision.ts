import type { PartnerRef } from '@certlane/contracts';
import type { Clock, Logger } from '@certlane/runtime';
import { awaitsAnswerOfPerson } from '../domain/ledger/approval-view.js';
import { unchanged } from '../domain/ledger/change.js';
import { decideFile, type DecidedFile } from '../domain/ledger/decide-file.js';
import { holdForSession, withReach } from '../domain/ledger/dial.js';
import type { PersonsWord } from '../domain/ledger/held-record.js';
import { queueFiles, type OutboundDraft } from '../domain/ledger/outbound.js';
import { dropWord } from '../domain/ledger/persons-word.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import type { DecisionMetrics } from '../metrics.js';
import type { HeldIndex } from '../ports/held-index.js';
import type { Ledgers } from '../ports/ledgers.js';

/** What follows from a decision. */
export interface Following {
  /** Our certificates for a request that was accepted. */
  readonly owed: readonly OutboundDraft[];
  /** Whether the partner has an address. */
  readonly dialable: boolean;
  /** The session that waits for the outcome, if one does. */
  readonly session: string | undefined;
}

/** Writes a decision into the ledger, with what is owed for it; one that is held also into the index of those. */
export class WriteDecision {
  readonly #ledgers: Ledgers;
  readonly #held: HeldIndex;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: DecisionMetrics;

  constructor(options: {
    readonly ledgers: Ledgers;
    readonly held: HeldIndex;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly metrics: DecisionMetrics;
  }) {
    this.#ledgers = options.ledgers;
    this.#held = options.held;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#metrics = options.metrics;
  }

  /** @returns the ledger with the decision, or with the one that counts because it was written before */
  async run(ref: PartnerRef, record: ExchangeRecord, decided: DecidedFile, next: Following): Promise<Ledger> {
    const now = this.#clock.now();
    const { decision } = decided;
    if (decision.outcome === 'held') {
      const since = record.held?.since ?? now.toISOString();
      await this.#held.note({ ...bare(ref), exchange: record.id, since, kinds: decision.kinds });
    }
    const { ledger: stored, first } = await this.#ledgers.change(ref, (ledger) => {
      const written = decideFile(ledger, record.id, decided, now);
      if (decision.outcome === 'held') {
        return { ...written, result: { ledger: written.ledger, first: written.events.length > 0 } };
      }
      if (written.events.length === 0) return { ...written, result: { ledger: written.ledger, first: false } };
      const queued = queueFiles(written.ledger, next.owed, now);
      const reached = withReach(queued.ledger, next.dialable);
      const result = next.session === undefined ? reached : holdForSession(reached, next.session, now);
      const events = [...written.events, ...queued.events];
      return {
        ledger: result,
        closed: queued.closed,
        events,
        dial: next.dialable,
        result: { ledger: result, first: true },
      };
    });
    const after = stored.open.find(({ id }) => id === record.id);
    const isShown = after !== undefined && (after.state === 'held' || awaitsAnswerOfPerson(after));
    if (record.held !== undefined && !isShown) await this.#held.forget(record.id);
    if (first) {
      this.#log(ref, record, decided);
      this.#metrics.decided(decision.outcome, decided.record.reason);
    }
    return stored;
  }

  /** Takes back what a person said: it cannot be carried out as it was said. */
  async takeBack(ref: PartnerRef, exchange: string, word: PersonsWord): Promise<void> {
    await this.#ledgers.change(ref, (ledger) => ({
      ...unchanged(ledger),
      ...dropWord(ledger, exchange, word),
      result: undefined,
    }));
  }

  #log(ref: PartnerRef, { id: exchange, kind }: ExchangeRecord, { decision, record }: DecidedFile): void {
    const { outcome, message } = decision;
    const why = outcome === 'accepted' ? {} : { reason: record.reason, why: message };
    this.#logger.info({ exchange, ...bare(ref), kind, outcome, by: record.by, ...why }, 'exchange decided');
  }
}

function bare({ station, partner }: PartnerRef): PartnerRef {
  return { station, partner };
}
