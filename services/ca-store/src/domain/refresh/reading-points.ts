import { createHash } from 'node:crypto';
import { isPkiError, nameKey, revocationAddressesOf, type Certificate, type RevocationList } from '@certlane/pki';
import { LIMITS } from '../limits.js';

/** A place where a revocation list is read. */
export interface ReadingPoint {
  /** SHA-256 over its address. */
  readonly id: string;
  readonly url: string;
  readonly kind: 'full' | 'delta';
  /** Names of the authorities (as of `nameKey`) whose certificates say that it is there. */
  readonly issuers: ReadonlySet<string>;
}

/** A list in use that may say where its deltas are. */
export interface FreshestSource {
  /** Name of its issuer, as of `nameKey`. */
  readonly issuer: string;
  readonly freshest: readonly string[];
}

/** Points that are read at most: each costs a connection a day. Some room is left for lists that are imported. */
export const MOST_POINTS = LIMITS.revocationLists - 500;
/** Longest address, as the contract has it. */
export const LONGEST_ADDRESS = 1_024;

/** How a reading point is named, by its address. */
export function pointId(url: string): string {
  return createHash('sha256').update(url).digest('hex');
}

/** How a list that was imported is named: by its issuer, and by its scope where it is not about all of the issuer's certificates. */
export function importedId(list: Pick<RevocationList, 'issuer' | 'issuingDistributionPoint' | 'baseNumber'>): string {
  const hash = createHash('sha256').update(`issuer ${nameKey(list.issuer)}`);
  if (list.issuingDistributionPoint !== undefined) hash.update(` scope ${list.issuingDistributionPoint.der}`);
  if (list.baseNumber !== undefined) hash.update(' delta');
  return hash.digest('hex');
}

/**
 * Where revocation lists are to be read: the distribution points of certificates (RFC 5280 §4.2.1.13), and where deltas are, as
 * certificates and lists say (RFC 5280 §4.2.1.15, §5.2.6). Complete lists come first, since a delta means nothing without its base.
 * @param certificates in the order of their importance: of too many points the last ones are left out
 */
export function readingPointsOf(
  certificates: Iterable<Certificate>,
  lists: Iterable<FreshestSource> = [],
): readonly ReadingPoint[] {
  const found = new Map<string, { url: string; kind: ReadingPoint['kind']; issuers: Set<string> }>();
  const add = (url: string, kind: ReadingPoint['kind'], issuer: string): void => {
    if (url.length > LONGEST_ADDRESS) return;
    const known = found.get(url);
    if (known !== undefined) known.issuers.add(issuer);
    else if (found.size < MOST_POINTS) found.set(url, { url, kind, issuers: new Set([issuer]) });
  };
  const read = [...certificates].flatMap((certificate) => {
    const addresses = addressesOf(certificate);
    return addresses === undefined ? [] : [{ ...addresses, issuer: nameKey(certificate.issuer) }];
  });
  for (const { cRLDistributionPoints, issuer } of read)
    for (const url of cRLDistributionPoints) add(url, 'full', issuer);
  for (const { freshestCRL, issuer } of read) for (const url of freshestCRL) add(url, 'delta', issuer);
  for (const { freshest, issuer } of lists) for (const url of freshest) add(url, 'delta', issuer);
  return [...found.values()].map((point) => ({ id: pointId(point.url), ...point }));
}

/** What cannot be read in a certificate names no place. */
export function addressesOf(certificate: Certificate): ReturnType<typeof revocationAddressesOf> | undefined {
  try {
    return revocationAddressesOf(certificate);
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}
