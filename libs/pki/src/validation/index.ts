export type { RevocationPolicy, RevocationReason, RevocationSource, RevocationState } from './revocation-source.js';
export { type PathInput, validatePath } from './validate-path.js';
export {
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
