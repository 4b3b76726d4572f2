import { CertlaneError, fingerprint, type RevocationListView } from '@certlane/contracts';
import { isPkiError, nameKey, parseDistinguishedName } from '@certlane/pki';
import { CLOCK, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { answerView } from '../domain/refresh/answer-reading.js';
import { revocationListView } from '../domain/refresh/list-reading.js';
import { expectedAt, pointsOf, type DueList } from '../domain/refresh/plan-round.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';
import { TRUST_STATE, type KnownAnswer, type TrustState, type TrustView } from '../ports/trust-state.js';
import { eachAtOnce } from './refresh-batch.js';
import { RefreshReaders } from './refresh-readers.js';

/** What came of a reading that was asked for. */
export interface ReadNow {
  /** Those that were read, or could not be read. */
  readonly lists: readonly RevocationListView[];
  /** How many others go on in the background. */
  readonly queued: number;
}

/** How long a request waits for servers; what takes longer is read in the background. */
const WAIT_MS = 3_000;
/** Lists that one request reads itself, as many as a reply shows. */
const READ_AT_MOST = 100;
const AT_ONCE = 8;

/** What operators see of revocation lists, and the reading of them at once. */
@Injectable()
export class RevocationLists {
  readonly #state: TrustState;
  readonly #readers: RefreshReaders;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(RefreshReaders) readers: RefreshReaders,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
  ) {
    this.#state = state;
    this.#readers = readers;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** All, and the answers of responders beside them, by id. */
  async all(): Promise<readonly RevocationListView[]> {
    const now = this.#clock.now();
    const { revocationLists, answers } = await this.#state.current();
    return [
      ...[...revocationLists.values()].map((known) => revocationListView(known, this.#settings, now)),
      ...[...answers.values()].map((known) => answerView(known, this.#settings, now)),
    ].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /**
   * Reads lists now: all, or those of one authority.
   * @param issuer its fingerprint or its name
   * @throws {CertlaneError} `not-found` when no list of this authority is known
   */
  async refresh(issuer?: string): Promise<ReadNow> {
    const view = await this.#state.current();
    const { lists, answers } = wanted(view, issuer === undefined ? undefined : namesOf(view, issuer));
    if (issuer !== undefined && lists.length + answers.length === 0) {
      const unknown = 'no certificate that was seen says where this authority publishes a revocation list';
      const ways =
        'certlane validate FILE with one that it issued finds that out, certlane crl import FILE takes a list by hand';
      throw new CertlaneError('not-found', `issuer: ${unknown}; ${ways}`, { details: { field: 'issuer' } });
    }
    const done = new Set<string>();
    const signal = AbortSignal.timeout(WAIT_MS);
    const acts = [
      ...lists.map((due) => ({ id: due.record.id, read: () => this.#readers.list(due, signal) })),
      ...answers.map((answer) => ({ id: answer.id, read: () => this.#readers.answer(answer, signal) })),
    ];
    await eachAtOnce(acts.slice(0, READ_AT_MOST), AT_ONCE, signal, async ({ id, read }) => {
      await read();
      if (!signal.aborted) done.add(id);
    });
    const left = new Set(acts.map(({ id }) => id).filter((id) => !done.has(id)));
    if (left.size > 0) await this.#queue(lists, left);
    return { lists: (await this.all()).filter(({ id }) => done.has(id)), queued: left.size };
  }

  /** Whichever replica reads lists finds them due. */
  async #queue(lists: readonly DueList[], left: ReadonlySet<string>): Promise<void> {
    const nextTry = this.#clock.now().toISOString();
    await this.#state.change((view) => ({
      revocationLists: {
        put: lists
          .filter(({ record }) => left.has(record.id))
          .map(({ record }) => ({ ...(view.revocationLists.get(record.id) ?? record), nextTry })),
      },
      answers: { put: [...view.answers.values()].filter(({ id }) => left.has(id)).map((one) => ({ ...one, nextTry })) },
      result: undefined,
    }));
  }
}

/** Everything that can be read, of some issuers or of all. */
function wanted(
  view: TrustView,
  issuers: ReadonlySet<string> | undefined,
): { readonly lists: readonly DueList[]; readonly answers: readonly KnownAnswer[] } {
  const points = new Map(pointsOf(view).map((point) => [point.id, point]));
  const known = [...view.revocationLists.values()].map((record): DueList => {
    const point = points.get(record.id);
    return { record, kind: point?.kind ?? 'full', expected: expectedAt(record, point) };
  });
  const fresh = [...points.values()]
    .filter(({ id }) => !view.revocationLists.has(id))
    .map(({ id, url, kind, issuers: expected }): DueList => ({ record: { id, url, failures: 0 }, kind, expected }));
  const isWanted = ({ record: { url, list }, expected }: DueList): boolean =>
    url !== undefined &&
    (issuers === undefined ||
      (list !== undefined && issuers.has(nameKey(list.issuer))) ||
      [...issuers].some((name) => expected?.has(name) === true));
  return {
    lists: [...known, ...fresh].filter(isWanted),
    answers: [...view.answers.values()].filter(
      ({ issuer }) => issuers === undefined || issuers.has(nameKey(issuer.subject)),
    ),
  };
}

/** The name of an authority, given by its fingerprint or as text. */
function namesOf(view: TrustView, issuer: string): ReadonlySet<string> {
  if (fingerprint.safeParse(issuer).success) {
    const certificate = view.known.get(issuer);
    return new Set(certificate === undefined ? [] : [nameKey(certificate.subject)]);
  }
  try {
    return new Set([nameKey(parseDistinguishedName(issuer))]);
  } catch (error) {
    if (!isPkiError(error)) throw error;
    throw new CertlaneError('invalid-argument', `issuer: ${error.message}`, { details: { field: 'issuer' } });
  }
}
