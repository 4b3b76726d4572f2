import { createHash, createPrivateKey, createPublicKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { PkiError } from '../errors.js';
import { concatOctets, fromHex, plain } from '../octets.js';

/** Octets of the secret a sealing key is made of. */
export const SEALING_SECRET_OCTETS = 32;

/** Octets that tell keys apart in a sealed text. They are derived one-way and reveal nothing about the key. */
export const KEY_ID_OCTETS = 8;

/** PrivateKeyInfo of an X25519 key up to its 32 octets (RFC 8410 §7). */
const X25519_PKCS8 = fromHex('302e020100300506032b656e04220420');
/** SubjectPublicKeyInfo of an X25519 key up to its 32 octets (RFC 8410 §4). */
const X25519_SPKI = fromHex('302a300506032b656e032100');

const BOX_KEY = /^certlane\.boxkey\.v1\.([A-Za-z0-9_-]{43})$/;

/**
 * The key that seals what must not lie open in a store or on the bus. Only the gateway holds one. It lives in private fields,
 * so that neither a log nor JSON shows it.
 */
export class SealingKey {
  readonly #cipherKey: KeyObject;
  readonly #boxKey: KeyObject;
  readonly #id: Uint8Array;
  readonly #box: BoxKey;

  /**
   * Makes the key from 32 random octets, which are not kept; the caller overwrites its own copy.
   * @throws PkiError `sealing-key-invalid`
   */
  constructor(secret: Uint8Array) {
    if (secret.length !== SEALING_SECRET_OCTETS) {
      throw new PkiError(
        'sealing-key-invalid',
        `A sealing key has ${SEALING_SECRET_OCTETS} octets, not ${secret.length}.`,
      );
    }
    if (secret.every((octet) => octet === secret[0])) {
      throw new PkiError('sealing-key-invalid', 'The sealing key is one octet repeated; make it of random octets.');
    }
    const cipherKey = derive(secret, 'certlane seal v1: cipher key', 32);
    const boxKey = derive(secret, 'certlane seal v1: X25519 key', 32);
    this.#cipherKey = createSecretKey(cipherKey);
    this.#boxKey = x25519PrivateKey(boxKey);
    this.#id = derive(secret, 'certlane seal v1: key id', KEY_ID_OCTETS);
    const publicOctets = rawPublicKey(createPublicKey(this.#boxKey));
    this.#box = new BoxKey(publicOctets);
    cipherKey.fill(0);
    boxKey.fill(0);
  }

  /** Tells this key from others in texts it sealed for itself. */
  get id(): Uint8Array {
    return plain(this.#id);
  }

  /** For AES-256-GCM. */
  get cipherKey(): KeyObject {
    return this.#cipherKey;
  }

  /** For X25519. */
  get boxPrivateKey(): KeyObject {
    return this.#boxKey;
  }

  /** The public half, which others seal for. */
  get box(): BoxKey {
    return this.#box;
  }
}

/** The public half of a sealing key. */
export class BoxKey {
  constructor(
    /** 32 octets of X25519. */
    readonly octets: Uint8Array,
  ) {}

  /**
   * Reads `certlane.boxkey.v1.…`.
   * @throws PkiError `sealing-key-invalid`
   */
  static parse(text: string): BoxKey {
    const encoded = BOX_KEY.exec(text)?.[1];
    if (encoded === undefined) {
      throw new PkiError('sealing-key-invalid', 'The box key is not of the form certlane.boxkey.v1.<43 characters>.');
    }
    return new BoxKey(plain(Buffer.from(encoded, 'base64url')));
  }

  /** Tells this key from others in texts sealed for it. */
  get id(): Uint8Array {
    return plain(
      createHash('sha256').update('certlane box v1: key id').update(this.octets).digest().subarray(0, KEY_ID_OCTETS),
    );
  }

  /** For X25519. */
  get publicKey(): KeyObject {
    return createPublicKey({ key: Buffer.from(concatOctets([X25519_SPKI, this.octets])), format: 'der', type: 'spki' });
  }

  toString(): string {
    return `certlane.boxkey.v1.${Buffer.from(this.octets).toString('base64url')}`;
  }
}

/** The public half of a sealing key as text, to be given to whoever seals something for the gateway. Not secret. */
export function boxPublicKey(key: SealingKey): string {
  return key.box.toString();
}

/** The 32 octets of an X25519 public key. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  return plain(key.export({ format: 'der', type: 'spki' }).subarray(X25519_SPKI.length));
}

/** HKDF-SHA-256 (RFC 5869). */
export function derive(
  secret: Uint8Array,
  info: string,
  length: number,
  salt: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, length));
}

function x25519PrivateKey(octets: Uint8Array): KeyObject {
  const pkcs8 = concatOctets([X25519_PKCS8, octets]);
  const key = createPrivateKey({ key: Buffer.from(pkcs8.buffer), format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  return key;
}
