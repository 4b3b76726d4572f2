import { caEvents, CertlaneError } from '@certlane/contracts';
import { isPkiError, readRevocationList, type RevocationList } from '@certlane/pki';
import { CLOCK, MESSAGES, type Clock, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { admitList, signersOf } from '../domain/refresh/admit-list.js';
import { afterImport, stateOfKnown } from '../domain/refresh/list-reading.js';
import { importedId } from '../domain/refresh/reading-points.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { importRemedy } from '../domain/refresh/list-remedies.js';
import { listRemoved, listTaken } from '../domain/refresh/told-events.js';
import { CONTENTS, type Contents } from '../ports/contents.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_STATE, type KnownRevocationList, type TrustState, type TrustView } from '../ports/trust-state.js';
import { LIST_LIMITS } from './refresh-lists.js';

/** Revocation lists by hand: taken by the same rules as those that are read, and taken out again. */
@Injectable()
export class ImportRevocationList {
  readonly #state: TrustState;
  readonly #contents: Contents;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(CONTENTS) contents: Contents,
    @Inject(MESSAGES) messages: Messages,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
  ) {
    this.#state = state;
    this.#contents = contents;
    this.#messages = messages;
    this.#clock = clock;
    this.#settings = settings;
  }

  /**
   * Takes a list that was handed over; one that is in use already is left as it is.
   * @param content its name
   * @throws {CertlaneError} `failed-precondition` when it was not handed over or may not be used, `invalid-argument` when it is no list
   */
  async run(content: string): Promise<KnownRevocationList> {
    const octets = await this.#contents.get(content);
    if (octets === undefined) {
      throw refused(`${content} was not handed over, or more than an hour ago: send its parts with content.put first`);
    }
    const list = readList(octets);
    return this.#state.change((view) => {
      const now = this.#clock.now();
      const id = importedId(list);
      const before = view.revocationLists.get(id) ?? { id, failures: 0 };
      if (this.#isUnchanged(view, before, list, now)) return { result: before };
      const record = afterImport(before, list, now);
      const data = listTaken(record);
      return {
        revocationLists: { put: [record] },
        messages: data === undefined ? [] : [this.#messages.event(caEvents.revocationListTaken, data)],
        result: record,
      };
    });
  }

  /**
   * Takes out a list that was handed over: what it says counts no more.
   * @throws {CertlaneError} `not-found`, `failed-precondition` for a list with an address
   */
  async remove(id: string, by: string | undefined): Promise<KnownRevocationList> {
    return this.#state.change((view) => {
      const known = view.revocationLists.get(id);
      const url = known?.url ?? view.answers.get(id)?.url;
      if (url !== undefined) {
        const problem = `it is not imported but read at ${url}, as certificates say; it goes by itself when none says so any more`;
        throw new CertlaneError('failed-precondition', `id: ${problem}`, { details: { field: 'id' } });
      }
      if (known === undefined) {
        const problem = `id: no revocation list ${id} is known; certlane crl list shows those that are`;
        throw new CertlaneError('not-found', problem, { details: { field: 'id' } });
      }
      const { list } = known;
      const data = list === undefined ? undefined : { ...listRemoved(id, list), ...(by === undefined ? {} : { by }) };
      return {
        revocationLists: { remove: [id] },
        messages: data === undefined ? [] : [this.#messages.event(caEvents.revocationListRemoved, data)],
        result: known,
      };
    });
  }

  #isUnchanged(view: TrustView, before: KnownRevocationList, list: RevocationList, now: Date): boolean {
    const decision = admitList({
      list,
      expected: undefined,
      inUse:
        before.list === undefined
          ? undefined
          : { list: before.list, counts: stateOfKnown(before, this.#settings, now) !== 'too-old' },
      bases: view.lists.complete(list.issuer),
      signers: signersOf(view),
      now,
    });
    if (decision.taken) return decision.unchanged;
    const { reason, message } = decision;
    const remedy = importRemedy(reason);
    throw refused(`it is not taken (${reason}): ${message}${remedy === undefined ? '' : `; ${remedy}`}`, reason);
  }
}

function readList(octets: Uint8Array): RevocationList {
  try {
    return readRevocationList(octets, LIST_LIMITS);
  } catch (error) {
    if (!isPkiError(error)) throw error;
    throw new CertlaneError('invalid-argument', `content: ${error.message}`, {
      details: { field: 'content', reason: error.code },
    });
  }
}

function refused(message: string, reason?: string): CertlaneError {
  return new CertlaneError('failed-precondition', `content: ${message}`, { details: { field: 'content', reason } });
}
