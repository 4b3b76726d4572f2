export { crlRevocation, type CrlRevocationInput } from './crl-revocation.js';
export type { DistributionPoint, DistributionPointName } from './distribution-point.js';
export type { FreshnessLimits } from './freshness.js';
export { type AuthorizeInput, type AuthorizeListIssuer, authorizeByPath } from './list-issuer.js';
export { continues } from './list-scope.js';
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
export { firstDetermined } from './first-determined.js';
export type { CertificateId, CertificateIdHash } from './ocsp/certificate-id.js';
export type {
  BasicOcspResponse,
  CertificateStatus,
  OcspResponse,
  OcspResponseStatus,
  ResponderId,
  SingleResponse,
} from './ocsp/ocsp-response.js';
export { type OcspAnswer, ocspRevocation, type OcspRevocationInput } from './ocsp/ocsp-revocation.js';
export { OCSP_RESPONSE_LIMITS, readOcspResponse } from './ocsp/read-ocsp-response.js';
export { type OcspRequestInput, writeOcspRequest } from './ocsp/write-ocsp-request.js';
