import { SignedXml } from 'xml-crypto';
import { type Certificate, publicKeyOf, readCertificate } from '../certificate/index.js';
import { isPkiError, PkiError } from '../errors.js';
import { formatDistinguishedName } from '../names/index.js';
import { plain } from '../octets.js';
import type { WeakAlgorithms } from './algorithms.js';
import { TRUST_LIST_LIMITS } from './limits.js';
import { TSL } from './namespaces.js';
import { type ReadXml, readXml } from './read-xml.js';
import { type SignatureForm, signatureFormOf } from './signature-form.js';
import { isNamed } from './xml-element.js';

/** Whom a list may be signed by. */
export interface TrustListPolicy {
  /** The pinned certificates. What stands in the list's own KeyInfo is never used as key. */
  readonly signers: readonly Certificate[];
  /** Default `refuse`. */
  readonly weakAlgorithms?: WeakAlgorithms;
}

/** A list whose signature holds. */
export interface VerifiedTrustList {
  /** What was signed, in canonical form and without the signature: the only octets to read the list from. */
  readonly signedOctets: Uint8Array;
  /** The pinned certificate whose key signed. */
  readonly signer: Certificate;
}

const MINIMUM_RSA_BITS = 2048;

/**
 * Verifies the enveloped signature of a trust list (ETSI TS 102 231, annex B) against pinned certificates. Whether it is current is
 * a question for `acceptTrustList`.
 * @throws PkiError `too-large`, `trust-list-malformed`, `trust-list-unsafe`, `trust-list-signature-form`, `trust-list-algorithm`,
 * `trust-list-signer-unknown`, `trust-list-signature-invalid`
 */
export function verifyTrustList(octets: Uint8Array, policy: TrustListPolicy): VerifiedTrustList {
  const { signers, weakAlgorithms = 'refuse' } = policy;
  if (signers.length === 0) {
    throw new PkiError('trust-list-signer-unknown', 'No signer is pinned for the trust list; give its certificate.');
  }
  if (signers.length > TRUST_LIST_LIMITS.signers) {
    throw new PkiError(
      'too-large',
      `${signers.length} signers are pinned; at most ${TRUST_LIST_LIMITS.signers} are tried.`,
    );
  }
  const document = readList(octets);
  const form = signatureFormOf(document.root, weakAlgorithms);
  for (const signer of signers) {
    if (!usable(signer, weakAlgorithms)) continue;
    const result = check(signer, document, form);
    if (result === 'altered') break;
    if (result !== 'not-its-key') return { signedOctets: plain(Buffer.from(result.signed, 'utf8')), signer };
  }
  throw refusal(form, signers);
}

/**
 * The certificate a list names as its signer, for a first import that shows it to a person or pins it. Nothing is verified:
 * give it to `verifyTrustList` to learn whether it signed at all.
 * @throws PkiError as `verifyTrustList`, and those of `readCertificate`
 */
export function namedSignerOf(octets: Uint8Array): Certificate {
  const { keyInfoCertificate } = signatureFormOf(readList(octets).root, 'allow');
  if (keyInfoCertificate === undefined) {
    throw new PkiError('trust-list-signer-unknown', 'The trust list does not name its signer; give its certificate.');
  }
  return readCertificate(Buffer.from(keyInfoCertificate, 'base64'));
}

function readList(octets: Uint8Array): ReadXml {
  const document = readXml(octets);
  if (isNamed(document.root, TSL, 'TrustServiceStatusList')) return document;
  throw new PkiError(
    'trust-list-malformed',
    `The document is a ${document.root.name.slice(0, 60)}, not a TrustServiceStatusList.`,
  );
}

/** RSA alone: the algorithms allowed are RSA's, and OpenSSL would verify other types under the same names. */
function usable({ publicKey }: Certificate, weakAlgorithms: WeakAlgorithms): boolean {
  return publicKey.algorithm === 'rsa' && (weakAlgorithms === 'allow' || (publicKey.bits ?? 0) >= MINIMUM_RSA_BITS);
}

/** The signed text when `signer` signed it. Both parts are canonical already, so a second parser finds nothing to misread. */
function check(
  signer: Certificate,
  { canonical, signature = '' }: ReadXml,
  form: SignatureForm,
): { readonly signed: string } | 'altered' | 'not-its-key' {
  const publicCert = publicKeyOf(signer.publicKey).export({ format: 'pem', type: 'spki' });
  const verifier = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
  try {
    verifier.loadSignature(signature);
    if (!verifier.checkSignature(canonical)) return 'altered';
  } catch {
    // The library throws on a wrong signature value, and on much that the form has ruled out.
    return 'not-its-key';
  }
  const signed = verifier.getSignedReferences()[form.documentReference];
  return signed === undefined ? 'altered' : { signed };
}

function refusal({ keyInfoCertificate }: SignatureForm, signers: readonly Certificate[]): PkiError {
  const named = keyInfoCertificate === undefined ? undefined : readNamed(keyInfoCertificate);
  if (named !== undefined && !signers.some(({ fingerprint }) => fingerprint === named.fingerprint)) {
    return new PkiError(
      'trust-list-signer-unknown',
      `The trust list names "${formatDistinguishedName(named.subject).slice(0, 200)}" (SHA-256 ${named.fingerprint}) as its signer, ` +
        'which is not pinned, and no pinned certificate signed it.',
    );
  }
  return new PkiError(
    'trust-list-signature-invalid',
    'The signature of the trust list does not hold: it was altered, or no pinned certificate with a strong RSA key signed it.',
  );
}

function readNamed(base64: string): Certificate | undefined {
  try {
    return readCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}
