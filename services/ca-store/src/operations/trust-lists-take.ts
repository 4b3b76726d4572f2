import { caEvents } from '@certlane/contracts';
import { type Certificate } from '@certlane/pki';
import { CLOCK, LOGGER, MESSAGES, type Clock, type Logger, type Messages, type OutboxMessage } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import type { Validators } from '../domain/refresh/list-reading.js';
import type { Trouble } from '../domain/refresh/told.js';
import type { Examination } from '../domain/trust-list/examine.js';
import { afterTime, afterTry, type AfterTry, type ListTry } from '../domain/trust-list/following.js';
import { takenData } from '../domain/trust-list/list-view.js';
import { trustListRemedy } from '../domain/trust-list/remedies.js';
import { signersOfUse } from '../domain/trust-list/signers.js';
import { takeEdition, type EditionDecision } from '../domain/trust-list/take-edition.js';
import { CONTENTS, type Contents } from '../ports/contents.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_LIST_EXAMINER, type TrustListExaminer } from '../ports/trust-list-examiner.js';
import { TRUST_STATE, type FollowedList, type TrustChange, type TrustState } from '../ports/trust-state.js';

/** An edition of a list that came from somewhere. */
export interface CameEdition {
  readonly octets: Uint8Array;
  readonly validators?: Validators;
  /** Of the small text beside it. */
  readonly updateTime?: string | undefined;
  /** The address it was read at; what the list has meanwhile another one for counts no more. */
  readonly from?: string;
  /** Whoever handed it over hears why it is refused; then it says nothing of the list's address. */
  readonly byHand?: boolean;
  /** Writes down that it is taken, where it brings anything new; left out where that is part of an act already. */
  readonly record?: (before: FollowedList, run: () => Promise<TakenEdition>) => Promise<TakenEdition>;
}

/** What became of it; the list is undefined when nobody follows it any more. */
export interface TakenEdition {
  readonly followed: FollowedList | undefined;
  /** Why it was not taken. */
  readonly trouble: Trouble | undefined;
}

/** How many authorities may be told of in one event is bounded; what is refused is told as long. */
const LONGEST_MESSAGE = 1_000;

