import { exchangeJobs, isCertlaneError, type PartnerRef } from '@certlane/contracts';
import {
  documentKey,
  mutate,
  type Documents,
  type DocumentStore,
  type Messages,
  type OutboxMessage,
} from '@certlane/runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isChange } from '../domain/ledger/change.js';
import { emptyLedger, exchangeRecord, ledger, type ExchangeRecord, type Ledger } from '../domain/ledger/record.js';
import type { ArchivedExchange, Archive, LedgerStep, Ledgers, Step } from '../ports/ledgers.js';

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

/** Ledgers whose last form this replica remembers, and how often a step is tried while others write. */
const REMEMBERED = 10_000;
const ATTEMPTS = 8;

/**
 * Ledgers as documents, one a partner: `ledger.<partner>.<station>`.
 *
 * The steps of an exchange mostly come to one replica right after each other, so a step is tried on the form this replica wrote
 * last; the compare-and-swap refuses it where another replica was here since, and then the step runs again on what stands.
 */
export class DocumentLedgers implements Ledgers {
  readonly #documents: Documents<Ledger>;
  readonly #archive: DocumentArchive;
  readonly #messages: Messages;
  readonly #written = new Map<string, Form>();

  constructor(store: DocumentStore, archive: DocumentArchive, messages: Messages) {
    this.#documents = store.collection({ name: 'ledger', schema: ledger });
    this.#archive = archive;
    this.#messages = messages;
  }

  async read(ref: PartnerRef): Promise<Ledger> {
    return (await this.#look(ref)).ledger;
  }

  async takeUp(ref: PartnerRef): Promise<Ledger> {
    const ledger = await this.read(ref);
    await this.#documents.publishPending(keyOf(ref));
    return ledger;
  }

  async change<Result>(ref: PartnerRef, step: Step<Result>): Promise<Result> {
    const remembered = this.#written.get(keyOf(ref));
    if (remembered !== undefined) {
      const attempt = await this.#tryRemembered(ref, remembered, step);
      if (attempt.written) return attempt.result;
    }
    for (let attempt = 1; ; attempt += 1) {
      const form = await this.#look(ref);
      const next = await step(form.ledger);
      try {
        // Where all is done already, whoever did it may have died before telling it.
        if (!(await this.#write(ref, form, next))) await this.#documents.publishPending(keyOf(ref));
        return next.result;
      } catch (thrown) {
        if (!isLostRace(thrown) || attempt === ATTEMPTS) throw thrown;
      }
      // Jitter parts writers that met once, so that they do not meet again.
      await sleep(Math.random() * 2 ** attempt);
    }
  }

  /** Only a write says that the remembered form still stands: where a step changes nothing or refuses, the store is asked. */
  async #tryRemembered<Result>(
    ref: PartnerRef,
    form: Form,
    step: Step<Result>,
  ): Promise<{ written: true; result: Result } | { written: false }> {
    try {
      const next = await step(form.ledger);
      if (await this.#write(ref, form, next)) return { written: true, result: next.result };
    } catch (thrown) {
      if (!isCertlaneError(thrown)) throw thrown;
      if (!isLostRace(thrown) && thrown.code !== 'failed-precondition') throw thrown;
    }
    this.#written.delete(keyOf(ref));
    return { written: false };
  }

  /** @returns whether there was anything to write */
  async #write(ref: PartnerRef, form: Form, next: LedgerStep<unknown>): Promise<boolean> {
    const jobs = this.#jobs(ref, next);
    if (!isChange(form.ledger, next) && jobs.length === 0) return false;
    // Archived before it leaves the ledger: a kill between the two leaves it in both, never in none.
    for (const record of next.closed) await this.#archive.keep(ref, record);
    const key = keyOf(ref);
    const messages = [...this.#events(ref, next), ...jobs];
    const revision =
      form.revision === undefined
        ? await this.#documents.create(key, next.ledger, messages)
        : await this.#documents.update(key, form.revision, next.ledger, messages);
    if (this.#written.size >= REMEMBERED) this.#written.clear();
    this.#written.set(key, { ledger: next.ledger, revision });
    return true;
  }

  async #look(ref: PartnerRef): Promise<Form> {
    const stored = await this.#documents.get(keyOf(ref));
    return {
      ledger: stored?.value ?? emptyLedger(ref.station, ref.partner),
      revision: stored?.revision,
    };
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

/** A ledger with the revision it stands at; undefined: nothing was ever written. */
interface Form {
  readonly ledger: Ledger;
  readonly revision: string | undefined;
}

function keyOf({ partner, station }: PartnerRef): string {
  return documentKey(partner, station);
}

function isLostRace(thrown: unknown): boolean {
  return isCertlaneError(thrown) && (thrown.code === 'conflict' || thrown.code === 'already-exists');
}
