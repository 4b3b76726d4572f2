import { createHash } from 'node:crypto';
import { type Asn1Element, TAG } from '../../asn1/element.js';
import { Fields } from '../../asn1/fields.js';
import { readDer } from '../../asn1/read-der.js';
import { bitOctetsOf, hexIntegerOf, oidOf, want } from '../../asn1/values.js';
import { algorithmIdentifier, encodeElement, nullValue, octetString, sequence } from '../../asn1/write.js';
import type { Certificate } from '../../certificate/index.js';
import { HASH_BY_OID, type HashName, hashOid } from '../../hashes.js';
import { toHex } from '../../octets.js';
import { serialContent } from '../revoked-entries.js';

/** Hashes that a CertID may be made with: SHA-1 is what every responder knows, and it secures nothing here. */
export type CertificateIdHash = 'sha1' | 'sha256';

/** A CertID (RFC 6960 §4.1.1): which certificate is asked about. */
export interface CertificateId {
  /** Undefined for hashes that are not known. */
  readonly hash: HashName | undefined;
  /** Lower-case hex. */
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  /** The form of `Certificate.serialNumber`. */
  readonly serialNumber: string;
}

const MAXIMUM_SERIAL_OCTETS = 32;
const SPKI_LIMITS = { octets: 65_536, depth: 6, elements: 64 };
const ID_HASHES: ReadonlySet<string> = new Set<HashName>(['sha1', 'sha256', 'sha384', 'sha512']);

/** The CertID as DER for a certificate and the authority that issued it. */
export function writeCertificateId(certificate: Certificate, issuer: Certificate, hash: CertificateIdHash): Uint8Array {
  return sequence(
    algorithmIdentifier(hashOid(hash), nullValue()),
    octetString(digest(hash, certificate.issuerDer)),
    octetString(digest(hash, keyOctetsOf(issuer))),
    encodeElement(TAG.integer, serialContent(certificate.serialNumber)),
  );
}

/**
 * Reads a CertID.
 * @throws PkiError `asn1-malformed`
 */
export function readCertificateId(element: Asn1Element): CertificateId {
  const fields = Fields.of(element, TAG.sequence, 'certID');
  const algorithm = want(fields.any('hashAlgorithm'), TAG.sequence, 'hashAlgorithm');
  const name = fields.required(TAG.octetString, 'issuerNameHash');
  const key = fields.required(TAG.octetString, 'issuerKeyHash');
  const serial = fields.required(TAG.integer, 'serialNumber');
  fields.end();
  return {
    hash: HASH_BY_OID.get(oidOf(algorithm.children[0], 'hashAlgorithm')),
    issuerNameHash: toHex(name.content),
    issuerKeyHash: toHex(key.content),
    serialNumber: hexIntegerOf(serial, 'serialNumber', MAXIMUM_SERIAL_OCTETS),
  };
}

/** Whether a CertID stands for a certificate of this issuer. */
export function isIdOf(id: CertificateId, certificate: Certificate, issuer: Certificate): boolean {
  const { hash } = id;
  return (
    id.serialNumber === certificate.serialNumber &&
    hash !== undefined &&
    ID_HASHES.has(hash) &&
    id.issuerNameHash === toHex(digest(hash, certificate.issuerDer)) &&
    id.issuerKeyHash === toHex(digest(hash, keyOctetsOf(issuer)))
  );
}

/** KeyHash of a ResponderID: SHA-1 of the key, in lower-case hex (RFC 6960 §4.2.1). */
export const keyHashOf = (certificate: Certificate): string => toHex(digest('sha1', keyOctetsOf(certificate)));

/** The content of subjectPublicKey without tag, length and unused bits. */
function keyOctetsOf({ publicKey }: Certificate): Uint8Array {
  return bitOctetsOf(readDer(publicKey.spki, SPKI_LIMITS).children[1], 'subjectPublicKey');
}

const digest = (hash: HashName, octets: Uint8Array): Uint8Array => createHash(hash).update(octets).digest();
