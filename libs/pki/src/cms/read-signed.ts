import { type Asn1Element, contextConstructed, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readBer } from '../asn1/read-ber.js';
import { oidOf, smallIntegerOf, want } from '../asn1/values.js';
import { type Certificate, readCertificate, type SignatureAlgorithm } from '../certificate/index.js';
import { readSignatureAlgorithm } from '../certificate/signature-algorithm.js';
import { PkiError, refusingAs } from '../errors.js';
import { HASH_BY_OID, type HashName } from '../hashes.js';
import { type CertificateIdentifier, readCertificateIdentifier } from './certificate-identifier.js';
import { OID } from './oids.js';
import { readSignedAttributes, type SignedAttributes } from './read-attributes.js';

/** A SignerInfo (RFC 5652 §5.3). Nothing in it is verified. */
export interface ContentSigner {
  /** Which certificate the signer claims to have. */
  readonly identifier: CertificateIdentifier;
  readonly digestAlgorithm: DigestAlgorithm;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Undefined when the signature covers the content directly. */
  readonly signedAttributes: SignedAttributes | undefined;
  readonly signature: Uint8Array;
}

/** A digest algorithm as named on the wire. */
export interface DigestAlgorithm {
  /** Dotted. */
  readonly oid: string;
  /** Undefined for one this library does not know. */
  readonly hash: HashName | undefined;
}

/** A SignedData taken apart (RFC 5652 §5.1). Nothing in it is verified, and its certificates are no ground for trust. */
export interface SignedContent {
  /** eContentType, dotted; id-data for files. */
  readonly contentType: string;
  /** Undefined when the signature is detached; whoever has the content puts it here before verifying. */
  readonly content: Uint8Array | undefined;
  readonly signers: readonly ContentSigner[];
  /** The X.509 certificates that came along, in no particular order. */
  readonly certificates: readonly Certificate[];
}

/** How much of a stranger's SignedData is worked through. */
export interface SignedLimits {
  /** Octets of the whole object. */
  readonly octets: number;
  readonly signers: number;
  readonly certificates: number;
}

/** A datasheet has some kilobytes; two or three certificates come with it. */
export const SIGNED_LIMITS: SignedLimits = { octets: 1_048_576, signers: 8, certificates: 16 };

const DEPTH = 24;
const ELEMENTS = 32_768;

/**
 * Takes a SignedData (RFC 5652 §5.1) apart, DER or BER. Revocation lists, unsigned attributes and certificates that are not
 * X.509 are passed over.
 * @throws PkiError `cms-malformed`, `trailing-octets`, `too-large`, `certificate-malformed` for a certificate inside
 */
export function readSigned(octets: Uint8Array, limits: Partial<SignedLimits> = {}): SignedContent {
  const bounds = { ...SIGNED_LIMITS, ...limits };
  return refusingAs('cms-malformed', 'The signed data cannot be read', () => {
    const element = readBer(octets, { octets: bounds.octets, depth: DEPTH, elements: ELEMENTS });
    const outer = Fields.of(element, TAG.sequence, 'ContentInfo');
    const type = oidOf(outer.required(TAG.oid, 'contentType'), 'contentType');
    if (type !== OID.signedData) {
      throw new PkiError('cms-malformed', `The CMS object is of type ${type}, not SignedData (${OID.signedData}).`);
    }
    const wrapped = onlyChild(outer.required(contextConstructed(0), 'content'), 'content');
    outer.end();
    const fields = Fields.of(wrapped, TAG.sequence, 'SignedData');
    requireVersion(fields.required(TAG.integer, 'version'), [1, 3, 4, 5], 'SignedData');
    fields.required(TAG.set, 'digestAlgorithms');
    const encapsulated = readContent(fields.required(TAG.sequence, 'encapContentInfo'));
    const certificates = fields.optional(contextConstructed(0))?.children ?? [];
    fields.optional(contextConstructed(1));
    const signers = fields.required(TAG.set, 'signerInfos').children;
    fields.end();
    // Attribute certificates and other kinds stand under tags of their own (RFC 5652 §10.2.2).
    const x509 = certificates.filter((choice) => choice.tag === TAG.sequence);
    atMost(signers.length, bounds.signers, 'signers');
    atMost(x509.length, bounds.certificates, 'certificates');
    return {
      ...encapsulated,
      signers: signers.map(readSigner),
      certificates: x509.map((choice) => readCertificate(choice.octets)),
    };
  });
}

/** EncapsulatedContentInfo (RFC 5652 §5.2). */
function readContent(element: Asn1Element): Pick<SignedContent, 'contentType' | 'content'> {
  const fields = Fields.of(element, TAG.sequence, 'encapContentInfo');
  const contentType = oidOf(fields.required(TAG.oid, 'eContentType'), 'eContentType');
  const wrapped = fields.optional(contextConstructed(0));
  fields.end();
  if (wrapped === undefined) return { contentType, content: undefined };
  return { contentType, content: want(onlyChild(wrapped, 'eContent'), TAG.octetString, 'eContent').content };
}

function readSigner(element: Asn1Element): ContentSigner {
  const fields = Fields.of(element, TAG.sequence, 'SignerInfo');
  requireVersion(fields.required(TAG.integer, 'version'), [1, 3], 'SignerInfo');
  const identifier = readCertificateIdentifier(fields.any('sid'));
  const digestOid = oidOf(fields.required(TAG.sequence, 'digestAlgorithm').children[0], 'digestAlgorithm');
  const attributes = fields.optional(contextConstructed(0));
  const algorithm = readSignatureAlgorithm(fields.required(TAG.sequence, 'signatureAlgorithm'));
  const signature = fields.required(TAG.octetString, 'signature').content;
  fields.optional(contextConstructed(1));
  fields.end();
  const hash = HASH_BY_OID.get(digestOid);
  return {
    identifier,
    digestAlgorithm: { oid: digestOid, hash },
    signatureAlgorithm: algorithm.oid === OID.rsaEncryption ? rsaWith(algorithm, hash) : algorithm,
    signedAttributes: attributes && readSignedAttributes(attributes.children),
    signature,
  };
}

/** rsaEncryption as signature algorithm is PKCS #1 v1.5 with the digest algorithm's hash (RFC 3370 §3.2). */
const rsaWith = (algorithm: SignatureAlgorithm, hash: HashName | undefined): SignatureAlgorithm => ({
  ...algorithm,
  name: 'rsaEncryption',
  scheme: 'rsa-pkcs1',
  hash,
});

function onlyChild(element: Asn1Element, what: string): Asn1Element {
  const [child, ...further] = element.children;
  if (child === undefined || further.length > 0) throw malformed(`${what} holds ${element.children.length} elements`);
  return child;
}

function requireVersion(element: Asn1Element, known: readonly number[], structure: string): void {
  const version = smallIntegerOf(element, `version of ${structure}`);
  if (!known.includes(version)) throw malformed(`${structure} has version ${version}, not ${known.join(', ')}`);
}

function atMost(found: number, maximum: number, what: string): void {
  if (found > maximum)
    throw new PkiError('too-large', `The signed data has ${found} ${what}; at most ${maximum} are read.`);
}
