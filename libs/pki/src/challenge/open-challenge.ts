import { createDecipheriv, type KeyObject } from 'node:crypto';
import type { Certificate } from '../certificate/index.js';
import { isNamedBy } from '../cms/certificate-identifier.js';
import { isPkiError, PkiError } from '../errors.js';
import { plain } from '../octets.js';
import type { ContentCipherRow } from './content-cipher.js';
import { CHALLENGE_OCTETS } from './envelop-challenge.js';
import { type Envelope, type KeyTransportRecipient, readEnvelope } from './read-envelope.js';
import { unwrapKey } from './unwrap-key.js';

/** One of our certificates for session authentication with its private key, parsed once by the caller. */
export interface ChallengeKey {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

/**
 * Opens a challenge that a partner enveloped for one of our certificates and returns its 20 octets. DER and BER, named by
 * issuer and serial number or by key identifier, PKCS #1 v1.5 and OAEP. At most one RSA operation is done, for the first
 * recipient that is one of `keys` and uses a known algorithm.
 *
 * All failures are one and the same error without detail: answering is a decryption service for whoever can connect, and
 * what distinguishes one failure from another helps to misuse it. Ask `recipientsOf` to tell an operator more.
 * @throws PkiError `challenge-undecipherable`
 */
export function openChallenge(envelope: Uint8Array, keys: readonly ChallengeKey[]): Uint8Array {
  const challenge = open(read(envelope), keys);
  if (challenge === undefined) {
    throw new PkiError(
      'challenge-undecipherable',
      'The challenge cannot be opened with any of our keys for session authentication.',
    );
  }
  return challenge;
}

function read(envelope: Uint8Array): Envelope | undefined {
  try {
    return readEnvelope(envelope);
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}

function open(envelope: Envelope | undefined, keys: readonly ChallengeKey[]): Uint8Array | undefined {
  const cipher = envelope?.cipher;
  if (envelope === undefined || cipher === undefined) return undefined;
  // 20 octets with padding have one length for each cipher: all else is no challenge, whatever it decrypts to.
  const length = (Math.floor(CHALLENGE_OCTETS / cipher.blockLength) + 1) * cipher.blockLength;
  if (envelope.encryptedContent.length !== length || envelope.iv.length !== cipher.blockLength) return undefined;
  for (const recipient of envelope.recipients) {
    const key = keys.find(({ certificate }) => isNamedBy(certificate, recipient.recipient));
    if (key !== undefined && recipient.keyTransport !== undefined) return decrypt(envelope, cipher, recipient, key);
  }
  return undefined;
}

function decrypt(
  { iv, encryptedContent }: Envelope,
  cipher: ContentCipherRow,
  { encryptedKey, keyTransport }: KeyTransportRecipient,
  { privateKey }: ChallengeKey,
): Uint8Array | undefined {
  if (keyTransport === undefined) return undefined;
  const contentKey = unwrapKey(encryptedKey, privateKey, keyTransport, cipher.keyLength);
  const decipher = createDecipheriv(cipher.name, contentKey, iv).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(encryptedContent), decipher.final()]);
  contentKey.fill(0);
  const padding = padded.length - CHALLENGE_OCTETS;
  let bad = 0;
  for (const octet of padded.subarray(CHALLENGE_OCTETS)) bad |= octet ^ padding;
  const challenge = plain(padded.subarray(0, CHALLENGE_OCTETS));
  padded.fill(0);
  return bad === 0 ? challenge : undefined;
}
