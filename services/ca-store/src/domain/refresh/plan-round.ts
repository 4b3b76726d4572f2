import { nameKey, type Certificate, type IssuerIndex } from '@certlane/pki';
import type { KnownAnswer, KnownRevocationList, TrustView } from '../../ports/trust-state.js';
import { freshestAddressesOf } from '@certlane/pki';
import { MOST_POINTS, readingPointsOf, type ReadingPoint } from './reading-points.js';

/** A list that is to be read now. */
export interface DueList {
  readonly record: KnownRevocationList;
  readonly kind: ReadingPoint['kind'];
  /** Names of the issuers whose list is expected there; undefined: nobody we know of says. */
  readonly expected: ReadonlySet<string> | undefined;
}

/** What a round of reading has to do. */
export interface Round {
  /** Complete lists first, and in each part what has waited longest. */
  readonly lists: readonly DueList[];
  readonly answers: readonly KnownAnswer[];
  /** Ids of what nobody needs any more. */
  readonly forgottenLists: readonly string[];
  readonly forgottenAnswers: readonly string[];
}

const DAY = 86_400_000;

/** How long a list is still read that no validation asked for. */
const LIST_KEPT_MS = 30 * DAY;
/** The same of an answer, which is about one certificate and wanted only as long as no list serves. */
const ANSWER_KEPT_MS = 3 * DAY;

/**
 * What is due, and what is given up, at a time.
 * @param view the state
 * @param named where the authorities of the state say that lists are: {@link pointsOf}
 */
export function planRound(
  view: Pick<TrustView, 'revocationLists' | 'answers'>,
  named: readonly ReadingPoint[],
  now: Date,
): Round {
  const points = new Map(named.map((point) => [point.id, point]));
  const due: DueList[] = [];
  const forgottenLists: string[] = [];
  for (const record of view.revocationLists.values()) {
    const { id, url } = record;
    if (url === undefined) continue;
    const point = points.get(id);
    if (point === undefined && isUnwanted(record, LIST_KEPT_MS, now)) forgottenLists.push(id);
    else if (isDue(record, now)) due.push({ record, kind: kindOf(record, point), expected: expectedAt(record, point) });
  }
  const fresh = [...points.values()].filter(({ id }) => !view.revocationLists.has(id));
  for (const { id, url, kind, issuers } of fresh.slice(0, Math.max(0, MOST_POINTS - view.revocationLists.size))) {
    due.push({ record: { id, url, failures: 0 }, kind, expected: issuers });
  }
  return {
    lists: due.toSorted((a, b) => order(a) - order(b) || time(a.record) - time(b.record)),
    answers: [...view.answers.values()].filter((answer) => !isGivenUp(answer, now) && isDue(answer, now)),
    forgottenLists,
    forgottenAnswers: [...view.answers.values()].filter((answer) => isGivenUp(answer, now)).map(({ id }) => id),
  };
}

/** Where lists are read: as the authorities we know say, and as their lists say of deltas. */
export function pointsOf(view: Pick<TrustView, 'known' | 'revocationLists'>): readonly ReadingPoint[] {
  const lists = [...view.revocationLists.values()].flatMap(({ list }) => {
    const freshest = list === undefined ? [] : freshestAddressesOf(list);
    return list === undefined || freshest.length === 0 ? [] : [{ issuer: nameKey(list.issuer), freshest }];
  });
  // Of a list whose issuer nobody knows the signature could not be verified.
  const below = certificatesOf(view.known).filter(
    ({ issuer, selfIssued }) => !selfIssued && view.known.named(issuer).length > 0,
  );
  return readingPointsOf(below, lists);
}

/** Every certificate of an index. */
export function certificatesOf(index: IssuerIndex): readonly Certificate[] {
  return index.fingerprints().flatMap((fingerprint) => index.get(fingerprint) ?? []);
}

/** The issuers whose list an address is to give: of the authorities that name it, and of the certificates asked about. */
export function expectedAt(
  { issuers }: Pick<KnownRevocationList, 'issuers'>,
  point: Pick<ReadingPoint, 'issuers'> | undefined,
): ReadonlySet<string> | undefined {
  const between = issuers?.map(({ subject }) => nameKey(subject)) ?? [];
  const names = new Set([...(point?.issuers ?? []), ...between]);
  return names.size === 0 ? undefined : names;
}

function kindOf({ list }: KnownRevocationList, point: ReadingPoint | undefined): ReadingPoint['kind'] {
  return point?.kind ?? (list?.baseNumber === undefined ? 'full' : 'delta');
}

function isDue({ nextTry }: Pick<KnownRevocationList, 'nextTry'>, now: Date): boolean {
  return nextTry === undefined || new Date(nextTry) <= now;
}

function isUnwanted({ wantedAt }: Pick<KnownRevocationList, 'wantedAt'>, keptMs: number, now: Date): boolean {
  return wantedAt === undefined || now.getTime() - new Date(wantedAt).getTime() > keptMs;
}

const isGivenUp = (answer: KnownAnswer, now: Date): boolean =>
  isUnwanted(answer, ANSWER_KEPT_MS, now) || answer.certificate.notAfter < now;

const order = ({ kind }: DueList): number => (kind === 'full' ? 0 : 1);
const time = ({ nextTry }: KnownRevocationList): number => (nextTry === undefined ? 0 : new Date(nextTry).getTime());
