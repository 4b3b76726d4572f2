import type { Certificate } from './certificate.js';

/** Something that makes a certificate too weak to be taken over without a person's consent. */
export interface Weakness {
  readonly reason: 'small-rsa-key' | 'broken-signature-hash';
  /** One clause for people. */
  readonly message: string;
}

const MINIMUM_RSA_BITS = 2048;
const BROKEN_HASHES: ReadonlySet<string> = new Set(['md2', 'md5', 'sha1']);

/**
 * What is weak about a certificate: RSA below 2048 bits, signatures over MD5 or SHA-1. The signature of a self-signed
 * certificate protects nothing, so it is not held against an installed root; callers who receive one ask anyway.
 */
export function weaknessesOf(certificate: Certificate): readonly Weakness[] {
  const { publicKey, signatureAlgorithm } = certificate;
  const found: Weakness[] = [];
  const rsa = publicKey.algorithm === 'rsa' || publicKey.algorithm === 'rsa-pss';
  if (rsa && publicKey.bits !== undefined && publicKey.bits < MINIMUM_RSA_BITS) {
    found.push({
      reason: 'small-rsa-key',
      message: `its RSA key has ${publicKey.bits} bits; at least ${MINIMUM_RSA_BITS} are wanted`,
    });
  }
  if (signatureAlgorithm.hash !== undefined && BROKEN_HASHES.has(signatureAlgorithm.hash)) {
    found.push({ reason: 'broken-signature-hash', message: `it is signed with ${signatureAlgorithm.name}` });
  }
  return found;
}
