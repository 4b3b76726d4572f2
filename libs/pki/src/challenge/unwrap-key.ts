import { constants, createHash, type KeyObject, privateDecrypt, randomBytes } from 'node:crypto';
import { hashLength, type HashName } from '../hashes.js';
import { concatOctets, plain } from '../octets.js';
import type { KeyTransportParameters } from './key-transport.js';

/**
 * The content key of `keyLength` octets that was encrypted for `privateKey`. Every failure gives a random key instead: who
 * learns whether the padding was right can decrypt with our key (Bleichenbacher for PKCS #1 v1.5, Manger for OAEP;
 * RFC 3218 §2.3.2). The RSA operation runs without padding and the padding is taken off here, because node's own PKCS #1
 * decryption depends on what the linked OpenSSL does about that, and its OAEP cannot use two different hashes.
 */
export function unwrapKey(
  encryptedKey: Uint8Array,
  privateKey: KeyObject,
  parameters: KeyTransportParameters,
  keyLength: number,
): Uint8Array {
  const substitute = plain(randomBytes(keyLength));
  const modulusLength = Math.ceil((privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  const block = rawDecrypt(encryptedKey, privateKey, modulusLength);
  if (block.length < keyLength + 11) return substitute;
  const unpadded =
    parameters.transport === 'rsaes-pkcs1-v1_5'
      ? unpadPkcs1(block, keyLength)
      : unpadOaep(block, keyLength, parameters.hash, parameters.maskHash, parameters.label);
  const mask = unpadded.bad === 0 ? 0xff : 0;
  const key = substitute.map((octet, i) => (octet & ~mask) | ((unpadded.key[i] ?? 0) & mask));
  block.fill(0);
  unpadded.key.fill(0);
  return key;
}

/** The block of the modulus' length; nothing when the ciphertext is longer or not below the modulus, which anyone can see. */
function rawDecrypt(encryptedKey: Uint8Array, privateKey: KeyObject, modulusLength: number): Uint8Array {
  if (encryptedKey.length > modulusLength || privateKey.asymmetricKeyType !== 'rsa') return new Uint8Array(0);
  const padded = new Uint8Array(modulusLength);
  padded.set(encryptedKey, modulusLength - encryptedKey.length);
  try {
    return privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, padded);
  } catch {
    return new Uint8Array(0);
  }
}

interface Unpadded {
  /** Zero when the padding is right; all of it was looked at either way. */
  readonly bad: number;
  readonly key: Uint8Array;
}

/** 00 02, at least eight octets that are not zero, 00, the key (RFC 8017 §7.2.2), for a key whose length is known. */
function unpadPkcs1(block: Uint8Array, keyLength: number): Unpadded {
  const separator = block.length - keyLength - 1;
  let bad = (block[0] ?? 0xff) | ((block[1] ?? 0) ^ 2) | (block[separator] ?? 0xff);
  for (let i = 2; i < separator; i += 1) bad |= isZero(block[i] ?? 0);
  return { bad, key: plain(block.subarray(separator + 1)) };
}

/** RFC 8017 §7.1.2 step 3, for a key whose length is known. */
function unpadOaep(
  block: Uint8Array,
  keyLength: number,
  hash: HashName,
  maskHash: HashName,
  label: Uint8Array,
): Unpadded {
  const length = hashLength(hash);
  const separator = block.length - keyLength - 1;
  if (separator < 2 * length + 1) return { bad: 1, key: new Uint8Array(keyLength) };
  const maskedSeed = block.subarray(1, 1 + length);
  const maskedData = block.subarray(1 + length);
  const seed = xor(maskedSeed, mgf1(maskedData, length, maskHash));
  const data = xor(maskedData, mgf1(seed, maskedData.length, maskHash));
  const labelHash = createHash(hash).update(label).digest();
  const one = separator - 1 - length;
  let bad = (block[0] ?? 0xff) | ((data[one] ?? 0) ^ 1);
  for (let i = 0; i < length; i += 1) bad |= (data[i] ?? 0) ^ (labelHash[i] ?? 0);
  for (let i = length; i < one; i += 1) bad |= data[i] ?? 0xff;
  const key = plain(data.subarray(one + 1));
  seed.fill(0);
  data.fill(0);
  return { bad, key };
}

/** 1 for zero, 0 for every other octet, without a branch. */
const isZero = (octet: number): number => ((octet - 1) >> 8) & 1;

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((octet, i) => octet ^ (b[i] ?? 0));

/** MGF1 (RFC 8017 appendix B.2.1). */
function mgf1(seed: Uint8Array, length: number, hash: HashName): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 0; counter * hashLength(hash) < length; counter += 1) {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(counter);
    blocks.push(createHash(hash).update(seed).update(octets).digest());
  }
  return concatOctets(blocks).subarray(0, length);
}
