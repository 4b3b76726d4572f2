import { type Asn1Element, contextConstructed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, smallIntegerOf } from '../asn1/values.js';
import { HASH_BY_OID, type HashName } from '../hashes.js';

/** How a signature is made. */
export type SignatureScheme = 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa' | 'eddsa' | 'dsa' | 'other';

/** A signature algorithm with what is needed to verify. */
export interface SignatureAlgorithm {
  readonly oid: string;
  /** A name for people, e.g. `sha256WithRSAEncryption`; the number for unknown ones. */
  readonly name: string;
  readonly scheme: SignatureScheme;
  /** Undefined for EdDSA and unknown algorithms. */
  readonly hash: HashName | undefined;
  /** For RSASSA-PSS: octets of salt and the hash of the mask. */
  readonly saltLength: number | undefined;
  readonly maskHash: HashName | undefined;
}

type Row = readonly [name: string, scheme: SignatureScheme, hash: HashName | undefined];

const ALGORITHMS: Readonly<Record<string, Row>> = {
  '1.2.840.113549.1.1.2': ['md2WithRSAEncryption', 'rsa-pkcs1', 'md2'],
  '1.2.840.113549.1.1.4': ['md5WithRSAEncryption', 'rsa-pkcs1', 'md5'],
  '1.2.840.113549.1.1.5': ['sha1WithRSAEncryption', 'rsa-pkcs1', 'sha1'],
  '1.3.14.3.2.29': ['sha1WithRSA (OIW)', 'rsa-pkcs1', 'sha1'],
  '1.2.840.113549.1.1.14': ['sha224WithRSAEncryption', 'rsa-pkcs1', 'sha224'],
  '1.2.840.113549.1.1.11': ['sha256WithRSAEncryption', 'rsa-pkcs1', 'sha256'],
  '1.2.840.113549.1.1.12': ['sha384WithRSAEncryption', 'rsa-pkcs1', 'sha384'],
  '1.2.840.113549.1.1.13': ['sha512WithRSAEncryption', 'rsa-pkcs1', 'sha512'],
  '2.16.840.1.101.3.4.3.14': ['sha3-256WithRSAEncryption', 'rsa-pkcs1', 'sha3-256'],
  '2.16.840.1.101.3.4.3.15': ['sha3-384WithRSAEncryption', 'rsa-pkcs1', 'sha3-384'],
  '2.16.840.1.101.3.4.3.16': ['sha3-512WithRSAEncryption', 'rsa-pkcs1', 'sha3-512'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'ecdsa', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'ecdsa', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'ecdsa', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'ecdsa', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'ecdsa', 'sha512'],
  '1.3.101.112': ['Ed25519', 'eddsa', undefined],
  '1.3.101.113': ['Ed448', 'eddsa', undefined],
  '1.2.840.10040.4.3': ['dsa-with-sha1', 'dsa', 'sha1'],
  '2.16.840.1.101.3.4.3.2': ['dsa-with-sha256', 'dsa', 'sha256'],
};

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/** Reads the AlgorithmIdentifier of a signature; unknown ones become scheme `other`. */
export function readSignatureAlgorithm(element: Asn1Element): SignatureAlgorithm {
  const [type, parameters] = element.children;
  const oid = oidOf(type, 'the signature algorithm');
  if (oid === RSASSA_PSS) return readPss(oid, parameters);
  const [name, scheme, hash] = ALGORITHMS[oid] ?? [oid, 'other' as const, undefined];
  return { oid, name, scheme, hash, saltLength: undefined, maskHash: undefined };
}

/** RSASSA-PSS-params (RFC 4055 §3.1): what is absent has its default SHA-1, MGF1 with SHA-1, 20 octets of salt, trailer 1. */
function readPss(oid: string, parameters: Asn1Element | undefined): SignatureAlgorithm {
  const fields = Fields.of(parameters, TAG.sequence, 'RSASSA-PSS-params');
  const hash = hashOf(fields.optional(contextConstructed(0))?.children[0]);
  const mask = fields.optional(contextConstructed(1))?.children[0];
  const maskHash = mask === undefined ? 'sha1' : maskHashOf(mask);
  const salt = fields.optional(contextConstructed(2))?.children[0];
  const trailer = fields.optional(contextConstructed(3))?.children[0];
  fields.end();
  const saltLength = salt === undefined ? 20 : smallIntegerOf(salt, 'saltLength');
  const known = (trailer === undefined || smallIntegerOf(trailer, 'trailerField') === 1) && saltLength >= 0;
  const name = `RSASSA-PSS with ${hash ?? 'an unknown hash'}`;
  return { oid, name, scheme: known ? 'rsa-pss' : 'other', hash, saltLength, maskHash };
}

function hashOf(algorithm: Asn1Element | undefined): HashName | undefined {
  return algorithm === undefined ? 'sha1' : HASH_BY_OID.get(oidOf(algorithm.children[0], 'a hash algorithm'));
}

function maskHashOf(mask: Asn1Element): HashName | undefined {
  const [type, hash] = mask.children;
  return oidOf(type, 'a mask generation function') === MGF1 ? hashOf(hash) : undefined;
}
