import { createHash } from 'node:crypto';
import type { CertificateSummary } from '@certlane/contracts';
import { nameKey, parseDistinguishedName } from '@certlane/pki';
import type { FiledCertificate, PartnerRecord } from './records.js';

/** What a review goes through. Parts that are left out add nothing. */
export interface ReviewScope {
  readonly everything?: boolean;
  /** Certificates with one of these names above them, each as the digest of a form in which equal names are equal texts. */
  readonly names?: readonly string[];
  /** Certificates whose path ends at these. */
  readonly anchors?: readonly string[];
  /** Certificates that are not trusted, or that nobody has looked at yet. */
  readonly doubtful?: boolean;
  /** Certificates of partners for whom undetermined revocation stands against a certificate. */
  readonly undetermined?: boolean;
  /** All certificates of these partners. */
  readonly partners?: readonly PartnerName[];
}

/** A partner of a station. */
export interface PartnerName {
  readonly station: string;
  readonly partner: string;
}

/** A longer list is not worth telling apart from everything. */
const MOST_NAMED = 200;
/** More: each is read by name, and each certificate that comes on file names one. */
const MOST_PARTNERS = 1_000;

/** Everything there is. */
export const EVERYTHING: ReviewScope = { everything: true };

/** What a new authority, or another purpose of one, may change: what is below it, what ends at it, and what found no path so far. */
export function scopeOfAdded(issuer: Pick<CertificateSummary, 'fingerprint' | 'subject'>): ReviewScope {
  return { ...scopeOfRemoved(issuer), doubtful: true };
}

/** What the removal of an authority may change: what is below it, and what ends at it. */
export function scopeOfRemoved({
  fingerprint,
  subject,
}: Pick<CertificateSummary, 'fingerprint' | 'subject'>): ReviewScope {
  return { names: [keyOfName(subject)], anchors: [fingerprint] };
}

/** What a revocation list may change: what is below its issuer. */
export function scopeOfRevocations(issuer: string): ReviewScope {
  return { names: [keyOfName(issuer)] };
}

/** Both. */
export function mergeScopes(a: ReviewScope, b: ReviewScope): ReviewScope {
  if (a.everything === true || b.everything === true) return EVERYTHING;
  const names = union(a.names, b.names, (name) => name);
  const anchors = union(a.anchors, b.anchors, (anchor) => anchor);
  const partners = union(a.partners, b.partners, ({ station, partner }) => `${station} ${partner}`);
  if (names.length > MOST_NAMED || anchors.length > MOST_NAMED || partners.length > MOST_PARTNERS) return EVERYTHING;
  return {
    ...(names.length === 0 ? {} : { names }),
    ...(anchors.length === 0 ? {} : { anchors }),
    ...(partners.length === 0 ? {} : { partners }),
    ...(a.doubtful === true || b.doubtful === true ? { doubtful: true } : {}),
    ...(a.undetermined === true || b.undetermined === true ? { undetermined: true } : {}),
  };
}

/** Whether a certificate of a partner is in it. */
export function inScope(scope: ReviewScope, partner: PartnerRecord, certificate: FiledCertificate): boolean {
  const { standing, issuer, under = [] } = certificate;
  return (
    scope.everything === true ||
    (scope.doubtful === true && standing?.trusted !== true) ||
    (scope.undetermined === true && partner.revocation === 'fail') ||
    (standing?.anchor !== undefined && (scope.anchors ?? []).includes(standing.anchor)) ||
    (scope.partners ?? []).some((one) => one.station === partner.station && one.partner === partner.id) ||
    (scope.names !== undefined && [keyOfName(issuer), ...under].some((name) => scope.names?.includes(name)))
  );
}

/** Thousands of certificates name the same few issuers. */
const KEPT = 1_000;
const keys = new Map<string, string>();

/** A name as a scope holds it: equal for equal names (RFC 5280 §7.1), however they are written. */
export function keyOfName(text: string): string {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = createHash('sha256')
    .update(nameKey(parseDistinguishedName(text)))
    .digest('hex');
  if (keys.size >= KEPT) keys.clear();
  keys.set(text, key);
  return key;
}

function union<Item>(a: readonly Item[] = [], b: readonly Item[] = [], keyOf: (item: Item) => string): Item[] {
  return [...new Map([...a, ...b].map((item) => [keyOf(item), item])).values()];
}
