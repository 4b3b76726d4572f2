import { createHash, randomBytes, type KeyObject } from 'node:crypto';
import { CertlaneError, type SessionProfile, type UsableCertificate } from '@certlane/contracts';
import { samePadded } from '@certlane/oftp2';
import {
  boxPublicKey,
  isPkiError,
  open,
  privateKeyFromPkcs8,
  readCertificate,
  seal,
  type Certificate,
  type ChallengeKey,
  type SealingKey,
} from '@certlane/pki';
import { BoundedCache } from './bounded-cache.js';
import { secretContexts } from './secret-contexts.js';

/** Keys that are kept opened and parsed: that costs as much as using one. */
const KEYS_KEPT = 512;
/** Passwords that are kept opened: each costs a key agreement, and every session needs two. */
const PASSWORDS_KEPT = 4_096;
/** Certificates of partners that are kept parsed. */
const CERTIFICATES_KEPT = 2_048;

/** Octets of SSIDPSWD (RFC 5024 §5.3.2). */
const PASSWORD_WIDTH = 8;

/** The one place where secrets are opened; what is open stays in this process's memory and goes nowhere else. */
export class Vault {
  readonly #key: SealingKey;
  readonly #keys = new BoundedCache<ChallengeKey>(KEYS_KEPT);
  readonly #passwords = new BoundedCache<string>(PASSWORDS_KEPT);
  readonly #certificates = new BoundedCache<Certificate>(CERTIFICATES_KEPT);
  readonly #decoy: string;

  constructor(key: SealingKey) {
    this.#key = key;
    this.#decoy = seal(key, randomBytes(8), DECOY);
  }

  /** The public key secrets are sealed to, as text, and its name. */
  get publicKey(): { readonly publicKey: string; readonly keyId: string } {
    return { publicKey: boxPublicKey(this.#key), keyId: Buffer.from(this.#key.box.id).toString('hex') };
  }

  /** Whether a caller sent the partner's password. */
  passwordFits(profile: SessionProfile, received: string): boolean {
    const { station, partner, partnerPassword } = profile;
    const expected = this.#openText(partnerPassword, [secretContexts.partnerPassword(station, partner)]);
    return samePadded(received, expected, PASSWORD_WIDTH);
  }

  /** Does for a caller nobody knows what {@link passwordFits} does for a known one, so that the time tells nothing. */
  comparePretended(received: string): void {
    samePadded(received, this.#openText(this.#decoy, [DECOY]), PASSWORD_WIDTH);
  }

  /** The password the partner must send, for a partner we call. */
  partnerPassword({ station, partner, partnerPassword }: SessionProfile): string {
    return this.#openText(partnerPassword, [secretContexts.partnerPassword(station, partner)]);
  }

  /** The password we send: the station's, or one of this partner's own. */
  ourPassword({ station, partner, ourPassword }: SessionProfile): string {
    // The station's first: most partners get that one.
    return this.#openText(ourPassword, [
      secretContexts.stationPassword(station),
      secretContexts.ourPassword(station, partner),
    ]);
  }

  /** A station's certificate with its opened key. */
  openCertificate(station: string, usable: UsableCertificate): ChallengeKey {
    const { sealedKey } = usable;
    return this.#keys.get(`${station} ${usable.certificate} ${sealedKey}`, () => {
      const certificate = this.readCertificate(usable.certificate);
      return { certificate, privateKey: this.#openKey(station, keyIdOf(certificate.publicKey.spki), sealedKey) };
    });
  }

  /** A certificate of a partner or of ours, from base64 of its DER; parsed once, its key too. */
  readCertificate(base64: string): Certificate {
    return this.#certificates.get(base64, () => readCertificate(Buffer.from(base64, 'base64')));
  }

  /** Seals a private key for the store; the octets are overwritten. */
  sealKey(
    station: string,
    spki: Uint8Array,
    pkcs8: Uint8Array,
  ): { readonly keyId: string; readonly sealedKey: string } {
    const keyId = keyIdOf(spki);
    try {
      return { keyId, sealedKey: seal(this.#key, pkcs8, secretContexts.privateKey(station, keyId)) };
    } finally {
      pkcs8.fill(0);
    }
  }

  /**
   * Opens what was sealed for an import of this station; the caller overwrites the octets.
   * @throws {CertlaneError} `invalid-argument`
   */
  openImport(station: string, sealed: string): Uint8Array {
    return this.#open(sealed, [secretContexts.certificateImport(station)]);
  }

  #openKey(station: string, keyId: string, sealed: string): KeyObject {
    const pkcs8 = this.#open(sealed, [secretContexts.privateKey(station, keyId)]);
    try {
      return privateKeyFromPkcs8(pkcs8);
    } finally {
      pkcs8.fill(0);
    }
  }

  #openText(sealed: string, contexts: readonly string[]): string {
    // Under the same contexts only: a secret that was put in another's place must not be found here.
    return this.#passwords.get(`${contexts.join('\n')}\n${sealed}`, () => {
      const octets = this.#open(sealed, contexts);
      const text = Buffer.from(octets).toString('latin1');
      octets.fill(0);
      return text;
    });
  }

  #open(sealed: string, contexts: readonly string[]): Uint8Array {
    for (const [position, context] of contexts.entries()) {
      try {
        return open(this.#key, sealed, context);
      } catch (error) {
        if (!isPkiError(error)) throw error;
        if (position < contexts.length - 1 && error.code === 'sealed-not-authentic') continue;
        throw new CertlaneError('failed-precondition', error.message, {
          cause: error,
          details: { reason: error.code },
        });
      }
    }
    throw new CertlaneError('internal', 'a secret was to be opened under no context');
  }
}

const DECOY = 'decoy';

/** How a key pair is named: SHA-256 over its SubjectPublicKeyInfo, lower-case hex. */
export function keyIdOf(spki: Certificate['publicKey']['spki']): string {
  return createHash('sha256').update(spki).digest('hex');
}
