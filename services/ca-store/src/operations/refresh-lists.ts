import { caEvents, isCertlaneError } from '@certlane/contracts';
import { isPkiError, readRevocationList, type RevocationListLimits } from '@certlane/pki';
import { CLOCK, LOGGER, MESSAGES, type Clock, type Logger, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { LIMITS } from '../domain/limits.js';
import {
  decideReadings,
  type DecidedReadings,
  type FetchedList,
  type ReadList,
} from '../domain/refresh/decide-readings.js';
import type { DueList } from '../domain/refresh/plan-round.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { listTaken, readingFailed } from '../domain/refresh/told-events.js';
import { FETCHER, type Fetcher } from '../ports/fetcher.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_STATE, type TrustChange, type TrustState } from '../ports/trust-state.js';
import { RefreshMetrics } from '../refresh-metrics.js';
import { Batch } from './refresh-batch.js';

/** One list alone may be as large as a fetch may be. */
const BATCH = { items: 50, octets: 8 * 1_024 * 1_024, delayMs: 250 };
/** The largest list that is taken at all. */
export const LIST_LIMITS: RevocationListLimits = { octets: 64 * 1_024 * 1_024, entries: LIMITS.revokedEntries };

/** Reads revocation lists at their addresses and puts those that may be used into the trust state. */
@Injectable()
export class ReadRevocationLists {
  readonly #state: TrustState;
  readonly #fetcher: Fetcher;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;
  readonly #metrics: RefreshMetrics;
  readonly #logger: Logger;
  readonly #batch = new Batch<ReadList>(BATCH, (readings) => this.#write(readings));

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(FETCHER) fetcher: Fetcher,
    @Inject(MESSAGES) messages: Messages,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
    @Inject(RefreshMetrics) metrics: RefreshMetrics,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#state = state;
    this.#fetcher = fetcher;
    this.#messages = messages;
    this.#clock = clock;
    this.#settings = settings;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /**
   * Reads a list; what comes after the signal is aborted counts for nothing, neither good nor bad.
   * @throws {CertlaneError} `unavailable`, `conflict` when what was read could not be written
   */
  async read(due: DueList, signal: AbortSignal): Promise<void> {
    const fetched = await this.#fetch(due, signal);
    if (fetched !== undefined) await this.#batch.add({ due, fetched }, octetsOf(fetched));
  }

  async #fetch({ record }: DueList, signal: AbortSignal): Promise<FetchedList | undefined> {
    const { url = '', list, etag, lastModified } = record;
    const began = performance.now();
    const validators = list === undefined ? {} : { etag, lastModified };
    const answer = await this.#fetcher.fetch({ url, ...validators, maxOctets: LIST_LIMITS.octets, signal });
    if (!answer.ok && answer.reason === 'aborted') return undefined;
    const fetched = answer.ok
      ? listIn(answer)
      : ({ outcome: 'failed', trouble: { reason: answer.reason, message: answer.message } } as const);
    const outcome = fetched.outcome === 'failed' ? fetched.trouble.reason : fetched.outcome;
    this.#metrics.read('revocation-list', outcome, performance.now() - began);
    return fetched;
  }

  async #write(readings: readonly ReadList[]): Promise<void> {
    try {
      const { taken, failed } = await this.#state.change((view) => {
        const context = { settings: this.#settings, now: this.#clock.now() };
        return this.#change(decideReadings(view, readings, context));
      });
      for (const { id, url, list } of taken) {
        this.#logger.info({ list: id, url, entries: list?.entries.size }, 'revocation list taken');
      }
      for (const { record, trouble } of failed) {
        this.#logger.warn(
          { list: record.id, url: record.url, reason: trouble.reason, why: trouble.message },
          'revocation list failed',
        );
      }
    } catch (thrown) {
      if (!isCertlaneError(thrown) || thrown.code !== 'failed-precondition') throw thrown;
      await this.#writeWithinLimits(readings, thrown.message);
    }
  }

  /** One list too many must not keep the others from being written. */
  async #writeWithinLimits(readings: readonly ReadList[], message: string): Promise<void> {
    const [one, ...more] = readings;
    if (one === undefined) return;
    if (more.length > 0) for (const reading of readings) await this.#write([reading]);
    else if (one.fetched.outcome === 'came') {
      await this.#write([{ ...one, fetched: { outcome: 'failed', trouble: { reason: 'limit', message } } }]);
    } else this.#logger.warn({ list: one.due.record.id, why: message }, 'revocation list cannot be noted');
  }

  #change(decided: DecidedReadings): TrustChange<DecidedReadings> {
    const taken = decided.taken.flatMap((record) => listTaken(record) ?? []);
    return {
      revocationLists: { put: decided.put },
      messages: [
        ...taken.map((data) => this.#messages.event(caEvents.revocationListTaken, data)),
        ...decided.failed.map(({ record, trouble }) =>
          this.#messages.event(caEvents.revocationListFailed, readingFailed(record, trouble)),
        ),
      ],
      result: decided,
    };
  }
}

/** The list in what came, or why there is none. */
function listIn({
  octets,
  notModified,
  etag,
  lastModified,
}: Extract<Awaited<ReturnType<Fetcher['fetch']>>, { ok: true }>): FetchedList {
  const validators = { etag, lastModified };
  if (notModified) return { outcome: 'unchanged', validators };
  try {
    return { outcome: 'came', list: readRevocationList(octets, LIST_LIMITS), validators };
  } catch (error) {
    if (!isPkiError(error)) throw error;
    return { outcome: 'failed', trouble: { reason: error.code, message: error.message } };
  }
}

const octetsOf = (fetched: FetchedList): number => (fetched.outcome === 'came' ? fetched.list.der.length : 0);
