import type { ListedAuthority } from './listed-authority.js';

/** What a new list changes. */
export interface TrustListDifference {
  readonly added: readonly ListedAuthority[];
  readonly removed: readonly ListedAuthority[];
}

/** The authorities that one list has and the other has not, by their certificates, in the order of the lists. */
export function compareTrustLists(
  before: readonly ListedAuthority[],
  after: readonly ListedAuthority[],
): TrustListDifference {
  return { added: without(after, before), removed: without(before, after) };
}

function without(authorities: readonly ListedAuthority[], others: readonly ListedAuthority[]): ListedAuthority[] {
  const known = new Set(others.map(({ certificate }) => certificate.fingerprint));
  return authorities.filter(({ certificate }) => !known.has(certificate.fingerprint));
}
