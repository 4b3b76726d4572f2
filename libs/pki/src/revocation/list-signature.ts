import type { Certificate } from '../certificate/index.js';
import type { SignatureResult } from '../validation/verdict.js';
import { verifySignature } from '../validation/verify-signature.js';
import type { RevocationList } from './revocation-list.js';

/** Signers remembered per list: the true one and a few of the same name. */
const MAXIMUM_REMEMBERED = 64;

const verified = new WeakMap<RevocationList, Map<string, SignatureResult>>();

/**
 * Whether the key of `issuer` signed the list. Large lists take a while, so each is verified once per issuer for as long as the
 * list is held.
 */
export function isListSignedBy(list: RevocationList, issuer: Certificate): SignatureResult {
  const known = verified.get(list) ?? new Map<string, SignatureResult>();
  verified.set(list, known);
  const before = known.get(issuer.fingerprint);
  if (before !== undefined) return before;
  const { signatureAlgorithm, signature, tbsCertList: signed } = list;
  const result = verifySignature({ signatureAlgorithm, signature, signed }, issuer.publicKey);
  if (known.size >= MAXIMUM_REMEMBERED) known.clear();
  known.set(issuer.fingerprint, result);
  return result;
}
