import type { KeyObject } from 'node:crypto';
import { algorithmIdentifier, nullValue } from '../asn1/write.js';
import { PkiError } from '../errors.js';
import type { HashName } from '../hashes.js';
import { ED25519, OID } from './oids.js';

/** How a private key signs content here. */
export interface ContentSigning {
  /** Of the content; and of the signed attributes, except for Ed25519, which takes them whole. */
  readonly digest: HashName;
  /** signatureAlgorithm of the SignerInfo as DER. */
  readonly signatureAlgorithm: Uint8Array;
  /** What node:crypto is given as algorithm. */
  readonly signWith: HashName | null;
}

/** Digest and ecdsa-with-SHA2 of a curve's strength (RFC 5754 §3.3, RFC 5480 §4). */
const CURVES: Readonly<Record<string, readonly [digest: HashName, oid: string]>> = {
  prime256v1: ['sha256', '1.2.840.10045.4.3.2'],
  secp384r1: ['sha384', '1.2.840.10045.4.3.3'],
  secp521r1: ['sha512', '1.2.840.10045.4.3.4'],
};

/**
 * The digest and signature algorithm that fit a key: RSA with PKCS #1 v1.5 and SHA-256, written as rsaEncryption, which
 * every receiver of RSA signatures must know (RFC 3370 §3.2); ECDSA by its curve; Ed25519 with SHA-512 (RFC 8419 §3.1).
 * RSASSA-PSS is verified, but never used for signing: a receiver need not know it.
 * @throws PkiError `key-unsupported`
 */
export function signingFor(key: KeyObject): ContentSigning {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return {
        digest: 'sha256',
        signatureAlgorithm: algorithmIdentifier(OID.rsaEncryption, nullValue()),
        signWith: 'sha256',
      };
    case 'ec': {
      const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
      if (curve === undefined) break;
      const [digest, oid] = curve;
      return { digest, signatureAlgorithm: algorithmIdentifier(oid), signWith: digest };
    }
    case 'ed25519':
      return { digest: 'sha512', signatureAlgorithm: algorithmIdentifier(ED25519), signWith: null };
    default:
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  throw new PkiError(
    'key-unsupported',
    `Content cannot be signed with a key of type ${String(key.asymmetricKeyType)}${curve === undefined ? '' : ` on ${curve}`}; use RSA, P-256, P-384, P-521 or Ed25519.`,
  );
}
