import {
  IssuerIndex,
  type Certificate,
  type OcspAnswer,
  type RevocationList,
  RevocationListIndex,
} from '@certlane/pki';
import type {
  FollowedList,
  InstalledIssuer,
  KnownAnswer,
  KnownRevocationList,
  Listing,
  TrustView,
} from '../ports/trust-state.js';

/** What a view is made of. Maps are never changed once they are part of one. */
export interface TrustParts {
  readonly version: number;
  readonly issuers: ReadonlyMap<string, InstalledIssuer>;
  readonly trustLists: ReadonlyMap<string, FollowedList>;
  readonly revocationLists: ReadonlyMap<string, KnownRevocationList>;
  readonly answers: ReadonlyMap<string, KnownAnswer>;
}

type Authorities = Pick<
  TrustView,
  'anchors' | 'deepAnchors' | 'others' | 'aboveListed' | 'known' | 'listings' | 'listingsBelow'
>;
type Lists = Pick<TrustView, 'lists' | 'revokedEntries' | 'revocationOctets'>;

/**
 * The view over these parts. Indexes are made anew only where their part differs from that of `before`: an index of thousands costs some
 * milliseconds, and most changes concern one list.
 */
export function trustViewOf(parts: TrustParts, before?: TrustView): TrustView {
  const sameAuthorities =
    before !== undefined &&
    sameIssuers(before.issuers, parts.issuers) &&
    sameEditions(before.trustLists, parts.trustLists);
  const authorities = sameAuthorities ? before : authoritiesOf(parts);
  const lists =
    before !== undefined && sameLists(before.revocationLists, parts.revocationLists) ? before : listsOf(parts);
  const answersAbout =
    before !== undefined && sameAnswers(before.answers, parts.answers) ? before.answersAbout : answersOf(parts);
  const { anchors, deepAnchors, others, aboveListed, known, listings, listingsBelow } = authorities;
  return {
    ...parts,
    ...{ anchors, deepAnchors, others, aboveListed, known, listings, listingsBelow },
    lists: lists.lists,
    revokedEntries: lists.revokedEntries,
    revocationOctets: lists.revocationOctets,
    answersAbout,
  };
}

/** Whether a verdict can never differ between two views, one of which was made from the other. */
export const sameSubstance = (a: TrustView, b: TrustView): boolean =>
  a.known === b.known && a.lists === b.lists && a.answersAbout === b.answersAbout;

/** The state before anything was installed. */
export const EMPTY_VIEW: TrustView = trustViewOf({
  version: 0,
  issuers: new Map(),
  trustLists: new Map(),
  revocationLists: new Map(),
  answers: new Map(),
});

const NONE: readonly never[] = [];

function authoritiesOf({ issuers, trustLists }: TrustParts): Authorities {
  const anchors = new IssuerIndex();
  const deepAnchors = new IssuerIndex();
  const others = new IssuerIndex();
  const aboveListed = new IssuerIndex();
  const listings = new Map<string, Listing[]>();
  const below = new Map<string, Listing[]>();
  for (const { certificate, purpose } of issuers.values()) {
    if (purpose !== 'oftp2') continue;
    anchors.add(certificate);
    deepAnchors.add(certificate);
  }
  for (const { name, level, edition } of trustLists.values()) {
    for (const authority of edition?.authorities ?? []) {
      const listing = { list: name, sequenceNumber: edition?.sequenceNumber ?? 0, authority };
      anchors.add(authority.certificate);
      if (level === 'basic') deepAnchors.add(authority.certificate);
      push(listings, authority.certificate.fingerprint, listing);
      for (const above of authority.above) push(below, above.fingerprint, listing);
    }
  }
  const complete = (certificate: Certificate) => {
    if (!anchors.has(certificate)) others.add(certificate);
  };
  for (const { certificate } of issuers.values()) complete(certificate);
  for (const listed of below.values()) {
    for (const above of listed.flatMap(({ authority }) => authority.above)) {
      complete(above);
      if (!anchors.has(above)) aboveListed.add(above);
    }
  }
  const known = new IssuerIndex();
  for (const index of [anchors, others]) {
    for (const fingerprint of index.fingerprints()) {
      const certificate = index.get(fingerprint);
      if (certificate !== undefined) known.add(certificate);
    }
  }
  return {
    ...{ anchors, deepAnchors, others, aboveListed, known },
    listings: (fingerprint) => listings.get(fingerprint) ?? NONE,
    listingsBelow: (fingerprint) => below.get(fingerprint) ?? NONE,
  };
}

function listsOf({ revocationLists }: TrustParts): Lists {
  // Two places may have the same list: it counts once.
  const lists = new Map<string, RevocationList>();
  for (const { list } of revocationLists.values()) if (list !== undefined) lists.set(list.fingerprint, list);
  let revokedEntries = 0;
  let revocationOctets = 0;
  for (const { entries, der } of lists.values()) {
    revokedEntries += entries.size;
    revocationOctets += der.length;
  }
  return { lists: new RevocationListIndex(lists.values()), revokedEntries, revocationOctets };
}

function answersOf({ answers }: TrustParts): TrustView['answersAbout'] {
  const about = new Map<string, OcspAnswer[]>();
  for (const { certificate, answer } of answers.values()) {
    if (answer !== undefined) push(about, certificate.fingerprint, { response: answer.response });
  }
  return (fingerprint) => about.get(fingerprint) ?? NONE;
}

/**
 * Whether two maps have the same entries as far as verdicts depend on them.
 * @param substance what a verdict depends on; undefined: nothing does
 */
function equal<Entry>(
  a: ReadonlyMap<string, Entry>,
  b: ReadonlyMap<string, Entry>,
  substance: (entry: Entry) => readonly unknown[] | undefined,
): boolean {
  if (a === b) return true;
  let left = 0;
  for (const entry of b.values()) if (substance(entry) !== undefined) left += 1;
  for (const [key, entry] of a) {
    const one = substance(entry);
    if (one === undefined) continue;
    const there = b.get(key);
    const other = there === undefined ? undefined : substance(there);
    if (other === undefined || one.some((part, index) => part !== other[index])) return false;
    left -= 1;
  }
  return left === 0;
}

const sameIssuers = (a: TrustView['issuers'], b: TrustView['issuers']): boolean =>
  equal(a, b, ({ certificate, purpose }) => [certificate, purpose]);

const sameEditions = (a: TrustView['trustLists'], b: TrustView['trustLists']): boolean =>
  equal(a, b, ({ edition, level }) => (edition === undefined ? undefined : [edition, level]));

const sameLists = (a: TrustView['revocationLists'], b: TrustView['revocationLists']): boolean =>
  equal(a, b, ({ list }) => (list === undefined ? undefined : [list]));

const sameAnswers = (a: TrustView['answers'], b: TrustView['answers']): boolean =>
  equal(a, b, ({ answer }) => (answer === undefined ? undefined : [answer]));

function push<Value>(to: Map<string, Value[]>, key: string, value: Value): void {
  const there = to.get(key);
  if (there === undefined) to.set(key, [value]);
  else there.push(value);
}
