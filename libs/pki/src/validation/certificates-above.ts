import type { Certificate } from '../certificate/index.js';
import { sameName } from '../names/index.js';
import { isSignedBy } from './verify-signature.js';

/**
 * Those of `candidates` that stand above a certificate: whose key signed it, or signed one that does, by name and signature. The
 * nearest come first, each once, the certificate itself never. It sorts a chain and finds what does not belong there; whether
 * any of it is trusted is a question for `validatePath`.
 */
export function certificatesAbove(certificate: Certificate, candidates: readonly Certificate[]): Certificate[] {
  const path = [certificate];
  for (const lower of path) {
    for (const candidate of candidates) {
      if (path.some(({ fingerprint }) => fingerprint === candidate.fingerprint)) continue;
      if (!sameName(lower.issuer, candidate.subject) || !isSignedBy(lower, candidate).ok) continue;
      path.push(candidate);
    }
  }
  return path.slice(1);
}
