import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type Asn1Element, type Asn1Limits, TAG } from '../asn1/element.js';
import { isPem, type PemBlock, readPem } from '../asn1/pem.js';
import { readBer } from '../asn1/read-ber.js';
import { want } from '../asn1/values.js';
import type { Certificate } from '../certificate/certificate.js';
import { kindOfObject } from '../certificate/kind-of-object.js';
import { publicKeyOf } from '../certificate/public-key.js';
import { isPkiError, PkiError, refusingAs } from '../errors.js';
import { plain, view } from '../octets.js';
import { decryptWithPassword, wrongPassword } from '../password/decrypt.js';
import { WorkBudget } from '../password/work-budget.js';

const LIMITS: Asn1Limits = { octets: 65_536, depth: 12, elements: 256 };

/**
 * Reads a private key: PKCS#8 plain or encrypted, PKCS#1 or SEC 1, in PEM or DER. Reading it says nothing about whether it
 * fits a certificate: ask {@link keyMatches}.
 * @throws PkiError `key-malformed` saying what the file is instead, `password-required`, `password-wrong`,
 * `encryption-unsupported`, `key-unsupported`, `work-limit`, `too-large`
 */
export function readPrivateKey(octets: Uint8Array, passphrase?: string): KeyObject {
  if (octets.length > LIMITS.octets) {
    throw new PkiError('too-large', `The key file has ${octets.length} octets; at most ${LIMITS.octets} are read.`);
  }
  if (octets.length === 0) throw new PkiError('key-malformed', 'The key file is empty.');
  return refusingAs('key-malformed', 'The private key cannot be read', () =>
    isPem(octets) ? readPemKey(octets, passphrase) : readDerKey(octets, passphrase),
  );
}

/** Whether the private key is the one of the certificate. */
export function keyMatches(privateKey: KeyObject, certificate: Pick<Certificate, 'publicKey'>): boolean {
  try {
    return createPublicKey(privateKey).equals(publicKeyOf(certificate.publicKey));
  } catch (error) {
    if (isPkiError(error, 'key-unsupported')) return false;
    throw error;
  }
}

function readPemKey(octets: Uint8Array, passphrase: string | undefined): KeyObject {
  const blocks = readPem(octets);
  const [block, ...more] = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    const found = blocks[0]?.label ?? 'nothing';
    throw new PkiError('key-malformed', `The file holds ${found} where a private key is wanted.`);
  }
  if (more.length > 0) throw new PkiError('key-malformed', 'The file holds several private keys where one is wanted.');
  if (block.label === 'OPENSSH PRIVATE KEY') {
    throw new PkiError(
      'key-unsupported',
      'The key is in the form of OpenSSH; write it as PKCS#8 with "ssh-keygen -p -m PKCS8".',
    );
  }
  return block.headers ? readLegacyPem(block, passphrase) : readDerKey(block.octets, passphrase);
}

/** PEM with DEK-Info lines as programs before PKCS#8 wrote it: one round of MD5, nothing a file could exhaust us with. */
function readLegacyPem(block: PemBlock, passphrase: string | undefined): KeyObject {
  if (passphrase === undefined) throw passwordRequired();
  try {
    return createPrivateKey({ key: block.text, format: 'pem', passphrase });
  } catch {
    throw wrongPassword();
  }
}

function readDerKey(octets: Uint8Array, passphrase: string | undefined): KeyObject {
  const element = readBer(octets, LIMITS);
  const kind = kindOfObject(element);
  if (kind === 'private-key') return parse(octets, element);
  if (kind === 'encrypted-private-key') return decryptKey(element, passphrase);
  const what = kind === 'unknown' ? 'no private key' : `a ${kind.replaceAll('-', ' ')} where a private key is wanted`;
  throw new PkiError('key-malformed', `The file is ${what}.`);
}

/** Opens an EncryptedPrivateKeyInfo (RFC 5958 §3). Also the shrouded key bags of PKCS#12. */
export function decryptKey(
  element: Asn1Element,
  passphrase: string | undefined,
  budget: WorkBudget = new WorkBudget(),
): KeyObject {
  const [algorithm, data] = want(element, TAG.sequence, 'EncryptedPrivateKeyInfo').children;
  const encryption = want(algorithm, TAG.sequence, 'encryptionAlgorithm');
  const ciphertext = want(data, TAG.octetString, 'encryptedData').content;
  if (passphrase === undefined) throw passwordRequired();
  const pkcs8 = decryptWithPassword(encryption, ciphertext, passphrase, budget);
  try {
    return parse(pkcs8, readBer(pkcs8, LIMITS));
  } catch (error) {
    // A wrong password leaves a plausible padding once in 256 times; what it hides is then not a key.
    if (isPkiError(error)) throw wrongPassword();
    throw error;
  } finally {
    pkcs8.fill(0);
  }
}

/** PrivateKeyInfo has an algorithm as second field, RSAPrivateKey a modulus, ECPrivateKey an octet string. */
function parse(octets: Uint8Array, element: Asn1Element): KeyObject {
  const second = element.children[1]?.tag;
  const type = second === TAG.sequence ? 'pkcs8' : second === TAG.integer ? 'pkcs1' : 'sec1';
  try {
    return createPrivateKey({ key: view(octets), format: 'der', type });
  } catch {
    // The cause is left out: messages of the cryptographic library may quote what it read.
    throw new PkiError(
      'key-unsupported',
      `The private key (${type.toUpperCase()}) is damaged or of an unsupported type.`,
    );
  }
}

function passwordRequired(): PkiError {
  return new PkiError('password-required', 'The private key is encrypted; give its password.');
}

/** Reads one private key that stands unencrypted in a key bag of PKCS#12. */
export function readPlainKey(element: Asn1Element): KeyObject {
  return parse(plain(element.octets), element);
}
