export type { CertificateIdentifier } from './certificate-identifier.js';
export type { SignedAttributes } from './read-attributes.js';
export {
  type ContentSigner,
  type DigestAlgorithm,
  readSigned,
  SIGNED_LIMITS,
  type SignedContent,
  type SignedLimits,
} from './read-signed.js';
export { signContent, type SignContentOptions } from './sign-content.js';
export { SIGNED_REASONS, type SignedReason, type SignedVerdict, type SignerVerdict } from './signed-verdict.js';
export { verifySigned } from './verify-signed.js';
