import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import {
  algorithmIdentifier,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../asn1/write.js';
import { type Certificate, publicKeyOf } from '../certificate/index.js';
import { issuerAndSerialNumber } from '../cms/certificate-identifier.js';
import { PkiError } from '../errors.js';
import { plain } from '../octets.js';
import { CONTENT_CIPHERS, type ContentCipher } from './content-cipher.js';
import { type KeyTransport, type OaepHash, writeKeyTransport } from './key-transport.js';
import { OID } from './oids.js';

/** Octets of a challenge (RFC 5024 §5.3.17). */
export const CHALLENGE_OCTETS = 20;

/** What an enveloped challenge is made of. */
export interface ChallengeEnvelopeOptions {
  /** 20 random octets. */
  readonly challenge: Uint8Array;
  /** The partner's certificate for session authentication. */
  readonly recipient: Certificate;
  readonly cipher: ContentCipher;
  readonly keyTransport: KeyTransport;
  /** For OAEP: hash of label and mask; SHA-256 when left out. */
  readonly hash?: OaepHash | undefined;
}

/**
 * Puts a challenge into a CMS EnvelopedData (RFC 5652 §6) for one recipient named by issuer and serial number, in DER.
 * @throws PkiError `challenge-invalid`, `recipient-unsuitable` for keys that are not RSA or too small for the hash,
 * `key-unsupported`
 */
export function envelopChallenge(options: ChallengeEnvelopeOptions): Uint8Array {
  const { challenge, recipient, keyTransport, hash = 'sha256' } = options;
  if (challenge.length !== CHALLENGE_OCTETS) {
    throw new PkiError('challenge-invalid', `A challenge has ${CHALLENGE_OCTETS} octets, not ${challenge.length}.`);
  }
  const cipher = CONTENT_CIPHERS.find((row) => row.cipher === options.cipher);
  if (cipher === undefined) throw new TypeError(`unknown content cipher ${options.cipher}`);
  const key = randomBytes(cipher.keyLength);
  const iv = randomBytes(cipher.blockLength);
  const encipher = createCipheriv(cipher.name, key, iv);
  const content = Buffer.concat([encipher.update(challenge), encipher.final()]);
  const encryptedKey = transportKey(key, recipient, keyTransport, hash);
  key.fill(0);
  const recipientInfo = sequence(
    integer(0),
    issuerAndSerialNumber(recipient),
    writeKeyTransport(keyTransport, hash),
    octetString(encryptedKey),
  );
  const encryptedContent = sequence(
    objectIdentifier(OID.data),
    algorithmIdentifier(cipher.oid, octetString(iv)),
    implicit(0, content),
  );
  const envelopedData = sequence(integer(0), setOf(recipientInfo), encryptedContent);
  return sequence(objectIdentifier(OID.envelopedData), explicit(0, envelopedData));
}

function transportKey(key: Uint8Array, recipient: Certificate, transport: KeyTransport, hash: OaepHash): Uint8Array {
  if (recipient.publicKey.algorithm !== 'rsa') {
    throw new PkiError(
      'recipient-unsuitable',
      `Certificate ${recipient.serialNumber} has a key of type ${recipient.publicKey.algorithm}; secure authentication needs RSA.`,
    );
  }
  const publicKey = publicKeyOf(recipient.publicKey);
  try {
    const padding = transport === 'rsaes-oaep' ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING;
    return plain(
      publicEncrypt({ key: publicKey, padding, ...(transport === 'rsaes-oaep' ? { oaepHash: hash } : {}) }, key),
    );
  } catch (error) {
    throw new PkiError(
      'recipient-unsuitable',
      `The RSA key of certificate ${recipient.serialNumber} (${recipient.publicKey.bits ?? 0} bits) cannot carry the content key with ${transport}.`,
      { cause: error },
    );
  }
}