/** Examines editions of trust lists and puts those that may be used into the trust state. */
@Injectable()
export class TakeEditions {
  readonly #state: TrustState;
  readonly #contents: Contents;
  readonly #examiner: TrustListExaminer;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;
  readonly #logger: Logger;

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(CONTENTS) contents: Contents,
    @Inject(TRUST_LIST_EXAMINER) examiner: TrustListExaminer,
    @Inject(MESSAGES) messages: Messages,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#state = state;
    this.#contents = contents;
    this.#examiner = examiner;
    this.#messages = messages;
    this.#clock = clock;
    this.#settings = settings;
    this.#logger = logger;
  }

  /**
   * Takes an edition of a list that is followed, if it may be used; notes the try in any case.
   * @throws {CertlaneError} `unavailable`, `conflict` when that could not be written
   */
  async take(name: string, came: CameEdition): Promise<TakenEdition> {
    const before = (await this.#state.current()).trustLists.get(name);
    if (before === undefined) return { followed: undefined, trouble: undefined };
    const examination = await this.#examine(came.octets, before);
    const content = examination.ok ? await this.#contents.put(came.octets) : '';
    const run = () => this.#change(name, (followed) => this.#decide(followed, examination, content), came);
    const decision = this.#decide(before, examination, content);
    const isNew = decision.taken && !decision.unchanged;
    return isNew && came.record !== undefined ? came.record(before, run) : run();
  }

  /**
   * Begins to follow a list with its first edition.
   * @param followed the list without an edition
   * @returns why nothing was done
   * @throws {CertlaneError} `unavailable`, `conflict`, and what `assertNew` throws
   */
  async begin(
    followed: FollowedList,
    octets: Uint8Array,
    assertNew: (present: FollowedList | undefined) => void,
  ): Promise<TakenEdition> {
    const examination = await this.#examine(octets, followed);
    if (!examination.ok) return { followed: undefined, trouble: examination };
    const content = await this.#contents.put(octets);
    const now = this.#clock.now();
    const decision = takeEdition(followed, { examined: examination, content, now });
    if (!decision.taken) return { followed: undefined, trouble: decision.trouble };
    return this.#state.change((view) => {
      assertNew(view.trustLists.get(followed.name));
      return this.#changeOf(followed, decision, { octets });
    });
  }

  /** Notes a try at an address that brought no edition. */
  async note(name: string, from: string, attempt: ListTry): Promise<FollowedList | undefined> {
    return this.#state.change<FollowedList | undefined>((view) => {
      const before = view.trustLists.get(name);
      if (before?.url !== from) return { result: undefined };
      const after = afterTry(before, attempt, { settings: this.#settings, now: this.#clock.now() });
      return this.#put(after, [], after.followed);
    });
  }

  /** Tells of lists that have gone out of date meanwhile. */
  async noteTime(): Promise<void> {
    const due = (view: { readonly trustLists: ReadonlyMap<string, FollowedList> }) =>
      [...view.trustLists.values()].flatMap((followed) => afterTime(followed, this.#clock.now()) ?? []);
    if (due(await this.#state.current()).length === 0) return;
    await this.#state.change((view) => {
      const late = due(view);
      return {
        trustLists: { put: late.map(({ followed }) => followed) },
        messages: late.flatMap((after) => this.#refused(after)),
        result: undefined,
      };
    });
  }

  #examine(octets: Uint8Array, { signers, level }: FollowedList): Promise<Examination> {
    const pinned = signersOfUse({ signers }).map(({ der }) => Uint8Array.from(der));
    return this.#examiner.examine({ octets, signers: pinned, level, now: this.#clock.now() });
  }

  #decide(followed: FollowedList, examination: Examination, content: string): EditionDecision {
    if (!examination.ok) return { taken: false, trouble: examination };
    return takeEdition(followed, { examined: examination, content, now: this.#clock.now() });
  }

  #change(name: string, decide: (followed: FollowedList) => EditionDecision, came: CameEdition): Promise<TakenEdition> {
    return this.#state.change<TakenEdition>((view) => {
      const before = view.trustLists.get(name);
      const isElsewhere = came.from !== undefined && before?.url !== came.from;
      if (before === undefined || isElsewhere) return { result: { followed: before, trouble: undefined } };
      return this.#changeOf(before, decide(before), came);
    });
  }

  #changeOf(before: FollowedList, decision: EditionDecision, came: CameEdition): TrustChange<TakenEdition> {
    const { validators, updateTime } = came;
    const context = { settings: this.#settings, now: this.#clock.now() };
    if (!decision.taken) {
      const { trouble } = decision;
      if (came.byHand === true) return { result: { followed: before, trouble } };
      const after = afterTry(before, { ok: false, trouble }, context);
      this.#logger.warn({ trustList: before.name, reason: trouble.reason, why: trouble.message }, 'trust list refused');
      return this.#put(after, [], { followed: after.followed, trouble });
    }
    const pinned = decision.unchanged ? undefined : decision.pinnedByList?.certificate;
    if (pinned !== undefined) {
      this.#logger.warn({ trustList: before.name, signer: pinned.fingerprint }, 'signer pinned by the first list');
    }
    const message = decision.unchanged ? 'not changed' : takenMessage(pinned);
    const attempt: ListTry = { ok: true, message, updateTime, ...(validators === undefined ? {} : { validators }) };
    const after = afterTry(decision.followed, attempt, context);
    const data = decision.unchanged ? undefined : takenData(after.followed, decision.difference);
    if (data !== undefined) {
      const { sequenceNumber, addedCount, removedCount } = data;
      this.#logger.info({ trustList: before.name, sequenceNumber, addedCount, removedCount }, 'trust list taken');
    }
    const messages = data === undefined ? [] : [this.#messages.event(caEvents.trustListTaken, data)];
    return this.#put(after, messages, { followed: after.followed, trouble: undefined });
  }

  #put<Result>(after: AfterTry, messages: readonly OutboxMessage[], result: Result): TrustChange<Result> {
    return { trustLists: { put: [after.followed] }, messages: [...messages, ...this.#refused(after)], result };
  }

  #refused({ followed, tell }: AfterTry): OutboxMessage[] {
    if (tell === undefined) return [];
    const { name } = followed;
    const { reason, message } = tell;
    const remedy = trustListRemedy(reason, followed, 'address');
    const data = {
      name,
      reason,
      message: message.slice(0, LONGEST_MESSAGE),
      ...(remedy === undefined ? {} : { remedy }),
    };
    return [this.#messages.event(caEvents.trustListRefused, data)];
  }
}

/** Whoever follows a list without having given its signer has to be told clearly whom it now trusts. */
function takenMessage(pinned: Certificate | undefined): string {
  return pinned === undefined
    ? 'taken'
    : `taken; this first list has pinned its signer: compare the SHA-256 fingerprint ${pinned.fingerprint} with that of the publisher`;
}
