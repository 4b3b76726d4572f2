import { PkiError } from '../errors.js';
import { isDottedOid } from '../names/attribute-types.js';

/** Purposes of extended key usage by name (RFC 5280 §4.2.1.12). */
export const KEY_PURPOSE = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** A certificate with it serves every purpose (RFC 5280 §4.2.1.12, anyExtendedKeyUsage). */
export const ANY_KEY_PURPOSE = '2.5.29.37.0';

/**
 * The purposes that a person wrote, as dotted object identifiers: names of {@link KEY_PURPOSE} in whatever case, or numbers,
 * separated by commas.
 * @throws PkiError `key-usage-malformed`
 */
export function parseKeyPurposes(text: string): readonly string[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    const known = Object.entries(KEY_PURPOSE).find(([purpose]) => purpose.toLowerCase() === name.toLowerCase());
    if (known !== undefined) return known[1];
    if (isDottedOid(name)) return name;
    throw new PkiError(
      'key-usage-malformed',
      `The extended key usage "${name.slice(0, 40)}" is unknown; use ${Object.keys(KEY_PURPOSE).join(', ')} or a number such as 1.3.6.1.5.5.7.3.1.`,
    );
  });
}
