import { type Asn1Element, contextConstructed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, want } from '../asn1/values.js';
import { algorithmIdentifier, explicit, nullValue, sequence } from '../asn1/write.js';
import { HASH_BY_OID, hashOid, type HashName } from '../hashes.js';
import { OID } from './oids.js';

/** How the content key is encrypted for the recipient. */
export type KeyTransport = 'rsaes-pkcs1-v1_5' | 'rsaes-oaep';

/** Hash functions for OAEP. */
export type OaepHash = 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sha3-512';

/** A keyEncryptionAlgorithm with its parameters. */
export type KeyTransportParameters =
  | { readonly transport: 'rsaes-pkcs1-v1_5' }
  | {
      readonly transport: 'rsaes-oaep';
      readonly hash: HashName;
      /** Of MGF1. Java programs leave it at SHA-1 whatever the hash is. */
      readonly maskHash: HashName;
      readonly label: Uint8Array;
    };

const NOT_FOR_OAEP: ReadonlySet<HashName> = new Set(['md2', 'md5']);

/** Reads a keyEncryptionAlgorithm; undefined for what is not RSA key transport with functions we know. */
export function readKeyTransport(element: Asn1Element): KeyTransportParameters | undefined {
  const [type, parameters] = want(element, TAG.sequence, 'keyEncryptionAlgorithm').children;
  const oid = oidOf(type, 'keyEncryptionAlgorithm');
  if (oid === OID.rsaEncryption) return { transport: 'rsaes-pkcs1-v1_5' };
  return oid === OID.rsaesOaep ? readOaep(parameters) : undefined;
}

/** RSAES-OAEP-params (RFC 4055 §4.1): what is absent is SHA-1, MGF1 with SHA-1, the empty label. */
function readOaep(parameters: Asn1Element | undefined): KeyTransportParameters | undefined {
  const fields = new Fields(parameters?.tag === TAG.sequence ? parameters.children : [], 'RSAES-OAEP-params');
  const hashField = fields.optional(contextConstructed(0))?.children[0];
  const maskField = fields.optional(contextConstructed(1))?.children[0];
  const source = fields.optional(contextConstructed(2))?.children[0];
  fields.end();
  const hash = hashField === undefined ? 'sha1' : readHash(hashField);
  const maskHash = maskField === undefined ? 'sha1' : readMask(maskField);
  const label = source === undefined ? new Uint8Array(0) : readLabel(source);
  if (hash === undefined || maskHash === undefined || label === undefined) return undefined;
  return { transport: 'rsaes-oaep', hash, maskHash, label };
}

function readHash(element: Asn1Element | undefined): HashName | undefined {
  const oid = oidOf(want(element, TAG.sequence, 'a hash algorithm').children[0], 'a hash algorithm');
  const hash = HASH_BY_OID.get(oid);
  return hash === undefined || NOT_FOR_OAEP.has(hash) ? undefined : hash;
}

function readMask(element: Asn1Element): HashName | undefined {
  const [type, hash] = want(element, TAG.sequence, 'maskGenFunc').children;
  return oidOf(type, 'maskGenFunc') === OID.mgf1 ? readHash(hash) : undefined;
}

function readLabel(element: Asn1Element): Uint8Array | undefined {
  const [type, label] = want(element, TAG.sequence, 'pSourceAlgorithm').children;
  return oidOf(type, 'pSourceAlgorithm') === OID.pSpecified
    ? want(label, TAG.octetString, 'the label').content
    : undefined;
}

/** The keyEncryptionAlgorithm for PKCS #1 v1.5, or for OAEP with the same hash for label and mask. */
export function writeKeyTransport(transport: KeyTransport, hash: OaepHash): Uint8Array {
  if (transport === 'rsaes-pkcs1-v1_5') return algorithmIdentifier(OID.rsaEncryption, nullValue());
  // Values equal to their DEFAULT are left out in DER.
  if (hash === 'sha1') return algorithmIdentifier(OID.rsaesOaep, sequence());
  // RFC 4055 §2.1 wants NULL with SHA-2; for SHA-3 the parameters are absent (RFC 9688).
  const algorithm =
    hash === 'sha3-512' ? algorithmIdentifier(hashOid(hash)) : algorithmIdentifier(hashOid(hash), nullValue());
  return algorithmIdentifier(
    OID.rsaesOaep,
    sequence(explicit(0, algorithm), explicit(1, algorithmIdentifier(OID.mgf1, algorithm))),
  );
}
