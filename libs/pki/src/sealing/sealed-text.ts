import { PkiError } from '../errors.js';
import { concatOctets, plain } from '../octets.js';
import { KEY_ID_OCTETS } from './sealing-key.js';

/** The two forms: sealed by the key's holder for itself, or by others for the key's public half. */
export type SealedForm = 'certlane.sealed.v1' | 'certlane.box.v1';

/** Octets of the nonce (sealed), or of the sender's X25519 key (box). */
const PREFIX_OCTETS: Readonly<Record<SealedForm, number>> = { 'certlane.sealed.v1': 12, 'certlane.box.v1': 32 };

/** Octets of the tag of AES-GCM. */
export const TAG_OCTETS = 16;

/** Octets that one text may seal: a private key has 2.5 KiB, a PKCS#12 file some more. */
export const MAXIMUM_PLAINTEXT_OCTETS = 1_048_576;

/** A sealed text taken apart. */
export interface SealedParts {
  readonly form: SealedForm;
  readonly keyId: Uint8Array;
  readonly prefix: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

const TEXT = /^(certlane\.(?:sealed|box)\.v1)\.([A-Za-z0-9_-]+)$/;

/** Writes the parts as `<form>.<base64url of key id, prefix, ciphertext and tag>`. */
export function writeSealed({ form, keyId, prefix, ciphertext, tag }: SealedParts): string {
  return `${form}.${Buffer.from(concatOctets([keyId, prefix, ciphertext, tag])).toString('base64url')}`;
}

/**
 * Takes a sealed text apart.
 * @throws PkiError `sealed-malformed`
 */
export function readSealed(text: string): SealedParts {
  if (text.length > (MAXIMUM_PLAINTEXT_OCTETS + 128) * 2) throw refused();
  const [, form, encoded = ''] = TEXT.exec(text) ?? [];
  if (form !== 'certlane.sealed.v1' && form !== 'certlane.box.v1') throw refused();
  const octets = plain(Buffer.from(encoded, 'base64url'));
  const prefixEnd = KEY_ID_OCTETS + PREFIX_OCTETS[form];
  const tagStart = octets.length - TAG_OCTETS;
  if (tagStart < prefixEnd) throw refused();
  return {
    form,
    keyId: octets.subarray(0, KEY_ID_OCTETS),
    prefix: octets.subarray(KEY_ID_OCTETS, prefixEnd),
    ciphertext: octets.subarray(prefixEnd, tagStart),
    tag: octets.subarray(tagStart),
  };
}

function refused(): PkiError {
  return new PkiError('sealed-malformed', 'The text is not of the form certlane.sealed.v1.… or certlane.box.v1.…');
}
