import { setTimeout as sleep } from 'node:timers/promises';
import { caEvents } from '@certlane/contracts';
import { CLOCK, LOGGER, MESSAGES, type Clock, type Logger, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { readingFailed } from '../domain/refresh/told-events.js';
import { afterTime } from '../domain/refresh/list-reading.js';
import { planRound, pointsOf, type Round } from '../domain/refresh/plan-round.js';
import type { ReadingPoint } from '../domain/refresh/reading-points.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { TRUST_STATE, type TrustChange, type TrustState, type TrustView } from '../ports/trust-state.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { RefreshReaders } from './refresh-readers.js';

/** How often it is looked what is due; a certificate that was asked about waits so long at most. */
const LOOK_MS = 2_000;
/** The same as long as more is due than is under way. */
const LOOK_AGAIN_MS = 200;
/** Readings under way at once: so few that what is wanted now does not wait behind all that is due. */
const MOST_UNDER_WAY = 48;
/** Of these from one host: one that does not answer, and is named by many certificates, leaves room for the others. */
const MOST_OF_HOST = 16;
/** Lists that are told to be too old in one change; the next look tells of the others. */
const MOST_TOLD = 100;

/**
 * Reads what is due, as long as it may. Readings run beside one another and beside the looking, so that a slow server holds up nothing
 * but its own list.
 */
@Injectable()
export class RefreshLoop {
  readonly #state: TrustState;
  readonly #readers: RefreshReaders;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;
  readonly #logger: Logger;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #ofHost = new Map<string, number>();
  #points: { readonly version: number; readonly named: readonly ReadingPoint[] } | undefined;
  #troubled = false;

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(RefreshReaders) readers: RefreshReaders,
    @Inject(MESSAGES) messages: Messages,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#state = state;
    this.#readers = readers;
    this.#messages = messages;
    this.#clock = clock;
    this.#settings = settings;
    this.#logger = logger;
  }

  /** Runs until the signal is aborted, and ends when nothing is under way any more. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const more = await this.#look(signal).catch((thrown: unknown) => this.#trouble(thrown));
      await sleep(more === true ? LOOK_AGAIN_MS : LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(this.#underWay.values());
    this.#readers.countStates(undefined);
  }

  /** @returns whether more is due than may be under way */
  async #look(signal: AbortSignal): Promise<boolean> {
    await this.#readers.noteTime();
    const view = await this.#state.current();
    const now = this.#clock.now();
    const round = planRound(view, this.#pointsOf(view), now);
    await this.#passTime(view, round);
    const started = [
      ...this.#readers.dueTrustLists(view).map((name) => {
        const url = view.trustLists.get(name)?.url;
        return this.#start(`trust-list ${name}`, url, () => this.#readers.trustList(name, signal));
      }),
      ...round.lists.map((due) => this.#start(due.record.id, due.record.url, () => this.#readers.list(due, signal))),
      ...round.answers.map((one) => this.#start(one.id, one.url, () => this.#readers.answer(one, signal))),
    ];
    this.#readers.countStates(view);
    this.#troubled = false;
    return started.includes(false);
  }

  /** @returns false when too much is under way for it to begin */
  #start(id: string, url: string | undefined, read: () => Promise<void>): boolean {
    if (this.#underWay.has(id)) return true;
    if (this.#underWay.size >= MOST_UNDER_WAY) return false;
    const host = URL.parse(url ?? '')?.host ?? '';
    if ((this.#ofHost.get(host) ?? 0) >= MOST_OF_HOST) return false;
    const reading = read()
      .catch((thrown: unknown) => this.#trouble(thrown))
      .finally(() => {
        this.#underWay.delete(id);
        this.#count(host, -1);
      });
    this.#underWay.set(id, reading);
    this.#count(host, 1);
    return true;
  }

  #count(host: string, more: number): void {
    const count = (this.#ofHost.get(host) ?? 0) + more;
    if (count > 0) this.#ofHost.set(host, count);
    else this.#ofHost.delete(host);
  }

  /** Reading ten thousand certificates for their addresses takes a second: once for each version. */
  #pointsOf(view: TrustView): readonly ReadingPoint[] {
    if (this.#points?.version !== view.version) this.#points = { version: view.version, named: pointsOf(view) };
    return this.#points.named;
  }

  /** Tells what has become too old without a reading, and gives up what nobody needs. */
  async #passTime(view: TrustView, { forgottenLists, forgottenAnswers }: Round): Promise<void> {
    const change = (present: TrustView): TrustChange<void> => {
      const now = this.#clock.now();
      const late = [...present.revocationLists.values()]
        .filter(({ id }) => !forgottenLists.includes(id))
        .flatMap((known) => afterTime(known, this.#settings, now) ?? [])
        .slice(0, MOST_TOLD);
      return {
        revocationLists: { put: late.map(({ record }) => record), remove: forgottenLists },
        answers: { remove: forgottenAnswers },
        messages: late.flatMap(({ record, tell }) =>
          tell === undefined ? [] : [this.#messages.event(caEvents.revocationListFailed, readingFailed(record, tell))],
        ),
        result: undefined,
      };
    };
    const { revocationLists } = change(view);
    const nothing = revocationLists?.put?.length === 0 && forgottenLists.length + forgottenAnswers.length === 0;
    if (!nothing) await this.#state.change(change);
  }

  #trouble(thrown: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#logger.warn({ err: thrown }, 'lists cannot be read for now; it is tried again');
  }
}
