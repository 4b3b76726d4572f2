export {
  acceptTrustList,
  type TrustListCandidate,
  type TrustListDecision,
  type TrustListInUse,
  type TrustListRefusal,
} from './accept-trust-list.js';
export type { WeakAlgorithms } from './algorithms.js';
export { compareTrustLists, type TrustListDifference } from './compare-trust-lists.js';
export { TRUST_LIST_LIMITS } from './limits.js';
export {
  authoritiesOf,
  type ListedAuthorities,
  type ListedAuthority,
  type TrustListLevel,
  type UnusedService,
} from './listed-authority.js';
export { judgeListedPath, type ListedPathVerdict } from './listed-path.js';
export { readTrustList } from './read-trust-list.js';
export {
  CERTIFICATE_AUTHORITY,
  IN_ACCORD,
  type SkippedEntry,
  type SkipReason,
  type TrustList,
  type TrustService,
  type TrustServiceProvider,
} from './trust-list.js';
export { readUpdateTime } from './update-time.js';
export { namedSignerOf, type TrustListPolicy, type VerifiedTrustList, verifyTrustList } from './verify-trust-list.js';
