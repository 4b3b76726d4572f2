import { exchangeJobs, isCertlaneError, type PartnerRef } from '@certlane/contracts';
import { documentKey, type Documents, type DocumentStore, type Messages, type OutboxMessage } from '@certlane/runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import { isChange } from '../domain/ledger/change.js';
import { emptyLedger, ledger, type Ledger } from '../domain/ledger/record.js';
import type { LedgerStep, Ledgers, Step } from '../ports/ledgers.js';
import type { DocumentArchive } from './document-archive.js';

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
    const ledger = await this.#archived(ref, form, next);
    const key = keyOf(ref);
    const messages = [...this.#events(ref, next), ...jobs];
    const revision =
      form.revision === undefined
        ? await this.#documents.create(key, ledger, messages)
        : await this.#documents.update(key, form.revision, ledger, messages);
    if (this.#written.size >= REMEMBERED) this.#written.clear();
    this.#written.set(key, { ledger, revision });
    return true;
  }

  /**
   * What begins is found before it is in the ledger, what ends is archived before it leaves it: a kill between the two leaves one too
   * many, never one too few.
   * @returns the ledger with its history carried on
   */
  async #archived(ref: PartnerRef, { ledger: former, revision }: Form, next: LedgerStep<unknown>): Promise<Ledger> {
    if (revision === undefined) await this.#archive.meet(ref);
    const known = new Set(former.open.map(({ id }) => id));
    const begun = [...next.ledger.open, ...next.closed].filter(({ id }) => !known.has(id));
    if (begun.length > 0) await this.#archive.enter(begun.map(({ id, createdAt }) => ({ ...ref, id, createdAt })));
    for (const record of next.closed) await this.#archive.keep(ref, record);
    const history = await this.#archive.file(former, next.ledger, next.closed);
    return history === undefined ? next.ledger : { ...next.ledger, history };
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
