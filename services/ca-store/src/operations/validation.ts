import type { ValidationVerdict } from '@certlane/contracts';
import { CLOCK, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { judge, type Case } from '../domain/judging/judge.js';
import { SupposedViews, type Supposition } from '../domain/judging/supposed-view.js';
import { VerdictCache } from '../domain/judging/verdict-cache.js';
import { TRUST_STATE, type TrustState } from '../ports/trust-state.js';
import { TrustMetrics } from '../trust-metrics.js';
import { VALIDATION_SETTINGS, WANTED, type ValidationSettings, type Wanted } from '../ports/wanted.js';

/** What to judge; `at` left out: now. */
export type Question = Omit<Case, 'view' | 'at' | 'maximumAgeDays'> & {
  readonly at: Date | undefined;
  readonly supposing?: Supposition | undefined;
};

/**
 * Verdicts on the state as it is in force. Judging itself waits for nothing, so that a verdict stands on one version whatever changes
 * meanwhile; what it lacks is read in the background, never here.
 */
@Injectable()
export class Validation {
  readonly #state: TrustState;
  readonly #clock: Clock;
  readonly #wanted: Wanted;
  readonly #settings: ValidationSettings;
  readonly #metrics: TrustMetrics;
  readonly #cache = new VerdictCache();
  readonly #supposed = new SupposedViews();

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(CLOCK) clock: Clock,
    @Inject(WANTED) wanted: Wanted,
    @Inject(VALIDATION_SETTINGS) settings: ValidationSettings,
    @Inject(TrustMetrics) metrics: TrustMetrics,
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#wanted = wanted;
    this.#settings = settings;
    this.#metrics = metrics;
  }

  /** @throws {CertlaneError} `unavailable` when the state cannot be read */
  async verdict(question: Question): Promise<ValidationVerdict> {
    const begun = performance.now();
    const view = await this.#state.current();
    const { maximumAgeDays } = this.#settings;
    const at = question.at ?? this.#clock.now();
    const { supposing, ...rest } = question;
    const asked: Case = { ...rest, at, view, maximumAgeDays };
    // What is only supposed is no verdict: nothing is read for it, and nothing counts it.
    if (supposing !== undefined) return judge({ ...asked, view: this.#supposed.view(view, supposing) }).verdict;
    const { verdict, needs } =
      question.at === undefined ? this.#cache.verdict(asked, () => judge(asked)) : judge(asked);
    for (const need of needs) this.#wanted.note(need);
    this.#metrics.judged(verdict, performance.now() - begun);
    return verdict;
  }
}
