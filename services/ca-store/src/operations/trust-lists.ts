import { caEvents, CertlaneError, type TrustListLevel } from '@certlane/contracts';
import { summaryOf, type Certificate } from '@certlane/pki';
import { CLOCK, MESSAGES, type Clock, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Trouble } from '../domain/refresh/told.js';
import { movedTo, type TriedList } from '../domain/trust-list/following.js';
import { namedAuthorities } from '../domain/trust-list/list-view.js';
import { trustListRemedy, type CameBy } from '../domain/trust-list/remedies.js';
import { confirmSigner, givenSigners, stageSigner, stagedSigner, type Actor } from '../domain/trust-list/signers.js';
import { CONTENTS, type Contents } from '../ports/contents.js';
import { TRUST_STATE, type FollowedList, type TrustState } from '../ports/trust-state.js';
import { ReadTrustLists } from './refresh-trust-lists.js';
import { TakeEditions } from './trust-lists-take.js';

/** A trust list that is to be followed. */
export interface TrustListWish {
  readonly name: string;
  readonly level: TrustListLevel;
  readonly url?: string | undefined;
  /** Name of the first edition, handed over before. */
  readonly content?: string | undefined;
  readonly signers: readonly Certificate[];
}

/** How long a request waits for a server; a list that takes longer is read in the background. */
const WAIT_MS = 3_000;

