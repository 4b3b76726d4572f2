import { createHash } from 'node:crypto';
import type { KnownAnswer, KnownRevocationList, TrustView } from '../../ports/trust-state.js';
import type { RevocationNeed } from '../../ports/wanted.js';
import { LONGEST_ADDRESS, MOST_POINTS, pointId } from './reading-points.js';

/** What is to be kept of needs that validations told. */
export interface NeedEdits {
  readonly lists: readonly KnownRevocationList[];
  readonly answers: readonly KnownAnswer[];
}

/** Answers that are kept at most: one for each certificate of a partner. */
export const MOST_ANSWERS = 5_000;
/** Issuers that are kept with one address. */
const MOST_ISSUERS = 8;
/** That something is still wanted is written down so often at most. */
const WANTED_AGAIN_MS = 86_400_000;

/** How the answer of a responder about a certificate is named. */
export function answerId(fingerprint: string, url: string): string {
  return createHash('sha256').update(`${fingerprint} ${url}`).digest('hex');
}

/**
 * Places that validations named and that are not known yet, or not known to be wanted still. A responder is asked where no list
 * served.
 */
export function editsFor(
  needs: Iterable<RevocationNeed>,
  view: Pick<TrustView, 'revocationLists' | 'answers'>,
  now: Date,
): NeedEdits {
  const lists = new Map<string, KnownRevocationList>();
  const answers = new Map<string, KnownAnswer>();
  for (const need of needs) {
    for (const url of [...need.addresses.cRLDistributionPoints, ...need.addresses.freshestCRL]) {
      if (url.length > LONGEST_ADDRESS) continue;
      const id = pointId(url);
      const known = lists.get(id) ?? view.revocationLists.get(id);
      if (known === undefined && view.revocationLists.size + lists.size >= MOST_POINTS) continue;
      const wanted = wantedList(known ?? { id, url, failures: 0 }, need, now);
      if (wanted !== known) lists.set(id, wanted);
    }
    const [url] = need.addresses.ocsp;
    if (need.by === 'list' || url === undefined || url.length > LONGEST_ADDRESS) continue;
    const id = answerId(need.certificate.fingerprint, url);
    const known = answers.get(id) ?? view.answers.get(id);
    if (known === undefined ? view.answers.size + answers.size >= MOST_ANSWERS : !isStale(known.wantedAt, now))
      continue;
    const { certificate, issuer } = need;
    const fresh = { id, certificate, issuer, url, failures: 0 };
    answers.set(id, { ...(known ?? fresh), wantedAt: now.toISOString() });
  }
  return { lists: [...lists.values()], answers: [...answers.values()] };
}

/** The same object when there is nothing new. */
function wantedList(known: KnownRevocationList, { issuer }: RevocationNeed, now: Date): KnownRevocationList {
  const { issuers = [], wantedAt } = known;
  const isNew = issuers.length < MOST_ISSUERS && !issuers.some(({ fingerprint }) => fingerprint === issuer.fingerprint);
  if (!isNew && !isStale(wantedAt, now)) return known;
  // An issuer that was not known may be what a list was refused for.
  const again = isNew && known.lastTry?.ok === false ? { nextTry: now.toISOString() } : {};
  return { ...known, ...again, wantedAt: now.toISOString(), issuers: isNew ? [...issuers, issuer] : issuers };
}

function isStale(wantedAt: string | undefined, now: Date): boolean {
  return wantedAt === undefined || now.getTime() - new Date(wantedAt).getTime() > WANTED_AGAIN_MS;
}
