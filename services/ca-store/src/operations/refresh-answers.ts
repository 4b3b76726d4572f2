import { caEvents } from '@certlane/contracts';
import { isPkiError, OCSP_RESPONSE_LIMITS, readOcspResponse, writeOcspRequest, type OcspResponse } from '@certlane/pki';
import { CLOCK, MESSAGES, type Clock, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { admitAnswer } from '../domain/refresh/admit-answer.js';
import { afterAnswer, type AnswerReading } from '../domain/refresh/answer-reading.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import type { Trouble } from '../domain/refresh/told.js';
import { answerTaken, readingFailed } from '../domain/refresh/told-events.js';
import { FETCHER, type Fetcher } from '../ports/fetcher.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import {
  TRUST_STATE,
  type KnownAnswer,
  type TrustChange,
  type TrustState,
  type TrustView,
} from '../ports/trust-state.js';
import { RefreshMetrics } from '../refresh-metrics.js';
import { Batch } from './refresh-batch.js';

const BATCH = { items: 50, octets: 1_024 * 1_024, delayMs: 100 };

type Came =
  | { readonly outcome: 'came'; readonly octets: Uint8Array; readonly response: OcspResponse }
  | { readonly outcome: 'failed'; readonly trouble: Trouble };

interface AskedAnswer {
  readonly asked: KnownAnswer;
  readonly came: Came;
}

/** Asks OCSP responders (RFC 6960) about certificates that no list tells of, and keeps what they answer in the trust state. */
@Injectable()
export class ReadAnswers {
  readonly #state: TrustState;
  readonly #fetcher: Fetcher;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;
  readonly #metrics: RefreshMetrics;
  readonly #batch = new Batch<AskedAnswer>(BATCH, (some) => this.#state.change((view) => this.#change(view, some)));

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(FETCHER) fetcher: Fetcher,
    @Inject(MESSAGES) messages: Messages,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
    @Inject(RefreshMetrics) metrics: RefreshMetrics,
  ) {
    this.#state = state;
    this.#fetcher = fetcher;
    this.#messages = messages;
    this.#clock = clock;
    this.#settings = settings;
    this.#metrics = metrics;
  }

  /**
   * Asks the responder about a certificate; what comes after the signal is aborted counts for nothing.
   * @throws {CertlaneError} `unavailable`, `conflict` when what was answered could not be written
   */
  async read(asked: KnownAnswer, signal: AbortSignal): Promise<void> {
    const came = await this.#ask(asked, signal);
    if (came !== undefined) await this.#batch.add({ asked, came }, came.outcome === 'came' ? came.octets.length : 0);
  }

  /** Without a nonce: most responders answer with what they made in advance (RFC 5019 §4). */
  async #ask({ url, certificate, issuer }: KnownAnswer, signal: AbortSignal): Promise<Came | undefined> {
    const began = performance.now();
    const octets = writeOcspRequest({ certificates: [{ certificate, issuer }] });
    const post = { octets, contentType: 'application/ocsp-request' };
    const answer = await this.#fetcher.fetch({ url, post, maxOctets: OCSP_RESPONSE_LIMITS.octets, signal });
    if (!answer.ok && answer.reason === 'aborted') return undefined;
    const came: Came = answer.ok ? responseIn(answer.octets) : failed(answer.reason, answer.message);
    this.#metrics.read('ocsp', came.outcome === 'failed' ? came.trouble.reason : 'came', performance.now() - began);
    return came;
  }

  #change(view: TrustView, some: readonly AskedAnswer[]): TrustChange<void> {
    const now = this.#clock.now();
    const after = some.flatMap(({ asked, came }) => {
      const before = view.answers.get(asked.id);
      // Nobody wants it any more: it was given up while the responder was being asked.
      if (before === undefined) return [];
      return [afterAnswer(before, this.#judge(view, before, came, now), { settings: this.#settings, now })];
    });
    return {
      answers: { put: after.map(({ record }) => record) },
      messages: after.flatMap(({ record, changed, tell }) => {
        const taken = changed ? answerTaken(record) : undefined;
        if (taken !== undefined) return [this.#messages.event(caEvents.revocationListTaken, taken)];
        return tell === undefined
          ? []
          : [this.#messages.event(caEvents.revocationListFailed, readingFailed(record, tell))];
      }),
      result: undefined,
    };
  }

  #judge(
    { lists, known }: TrustView,
    { certificate, issuer, answer }: KnownAnswer,
    came: Came,
    now: Date,
  ): AnswerReading {
    if (came.outcome === 'failed') return came;
    const { octets, response } = came;
    const maximumAgeDays = this.#settings.listMaximumAgeDays;
    const inUse = answer?.response;
    const decision = admitAnswer({ response, certificate, issuer, inUse, lists, known, maximumAgeDays, now });
    return decision.taken
      ? { outcome: 'taken', octets, response, until: decision.until }
      : failed(decision.reason, decision.message);
  }
}

function responseIn(octets: Uint8Array): Came {
  try {
    return { outcome: 'came', octets, response: readOcspResponse(octets) };
  } catch (error) {
    if (!isPkiError(error)) throw error;
    return failed(error.code, error.message);
  }
}

const failed = (reason: string, message: string) => ({ outcome: 'failed', trouble: { reason, message } }) as const;
