export { crlRevocation, type CrlRevocationInput } from './crl-revocation.js';
export type { DistributionPoint, DistributionPointName } from './distribution-point.js';
export type { FreshnessLimits } from './freshness.js';
export { type AuthorizeInput, type AuthorizeListIssuer, authorizeByPath } from './list-issuer.js';
export { readRevocationList } from './read-revocation-list.js';
export { freshestAddressesOf, type RevocationAddresses, revocationAddressesOf } from './revocation-addresses.js';
export {
  type IssuingDistributionPoint,
  REVOCATION_LIST_LIMITS,
  type RevocationList,
  type RevocationListLimits,
} from './revocation-list.js';
export { RevocationListIndex } from './revocation-list-index.js';
export type { RevokedEntries, RevokedEntry } from './revoked-entries.js';
