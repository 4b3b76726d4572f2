import { isPkiError } from '@certlane/pki';
import { readUpdateTime, TRUST_LIST_LIMITS } from '@certlane/pki/trust-list';
import { CLOCK, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Validators } from '../domain/refresh/list-reading.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { stateOfTrustList } from '../domain/trust-list/following.js';
import { updateAddressesOf } from '../domain/trust-list/update-address.js';
import { FETCHER, type Fetcher, type FetchedDocument, type FetchRefusal } from '../ports/fetcher.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_STATE, type FollowedList, type TrustState, type TrustView } from '../ports/trust-state.js';
import { RefreshMetrics } from '../refresh-metrics.js';
import { RecordedActs } from './refresh-acts.js';
import { TakeEditions } from './trust-lists-take.js';

/** The small text beside a list is a date. */
const UPDATE_TEXT_OCTETS = 4_096;

/** Reads trust lists at their addresses. */
@Injectable()
export class ReadTrustLists {
  readonly #state: TrustState;
  readonly #fetcher: Fetcher;
  readonly #editions: TakeEditions;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;
  readonly #metrics: RefreshMetrics;
  readonly #acts: RecordedActs;
  /** When this process has read a whole list last: what is unsigned must not put that off. */
  readonly #readWhole = new Map<string, number>();

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(FETCHER) fetcher: Fetcher,
    @Inject(TakeEditions) editions: TakeEditions,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
    @Inject(RefreshMetrics) metrics: RefreshMetrics,
    @Inject(RecordedActs) acts: RecordedActs,
  ) {
    this.#state = state;
    this.#fetcher = fetcher;
    this.#editions = editions;
    this.#clock = clock;
    this.#settings = settings;
    this.#metrics = metrics;
    this.#acts = acts;
  }

  /** Names of the lists that are to be read now. */
  due(view: Pick<TrustView, 'trustLists'>): readonly string[] {
    const now = this.#clock.now();
    return [...view.trustLists.values()]
      .filter(({ url, nextTry }) => url !== undefined && (nextTry === undefined || new Date(nextTry) <= now))
      .map(({ name }) => name);
  }

  /**
   * Reads a list at its address; what comes after the signal is aborted counts for nothing.
   * @param name of the list
   * @param how with `whole` also when the small text beside it says that nothing has changed
   * @throws {CertlaneError} `unavailable`, `conflict` when what came of it could not be written
   */
  async read(name: string, how: { readonly whole: boolean; readonly signal: AbortSignal }): Promise<void> {
    const followed = (await this.#state.current()).trustLists.get(name);
    if (followed?.url === undefined) return;
    const began = performance.now();
    const outcome = await this.#read(followed, followed.url, how.whole, how.signal);
    if (outcome !== undefined) this.#metrics.read('trust-list', outcome, performance.now() - began);
  }

  async #read(followed: FollowedList, url: string, whole: boolean, signal: AbortSignal): Promise<string | undefined> {
    const { name } = followed;
    const updateTime = await this.#updateTime(url, signal);
    if (!whole && updateTime !== undefined && updateTime === followed.updateTime && this.#mayRest(followed)) {
      await this.#editions.note(name, url, { ok: true, message: `not changed since ${updateTime}` });
      return 'unchanged';
    }
    const answer = await this.#fetcher.fetch({
      url,
      ...validatorsOf(followed),
      maxOctets: TRUST_LIST_LIMITS.octets,
      signal,
    });
    if (!answer.ok && answer.reason === 'aborted') return undefined;
    const outcome = await this.#taken({ name, url }, answer, updateTime);
    if (answer.ok) this.#readWhole.set(name, this.#clock.now().getTime());
    return outcome;
  }

  async #taken(
    { name, url }: { readonly name: string; readonly url: string },
    answer: FetchedDocument | FetchRefusal,
    updateTime: string | undefined,
  ): Promise<string> {
    if (!answer.ok) {
      await this.#editions.note(name, url, { ok: false, trouble: { reason: answer.reason, message: answer.message } });
      return answer.reason;
    }
    const { etag, lastModified, notModified, octets } = answer;
    const validators = { etag, lastModified };
    if (notModified) {
      await this.#editions.note(name, url, { ok: true, message: 'not changed', validators, updateTime });
      return 'unchanged';
    }
    const { trouble } = await this.#editions.take(name, {
      octets,
      validators,
      updateTime,
      from: url,
      record: (before, run) => this.#acts.onEdition(before, run),
    });
    return trouble?.reason ?? 'taken';
  }

  /** Whether the list was read as a whole lately, and is not about to go out of date. */
  #mayRest(followed: FollowedList): boolean {
    const now = this.#clock.now();
    const read = this.#readWhole.get(followed.name);
    const lately = read !== undefined && now.getTime() - read < this.#settings.trustListIntervalMs;
    return lately && stateOfTrustList(followed, now) === 'current' && followed.lastTry?.ok === true;
  }

  /** The time of the last change as it is published beside the list; undefined where it is not. */
  async #updateTime(url: string, signal: AbortSignal): Promise<string | undefined> {
    for (const address of updateAddressesOf(url)) {
      const answer = await this.#fetcher.fetch({ url: address, maxOctets: UPDATE_TEXT_OCTETS, signal });
      if (!answer.ok) continue;
      try {
        return readUpdateTime(answer.octets).toISOString();
      } catch (error) {
        if (!isPkiError(error)) throw error;
      }
    }
    return undefined;
  }
}

/** A list with services whose status begins later has to come again, since only then they are among its authorities. */
function validatorsOf({ edition, etag, lastModified }: FollowedList): Validators {
  const isWhole = edition?.broken.every(({ reason }) => reason !== 'not-yet-in-force');
  return isWhole === true ? { etag, lastModified } : {};
}
