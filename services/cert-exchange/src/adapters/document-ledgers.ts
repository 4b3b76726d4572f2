import { exchangeJobs, isCertlaneError, type PartnerRef } from '@certlane/contracts';
import {
  documentKey,
  mutate,
  type Documents,
  type DocumentStore,
  type Messages,
  type OutboxMessage,
} from '@certlane/runtime';
import { z } from 'zod';
import { isChange } from '../domain/ledger/change.js';
import { emptyLedger, exchangeRecord, ledger, type ExchangeRecord, type Ledger } from '../domain/ledger/record.js';
import type { ArchivedExchange, Archive, LedgerStep, Ledgers } from '../ports/ledgers.js';

const archivedExchange = z.object({ station: z.string(), partner: z.string(), record: exchangeRecord });

/** Exchanges that are over, a document each: `archive.<partner>.<station>.<exchange>`. */
export class DocumentArchive implements Archive {
  readonly #documents: Documents<ArchivedExchange>;

  constructor(store: DocumentStore) {
    this.#documents = store.collection({ name: 'archive', schema: archivedExchange });
  }

  async get({ station, partner }: PartnerRef, id: string): Promise<ExchangeRecord | undefined> {
    return (await this.#documents.get(documentKey(partner, station, id)))?.value.record;
  }

  async *list({ station, partner }: Partial<PartnerRef>): AsyncIterable<ArchivedExchange> {
    const token = (text: string | undefined) => (text === undefined ? '*' : documentKey(text));
    const pattern = `${token(partner)}.${token(station)}.*`;
    let after: string | undefined;
    do {
      const page = await this.#documents.list(pattern, { limit: 500, ...(after === undefined ? {} : { after }) });
      for (const { value } of page.documents) yield value;
      after = page.next;
    } while (after !== undefined);
  }

  /** Keeps an exchange; one that came again and was answered again takes the place of its earlier form. */
  async keep({ station, partner }: PartnerRef, record: ExchangeRecord): Promise<void> {
    // Its octets have served: certificates on file live in the registry.
    const value = { station, partner, record: { ...record, octets: '' } };
    const key = documentKey(partner, station, record.id);
    try {
      await this.#documents.create(key, value);
    } catch (thrown) {
      if (!isCertlaneError(thrown) || thrown.code !== 'already-exists') throw thrown;
      await mutate(this.#documents, key, () => ({ do: 'write', value, result: undefined }));
    }
  }
}

/** Ledgers as documents, one a partner: `ledger.<partner>.<station>`. */
export class DocumentLedgers implements Ledgers {
  readonly #documents: Documents<Ledger>;
  readonly #archive: DocumentArchive;
  readonly #messages: Messages;

  constructor(store: DocumentStore, archive: DocumentArchive, messages: Messages) {
    this.#documents = store.collection({ name: 'ledger', schema: ledger });
    this.#archive = archive;
    this.#messages = messages;
  }

  async read(ref: PartnerRef): Promise<Ledger> {
    const stored = await this.#documents.get(documentKey(ref.partner, ref.station));
    return stored?.value ?? emptyLedger(ref.station, ref.partner);
  }

  async takeUp(ref: PartnerRef): Promise<Ledger> {
    const ledger = await this.read(ref);
    await this.#documents.publishPending(documentKey(ref.partner, ref.station));
    return ledger;
  }

  async change<Result>(ref: PartnerRef, step: (ledger: Ledger) => LedgerStep<Result>): Promise<Result> {
    return mutate<Ledger, Result>(this.#documents, documentKey(ref.partner, ref.station), async (stored) => {
      const current = stored ?? emptyLedger(ref.station, ref.partner);
      const next = step(current);
      const jobs = this.#jobs(ref, next);
      if (!isChange(current, next) && jobs.length === 0) return { do: 'nothing', result: next.result };
      // Archived before it leaves the ledger: a kill between the two leaves it in both, never in none.
      for (const record of next.closed) await this.#archive.keep(ref, record);
      return { do: 'write', value: next.ledger, messages: [...this.#events(ref, next), ...jobs], result: next.result };
    });
  }

  async *all(): AsyncIterable<Ledger> {
    let after: string | undefined;
    do {
      const page = await this.#documents.list('>', { limit: 500, ...(after === undefined ? {} : { after }) });
      for (const { value } of page.documents) yield value;
      after = page.next;
    } while (after !== undefined);
  }

  #events(ref: PartnerRef, { events }: LedgerStep<unknown>): OutboxMessage[] {
    return events.map(({ contract, data }) => this.#messages.event(contract, data, { partner: ref.partner }));
  }

  #jobs(ref: PartnerRef, { dial, evaluateLater }: LedgerStep<unknown>): OutboxMessage[] {
    const { station, partner } = ref;
    return [
      ...(dial === true ? [this.#messages.job(exchangeJobs.dial, { station, partner }, partner)] : []),
      ...(evaluateLater === undefined
        ? []
        : [this.#messages.job(exchangeJobs.evaluate, { station, partner, exchange: evaluateLater }, partner)]),
    ];
  }
}
