import { constants, type KeyObject, verify, type VerifyKeyObjectInput } from 'node:crypto';
import {
  type Certificate,
  type PublicKeyInfo,
  publicKeyOf,
  type SignatureAlgorithm,
  type SignatureScheme,
} from '../certificate/index.js';
import { isPkiError } from '../errors.js';
import type { SignatureResult } from './verdict.js';

/** Something signed the way certificates and revocation lists are. */
export interface SignedStructure {
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** The octets that are signed. */
  readonly signed: Uint8Array;
}

/** Which keys can have made a signature. */
const KEY_TYPES: Readonly<Record<SignatureScheme, readonly PublicKeyInfo['algorithm'][]>> = {
  'rsa-pkcs1': ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  eddsa: ['ed25519', 'ed448'],
  dsa: [],
  other: [],
};

/** Whoever can choose what is signed can forge these; no path rests on them, whatever an operator allows. */
const FORGEABLE: ReadonlySet<string> = new Set(['md2', 'md5']);

/** Whether `issuer`'s key signed the certificate. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): SignatureResult {
  const { signatureAlgorithm, signature, tbsCertificate } = certificate;
  return verifySignature({ signatureAlgorithm, signature, signed: tbsCertificate }, issuer.publicKey);
}

/** Whether the key made the signature: RSA PKCS #1 v1.5 and PSS, ECDSA, Ed25519, Ed448. Never throws on what a stranger sent. */
export function verifySignature(structure: SignedStructure, key: PublicKeyInfo): SignatureResult {
  const { signatureAlgorithm: algorithm, signature, signed } = structure;
  if (algorithm.hash !== undefined && FORGEABLE.has(algorithm.hash))
    return no(`it is signed with ${algorithm.name}, which can be forged`);
  if (algorithm.scheme === 'dsa' || algorithm.scheme === 'other')
    return no(`its signature algorithm ${algorithm.name} is not supported`);
  if (!KEY_TYPES[algorithm.scheme].includes(key.algorithm)) {
    return no(`it is signed with ${algorithm.name}, which its issuer's key (${key.algorithm}) cannot have done`);
  }
  if (algorithm.scheme === 'rsa-pss' && algorithm.maskHash !== algorithm.hash) {
    return no('its RSASSA-PSS signature uses two different hashes, which is not supported');
  }
  if (algorithm.scheme !== 'eddsa' && algorithm.hash === undefined)
    return no(`the hash of ${algorithm.name} is not supported`);
  try {
    const input = verificationInput(publicKeyOf(key), algorithm);
    return verify(algorithm.hash ?? null, signed, input, signature)
      ? { ok: true }
      : no("its signature is not its issuer's");
  } catch (error) {
    if (isPkiError(error)) return no(`its issuer's key cannot be used: ${error.message}`);
    // node:crypto throws on keys and signatures it finds malformed.
    return no('its signature cannot be verified');
  }
}

function verificationInput(key: KeyObject, { scheme, saltLength }: SignatureAlgorithm): VerifyKeyObjectInput {
  if (scheme !== 'rsa-pss') return { key };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltLength ?? 20 };
}

const no = (message: string): SignatureResult => ({ ok: false, message });
