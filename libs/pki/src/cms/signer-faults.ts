import { createHash } from 'node:crypto';
import { TAG } from '../asn1/element.js';
import { readDer } from '../asn1/read-der.js';
import type { Certificate } from '../certificate/index.js';
import { isPkiError } from '../errors.js';
import type { HashName } from '../hashes.js';
import { sameOctets } from '../octets.js';
import { verifySignature } from '../validation/verify-signature.js';
import { maySignContent } from './may-sign.js';
import { ED25519, OID } from './oids.js';
import type { ContentSigner } from './read-signed.js';
import type { SignedReason } from './signed-verdict.js';

/** Why a signature is not accepted. */
export interface SignerFault {
  readonly reason: SignedReason;
  /** One sentence for people. */
  readonly message: string;
}

/** Whoever can choose what is signed can forge these. */
const WEAK: ReadonlySet<HashName | undefined> = new Set(['md2', 'md5', 'sha1']);

/** What is wrong with a signer's algorithms: weak, unknown, or not fitting each other. */
export function algorithmFault({ digestAlgorithm, signatureAlgorithm }: ContentSigner): SignerFault | undefined {
  const { oid, hash } = digestAlgorithm;
  const { name, scheme } = signatureAlgorithm;
  const weak = [hash, signatureAlgorithm.hash].find((one) => WEAK.has(one));
  if (weak !== undefined) return fault('digest-weak', `The signature rests on the digest ${weak}, which is too weak.`);
  if (hash === undefined) return fault('digest-unsupported', `The digest algorithm ${oid} is not supported.`);
  if (scheme === 'dsa' || scheme === 'other') {
    return fault('signature-unsupported', `The signature algorithm ${name} is not supported.`);
  }
  // Ed448 demands SHAKE256 (RFC 8419 §3.1), which is not among the digests known here.
  const demanded =
    scheme === 'eddsa' ? (signatureAlgorithm.oid === ED25519 ? 'sha512' : 'shake256') : signatureAlgorithm.hash;
  if (demanded !== hash) {
    return fault(
      'digest-unsupported',
      `The digest ${hash} does not fit ${name}, which demands ${demanded ?? 'another'}.`,
    );
  }
  if (scheme === 'rsa-pss' && signatureAlgorithm.maskHash !== hash) {
    // RFC 4055 §3.1 recommends one hash for both; node:crypto verifies no other form.
    return fault(
      'signature-unsupported',
      'The RSASSA-PSS signature uses two different hashes, which is not supported.',
    );
  }
  return undefined;
}

/** What is wrong between content and signed attributes (RFC 5652 §5.3, §5.4, §11.1, §11.2). `algorithmFault` comes first. */
export function contentFault(
  contentType: string,
  content: Uint8Array,
  { signedAttributes, digestAlgorithm }: ContentSigner,
): SignerFault | undefined {
  if (signedAttributes === undefined) {
    if (contentType !== OID.data) {
      return fault('attributes-missing', `Content of type ${contentType} must be signed with attributes.`);
    }
    return isAttributes(content)
      ? fault('attributes-as-content', 'The content is a set of signed attributes, taken from another signature.')
      : undefined;
  }
  const { messageDigest } = signedAttributes;
  if (messageDigest === undefined || signedAttributes.contentType === undefined) {
    return fault('attributes-missing', 'The signed attributes lack the content type or the message digest.');
  }
  if (signedAttributes.contentType !== contentType) {
    return fault(
      'content-type-differs',
      `The content is of type ${contentType}, but was signed as ${signedAttributes.contentType}.`,
    );
  }
  const hash = digestAlgorithm.hash;
  if (hash === undefined || !sameOctets(createHash(hash).update(content).digest(), messageDigest)) {
    return fault('digest-differs', 'The content is not the one that was signed: its digest differs.');
  }
  return undefined;
}

/** Whether the certificate's key may sign and did, over the attributes or else the content (RFC 5652 §5.4, §5.6). */
export function keyFault(
  content: Uint8Array,
  { signedAttributes, signatureAlgorithm, signature }: ContentSigner,
  certificate: Certificate,
): SignerFault | undefined {
  if (!maySignContent(certificate)) {
    return fault(
      'key-usage',
      `Certificate ${certificate.serialNumber} is not for signatures: its key usage lacks digitalSignature and nonRepudiation.`,
    );
  }
  const signed = signedAttributes?.der ?? content;
  if (verifySignature({ signatureAlgorithm, signature, signed }, certificate.publicKey).ok) return undefined;
  return fault(
    'signature-invalid',
    `The signature (${signatureAlgorithm.name}) was not made with the key of certificate ${certificate.serialNumber} (${certificate.publicKey.algorithm}).`,
  );
}

/** The refusal with its sentence. */
export const fault = (reason: SignedReason, message: string): SignerFault => ({ reason, message });

/**
 * Whether the octets are SET OF Attribute. A signature over attributes holds also for these very octets as content without
 * attributes, so whoever drops the attributes and puts them in the content's place would have our signer say what it never said.
 */
function isAttributes(content: Uint8Array): boolean {
  if (content[0] !== TAG.set) return false;
  try {
    const { children } = readDer(content, { octets: content.length, depth: 24, elements: 32_768 });
    return (
      children.length > 0 &&
      children.every(({ tag, children: [type] }) => tag === TAG.sequence && type?.tag === TAG.oid)
    );
  } catch (error) {
    if (isPkiError(error)) return error.code === 'too-large';
    throw error;
  }
}
