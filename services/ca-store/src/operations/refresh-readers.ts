import { CLOCK, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { DueList } from '../domain/refresh/plan-round.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { listStatesOf } from '../domain/refresh/list-states.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import type { KnownAnswer, TrustView } from '../ports/trust-state.js';
import { RefreshMetrics } from '../refresh-metrics.js';
import { ReadAnswers } from './refresh-answers.js';
import { ReadRevocationLists } from './refresh-lists.js';
import { ReadTrustLists } from './refresh-trust-lists.js';
import { TakeEditions } from './trust-lists-take.js';

/** Everything that is read from others, for whoever reads it at its time. */
@Injectable()
export class RefreshReaders {
  readonly #trustLists: ReadTrustLists;
  readonly #editions: TakeEditions;
  readonly #lists: ReadRevocationLists;
  readonly #answers: ReadAnswers;
  readonly #metrics: RefreshMetrics;
  readonly #settings: RefreshSettings;
  readonly #clock: Clock;

  constructor(
    @Inject(ReadTrustLists) trustLists: ReadTrustLists,
    @Inject(TakeEditions) editions: TakeEditions,
    @Inject(ReadRevocationLists) lists: ReadRevocationLists,
    @Inject(ReadAnswers) answers: ReadAnswers,
    @Inject(RefreshMetrics) metrics: RefreshMetrics,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#trustLists = trustLists;
    this.#editions = editions;
    this.#lists = lists;
    this.#answers = answers;
    this.#metrics = metrics;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Names of the trust lists that are to be read now. */
  dueTrustLists(view: TrustView): readonly string[] {
    return this.#trustLists.due(view);
  }

  /** Tells of trust lists that have gone out of date. */
  noteTime(): Promise<void> {
    return this.#editions.noteTime();
  }

  trustList(name: string, signal: AbortSignal): Promise<void> {
    return this.#trustLists.read(name, { whole: false, signal });
  }

  list(due: DueList, signal: AbortSignal): Promise<void> {
    return this.#lists.read(due, signal);
  }

  answer(answer: KnownAnswer, signal: AbortSignal): Promise<void> {
    return this.#answers.read(answer, signal);
  }

  /** Shows how lists stand in a state; undefined: another replica does. */
  countStates(view: TrustView | undefined): void {
    this.#metrics.countStates(view === undefined ? undefined : listStatesOf(view, this.#settings, this.#clock.now()));
  }
}
