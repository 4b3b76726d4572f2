import type { Certificate } from '../certificate/index.js';
import type { IssuerIndex } from './issuer-index.js';

/** Issuers looked at above one certificate. */
const MAXIMUM_ABOVE = 64;

/**
 * Those that may stand above a certificate, by their names alone: a path search is given these few instead of the thousands there are.
 * Each once, in the order of the indexes, 64 at most.
 */
export function issuersAbove(certificate: Certificate, ...indexes: readonly IssuerIndex[]): readonly Certificate[] {
  const found = new Map<string, Certificate>();
  const open = [certificate];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const index of indexes) {
      for (const issuer of index.named(next.issuer)) {
        if (found.size >= MAXIMUM_ABOVE) return [...found.values()];
        if (found.has(issuer.fingerprint)) continue;
        found.set(issuer.fingerprint, issuer);
        open.push(issuer);
      }
    }
  }
  return [...found.values()];
}
