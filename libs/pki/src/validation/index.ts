export type { RevocationPolicy, RevocationReason, RevocationSource, RevocationState } from './revocation-source.js';
export { certificatesAbove } from './certificates-above.js';
export { IssuerIndex } from './issuer-index.js';
export { issuersAbove } from './issuers-above.js';
export { ANY_POLICY } from './policy-extensions.js';
export { type PathInput, validatePath } from './validate-path.js';
export {
  type FailedPath,
  type InitialPolicies,
  PATH_LIMITS,
  type PathCheck,
  type PathCheckName,
  type PathLimits,
  type PathVerdict,
  type PathWeakness,
  type SignatureResult,
  type UncheckedAspect,
} from './verdict.js';
export { isSignedBy, type SignedStructure, verifySignature } from './verify-signature.js';
