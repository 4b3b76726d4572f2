import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { PkiError } from '../errors.js';
import { plain } from '../octets.js';

/** An RSA key pair. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  /** The private key as PKCS#8 DER. The owner overwrites it with zeros as soon as it is sealed. */
  readonly pkcs8: Uint8Array;
  /** The public key as subjectPublicKeyInfo DER. */
  readonly spki: Uint8Array;
}

/** Sizes of the OFTP2 certificate profile. */
export const RSA_KEY_SIZES = [2048, 3072, 4096] as const;

/** A size of {@link RSA_KEY_SIZES}. */
export type RsaKeySize = (typeof RSA_KEY_SIZES)[number];

const generate = promisify(generateKeyPair);

/**
 * Makes an RSA key pair outside the event loop's thread.
 * @throws PkiError `key-unsupported` for another size
 */
export async function createKeyPair({ bits }: { readonly bits: RsaKeySize }): Promise<KeyPair> {
  if (!RSA_KEY_SIZES.includes(bits)) {
    throw new PkiError('key-unsupported', `RSA keys are made with 2048, 3072 or 4096 bits, not ${String(bits)}.`);
  }
  const { privateKey } = await generate('rsa', { modulusLength: bits });
  return { privateKey, pkcs8: privateKeyToPkcs8(privateKey), spki: spkiOf(privateKey) };
}

/** The private key as PKCS#8 DER; the caller overwrites it when it is no longer needed. */
export function privateKeyToPkcs8(privateKey: KeyObject): Uint8Array {
  const exported = privateKey.export({ format: 'der', type: 'pkcs8' });
  const pkcs8 = plain(exported);
  exported.fill(0);
  return pkcs8;
}

/**
 * The private key in PKCS#8 DER for use with node:crypto. Parse once and keep: parsing costs as much as signing.
 * @throws PkiError `key-malformed`
 */
export function privateKeyFromPkcs8(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({
      key: Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length),
      format: 'der',
      type: 'pkcs8',
    });
  } catch (error) {
    throw new PkiError('key-malformed', 'The private key cannot be read as PKCS#8.', { cause: error });
  }
}

/** The public half of a private key as subjectPublicKeyInfo DER. */
export function spkiOf(privateKey: KeyObject): Uint8Array {
  return plain(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
}