/** What operators do with trust lists. */
@Injectable()
export class TrustLists {
  readonly #state: TrustState;
  readonly #contents: Contents;
  readonly #editions: TakeEditions;
  readonly #reading: ReadTrustLists;
  readonly #messages: Messages;
  readonly #clock: Clock;

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(CONTENTS) contents: Contents,
    @Inject(TakeEditions) editions: TakeEditions,
    @Inject(ReadTrustLists) reading: ReadTrustLists,
    @Inject(MESSAGES) messages: Messages,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#state = state;
    this.#contents = contents;
    this.#editions = editions;
    this.#reading = reading;
    this.#messages = messages;
    this.#clock = clock;
  }

  /** All, by name. */
  async all(): Promise<readonly FollowedList[]> {
    const { trustLists } = await this.#state.current();
    return [...trustLists.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws {CertlaneError} `not-found` */
  async get(name: string): Promise<FollowedList> {
    return found(name, (await this.#state.current()).trustLists.get(name));
  }

  /**
   * Begins to follow a list. One with an address is read there at once, if its server is quick; else in the background.
   * @throws {CertlaneError} `already-exists`; `invalid-argument` for a wish without address and edition; `failed-precondition` when the
   *   edition cannot be taken, and nothing is followed
   */
  async add({ name, level, url, content, signers }: TrustListWish, by: Actor): Promise<TriedList> {
    if (url === undefined && content === undefined) {
      throw invalid('url', 'a trust list needs an address (--url) or its first edition (--file)');
    }
    const given = givenSigners(signers, by, this.#clock.now());
    const followed: FollowedList = { name, level, url, signers: given, failures: 0 };
    const assertNew = (present: FollowedList | undefined): void => {
      if (present === undefined) return;
      const where = present.url === undefined ? 'by hand' : `at ${present.url}`;
      const ways = `certlane tsl set ${name} --url URL reads it at another address, certlane tsl remove ${name} gives it up`;
      throw new CertlaneError('already-exists', `name: it is followed already, ${where}; ${ways}`, {
        details: { field: 'name' },
      });
    };
    assertNew((await this.#state.current()).trustLists.get(name));
    if (content !== undefined) {
      const { followed: taken, trouble } = await this.#editions.begin(followed, await this.#octets(content), assertNew);
      return { followed: takenOr(followed, taken, trouble, 'first'), queued: false };
    }
    await this.#state.change((view) => {
      assertNew(view.trustLists.get(name));
      return { trustLists: { put: [followed] }, result: undefined };
    });
    return this.refresh(name);
  }

  /**
   * Takes a newer edition that was handed over.
   * @throws {CertlaneError} `not-found`, `failed-precondition` when it cannot be taken: the one in use stays
   */
  async import(name: string, content: string): Promise<FollowedList> {
    const before = await this.get(name);
    const octets = await this.#octets(content);
    const { followed, trouble } = await this.#editions.take(name, { octets, byHand: true });
    return takenOr(before, followed, trouble, 'file');
  }

  /**
   * Has a list read at another address from now on, and reads it there.
   * @throws {CertlaneError} `not-found`
   */
  async set(name: string, url: string): Promise<TriedList> {
    await this.#state.change((view) => {
      const before = found(name, view.trustLists.get(name));
      return before.url === url
        ? { result: undefined }
        : { trustLists: { put: [movedTo(before, url)] }, result: undefined };
    });
    return this.refresh(name);
  }

  /**
   * Reads a list at its address now; one whose server is slow goes on in the background.
   * @throws {CertlaneError} `not-found`, `failed-precondition` for a list without address
   */
  async refresh(name: string): Promise<TriedList> {
    const before = await this.get(name);
    if (before.url === undefined) {
      const ways = `certlane tsl import ${name} FILE takes its next edition, certlane tsl set ${name} --url URL gives it an address`;
      throw refused('name', `trust list ${name} has no address to be read at; ${ways}`);
    }
    const signal = AbortSignal.timeout(WAIT_MS);
    await this.#reading.read(name, { whole: true, signal });
    if (!signal.aborted) return { followed: await this.get(name), queued: false };
    const queued = await this.#state.change((view) => {
      const followed = found(name, view.trustLists.get(name));
      const due = { ...followed, nextTry: this.#clock.now().toISOString() };
      return { trustLists: { put: [due] }, result: due };
    });
    return { followed: queued, queued: true };
  }

  /** @throws {CertlaneError} `not-found` */
  async remove(name: string, by: Actor): Promise<FollowedList> {
    return this.#state.change((view) => {
      const followed = found(name, view.trustLists.get(name));
      const { named, count } = namedAuthorities(followed.edition?.authorities ?? []);
      const data = { name, removed: named, removedCount: count, ...(by === undefined ? {} : { by }) };
      return {
        trustLists: { remove: [name] },
        messages: [this.#messages.event(caEvents.trustListRemoved, data)],
        result: followed,
      };
    });
  }

  /** @throws {CertlaneError} `not-found`, and as `stageSigner` */
  async stage(name: string, certificate: Certificate, by: Actor): Promise<FollowedList> {
    return this.#state.change((view) => {
      const before = found(name, view.trustLists.get(name));
      const followed = stageSigner(before, certificate, by, this.#clock.now());
      const data = { name, signer: summaryOf(certificate), ...(by === undefined ? {} : { by }) };
      return {
        trustLists: { put: [followed] },
        messages: [this.#messages.event(caEvents.signerStaged, data)],
        result: followed,
      };
    });
  }

  /** @throws {CertlaneError} `not-found`, and as `confirmSigner` */
  async confirm(name: string, fingerprint: string | undefined, by: Actor): Promise<FollowedList> {
    return this.#state.change((view) => {
      const { followed, signer } = confirmSigner(found(name, view.trustLists.get(name)), { fingerprint, by });
      // What was refused for its signer may be good now.
      const due = followed.url === undefined ? followed : { ...followed, nextTry: this.#clock.now().toISOString() };
      const data = { name, signer: summaryOf(signer.certificate), ...(by === undefined ? {} : { by }) };
      return {
        trustLists: { put: [due] },
        messages: [this.#messages.event(caEvents.signerConfirmed, data)],
        result: due,
      };
    });
  }

  /** The signer that waits for a second person, for whoever writes down who confirmed it. */
  async staged(name: string): Promise<Certificate | undefined> {
    return stagedSigner(await this.get(name))?.certificate;
  }

  async #octets(content: string): Promise<Uint8Array> {
    const octets = await this.#contents.get(content);
    if (octets !== undefined) return octets;
    throw refused(
      'content',
      `${content} was not handed over, or more than an hour ago: send its parts with content.put first`,
    );
  }
}

function found(name: string, followed: FollowedList | undefined): FollowedList {
  if (followed !== undefined) return followed;
  throw new CertlaneError(
    'not-found',
    `name: no trust list ${name} is followed; certlane tsl list shows those that are`,
    {
      details: { field: 'name' },
    },
  );
}

function takenOr(
  before: FollowedList,
  followed: FollowedList | undefined,
  trouble: Trouble | undefined,
  by: CameBy,
): FollowedList {
  if (trouble === undefined) return found(before.name, followed);
  const { reason, message } = trouble;
  const remedy = trustListRemedy(reason, before, by);
  const problem = `it is not taken (${reason}): ${message}`;
  const sentence = remedy === undefined ? problem : `${problem.replace(/\.$/, '')}; ${remedy}`;
  throw new CertlaneError('failed-precondition', `content: ${sentence}`, { details: { field: 'content', reason } });
}

function refused(field: string, message: string): CertlaneError {
  return new CertlaneError('failed-precondition', `${field}: ${message}`, { details: { field } });
}

function invalid(field: string, message: string): CertlaneError {
  return new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field } });
}
