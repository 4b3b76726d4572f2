import {
  createCipheriv,
  createDecipheriv,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { PkiError } from '../errors.js';
import { concatOctets, plain, sameOctets } from '../octets.js';
import {
  MAXIMUM_PLAINTEXT_OCTETS,
  readSealed,
  type SealedForm,
  type SealedParts,
  TAG_OCTETS,
  writeSealed,
} from './sealed-text.js';
import { BoxKey, derive, rawPublicKey, type SealingKey } from './sealing-key.js';

/** Octets of a nonce of AES-GCM: 96 random bits, good for 2^32 texts under one key (NIST SP 800-38D §8.3). */
const NONCE_OCTETS = 12;

/**
 * Seals octets for the holder of `key` with AES-256-GCM.
 * @param context what the secret is and whose, e.g. `private-key/O0013ACME/3f2a…`; the text opens under the same context
 * only, so that a sealed text put in another's place is noticed
 * @throws PkiError `too-large`
 */
export function seal(key: SealingKey, plaintext: Uint8Array, context: string): string {
  const nonce = plain(randomBytes(NONCE_OCTETS));
  return encrypt('certlane.sealed.v1', key.id, nonce, key.cipherKey, nonce, plaintext, context);
}

/**
 * Seals octets for whoever holds the private half of `publicKey` (a text of `boxPublicKey`); the one who seals cannot open
 * them again. X25519 with a fresh key of the sender, HKDF-SHA-256, AES-256-GCM.
 * @throws PkiError `sealing-key-invalid`, `too-large`
 */
export function sealFor(publicKey: string, plaintext: Uint8Array, context: string): string {
  const recipient = BoxKey.parse(publicKey);
  const ephemeral = generateKeyPairSync('x25519');
  const sender = rawPublicKey(ephemeral.publicKey);
  const { cipherKey, nonce } = agree(ephemeral.privateKey, recipient.publicKey, sender, recipient.octets);
  const text = encrypt('certlane.box.v1', recipient.id, sender, cipherKey, nonce, plaintext, context);
  cipherKey.fill(0);
  return text;
}

/**
 * Opens a text of {@link seal} or {@link sealFor}. The caller overwrites the octets as soon as they are used.
 * @throws PkiError `sealed-malformed`, `sealed-for-another-key`, `sealed-not-authentic`
 */
export function open(key: SealingKey, sealed: string, context: string): Uint8Array {
  const parts = readSealed(sealed);
  const own = parts.form === 'certlane.sealed.v1' ? key.id : key.box.id;
  if (!sameOctets(parts.keyId, own)) {
    throw new PkiError(
      'sealed-for-another-key',
      `The secret was sealed for key ${hex(parts.keyId)}, and this is key ${hex(own)}; start with the key file it was sealed with.`,
    );
  }
  if (parts.form === 'certlane.sealed.v1') return decrypt(parts, key.cipherKey, parts.prefix, context);
  const { cipherKey, nonce } = agree(key.boxPrivateKey, x25519PublicKey(parts.prefix), parts.prefix, key.box.octets);
  const plaintext = decrypt(parts, cipherKey, nonce, context);
  cipherKey.fill(0);
  return plaintext;
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

const x25519PublicKey = (octets: Uint8Array): KeyObject => new BoxKey(octets).publicKey;

/** Key and nonce that sender and recipient share; both public keys go in, so that neither can be exchanged. */
function agree(
  privateKey: KeyObject,
  publicKey: KeyObject,
  sender: Uint8Array,
  recipient: Uint8Array,
): { readonly cipherKey: Uint8Array; readonly nonce: Uint8Array } {
  let shared: Uint8Array;
  try {
    shared = diffieHellman({ privateKey, publicKey });
  } catch (error) {
    // Points of small order give a shared secret of zeros, which the cryptographic library refuses.
    throw new PkiError('sealed-not-authentic', 'The sealed secret holds an X25519 key that no honest sender makes.', {
      cause: error,
    });
  }
  const derived = derive(
    shared,
    'certlane box v1: cipher key and nonce',
    32 + NONCE_OCTETS,
    concatOctets([sender, recipient]),
  );
  shared.fill(0);
  return { cipherKey: derived.subarray(0, 32), nonce: derived.subarray(32) };
}

function encrypt(
  form: SealedForm,
  keyId: Uint8Array,
  prefix: Uint8Array,
  cipherKey: KeyObject | Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  context: string,
): string {
  if (plaintext.length > MAXIMUM_PLAINTEXT_OCTETS) {
    throw new PkiError(
      'too-large',
      `A secret of ${plaintext.length} octets cannot be sealed; at most ${MAXIMUM_PLAINTEXT_OCTETS}.`,
    );
  }
  const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce, { authTagLength: TAG_OCTETS });
  cipher.setAAD(associatedData(form, keyId, context));
  const ciphertext = concatOctets([cipher.update(plaintext), cipher.final()]);
  return writeSealed({ form, keyId, prefix, ciphertext, tag: cipher.getAuthTag() });
}

function decrypt(
  parts: SealedParts,
  cipherKey: KeyObject | Uint8Array,
  nonce: Uint8Array,
  context: string,
): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', cipherKey, nonce, { authTagLength: TAG_OCTETS });
  decipher.setAAD(associatedData(parts.form, parts.keyId, context));
  decipher.setAuthTag(parts.tag);
  const start = decipher.update(parts.ciphertext);
  try {
    decipher.final();
    return plain(start);
  } catch (error) {
    throw new PkiError(
      'sealed-not-authentic',
      `The sealed secret was altered, or it was sealed for something else than "${context}".`,
      { cause: error },
    );
  } finally {
    start.fill(0);
  }
}

/** Form and key have fixed lengths, so the context cannot borrow octets from them. */
const associatedData = (form: SealedForm, keyId: Uint8Array, context: string): Uint8Array =>
  concatOctets([Buffer.from(`${form}\0`), keyId, Buffer.from(context, 'utf8')]);
