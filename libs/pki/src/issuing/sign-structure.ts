import { createHash, type KeyObject, sign } from 'node:crypto';
import { readDer } from '../asn1/read-der.js';
import { bitOctetsOf } from '../asn1/values.js';
import { algorithmIdentifier, bitString, nullValue, sequence } from '../asn1/write.js';
import { PkiError } from '../errors.js';
import { plain } from '../octets.js';

/** Hashes that certificates are signed with here; SHA-1 only for tests of its refusal. */
export type SigningHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

const RSA_SIGNATURES: Readonly<Record<SigningHash, string>> = {
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

const ECDSA_SIGNATURES: Readonly<Record<SigningHash, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** The AlgorithmIdentifier for signatures of `key`: RSA PKCS#1 v1.5, ECDSA or Ed25519. */
export function signatureAlgorithmFor(key: KeyObject, hash: SigningHash): Uint8Array {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return algorithmIdentifier(RSA_SIGNATURES[hash], nullValue());
    case 'ec':
      return algorithmIdentifier(ECDSA_SIGNATURES[hash]);
    case 'ed25519':
      return algorithmIdentifier('1.3.101.112');
    default:
      throw new PkiError(
        'key-unsupported',
        `Certificates cannot be signed with a key of type ${String(key.asymmetricKeyType)}.`,
      );
  }
}

/** SEQUENCE of `signed`, algorithm and signature, as certificates and requests have it. */
export function signStructure(signed: Uint8Array, key: KeyObject, hash: SigningHash): Uint8Array {
  const algorithm = signatureAlgorithmFor(key, hash);
  const signature = plain(sign(key.asymmetricKeyType === 'ed25519' ? null : hash, signed, key));
  return sequence(signed, algorithm, bitString(signature));
}

/** SHA-1 of the key's BIT STRING, method 1 of RFC 5280 §4.2.1.2. It names a key and secures nothing. */
export function keyIdentifierOf(spki: Uint8Array): Uint8Array {
  const element = readDer(spki, { octets: 16_384, depth: 6, elements: 32 });
  const octets = bitOctetsOf(element.children[1], 'subjectPublicKey');
  return plain(createHash('sha1').update(octets).digest());
}
