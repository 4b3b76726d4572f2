import { caEvents, CertlaneError } from '@certlane/contracts';
import { isPkiError, readRevocationList, type RevocationList } from '@certlane/pki';
import { CLOCK, MESSAGES, type Clock, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { admitList, signersOf } from '../domain/refresh/admit-list.js';
import { afterImport, stateOfKnown } from '../domain/refresh/list-reading.js';
import { importedId } from '../domain/refresh/reading-points.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { listTaken } from '../domain/refresh/told-events.js';
import { CONTENTS, type Contents } from '../ports/contents.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_STATE, type KnownRevocationList, type TrustState, type TrustView } from '../ports/trust-state.js';
import { LIST_LIMITS } from './refresh-lists.js';

/** Takes revocation lists by hand, by the same rules as those that are read. */
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
    if (!decision.taken) throw refused(`it is not taken (${decision.reason}): ${decision.message}`, decision.reason);
    return decision.unchanged;
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
