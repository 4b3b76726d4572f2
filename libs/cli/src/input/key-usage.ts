import { invalid } from './invalid.js';

/** Names of RFC 5280 §4.2.1.3 in the order of their bits. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** Names of RFC 5280 §4.2.1.12 that partners ask for. */
const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
};

/** At least three arcs; the second is below 40 under 0 and 1 (X.660). */
const OBJECT_IDENTIFIER = /^(?:[01]\.[1-3]?\d|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))+$/;

/**
 * Key usages as names (`digitalSignature,keyEncipherment`) or as CLID writes them (`a0`).
 * @returns octets of the DER BIT STRING in hex
 * @throws {CertlaneError} `invalid-argument`
 */
export function keyUsageFrom(text: string, field: string): string {
  if (/^(?:[0-9a-fA-F]{2}){1,2}$/.test(text)) return text.toLowerCase();
  let bits = 0;
  for (const word of words(text)) {
    const index = KEY_USAGES.findIndex((name) => name.toLowerCase() === word.toLowerCase());
    if (index < 0) {
      throw invalid(field, word, `choose some of ${KEY_USAGES.join(', ')}, comma-separated, or write them in hex (a0)`);
    }
    bits |= 0x8000 >> index;
  }
  if (bits === 0) throw invalid(field, text, `name at least one key usage, e.g. ${KEY_USAGES[0]}`);
  const hex = bits.toString(16).padStart(4, '0');
  return hex.endsWith('00') ? hex.slice(0, 2) : hex;
}

/** Key usages in words, for people. */
export function keyUsageWords(hex: string): string {
  const bits = Number.parseInt(hex.padEnd(4, '0'), 16);
  return KEY_USAGES.filter((_name, index) => (bits & (0x8000 >> index)) !== 0).join(', ');
}

/**
 * Extended key usages as names or OIDs, comma-separated.
 * @returns OIDs
 * @throws {CertlaneError} `invalid-argument`
 */
export function extendedKeyUsageFrom(text: string, field: string): string[] {
  const oids = words(text).map((word) => {
    const known = Object.entries(EXTENDED_KEY_USAGES).find(([name]) => name.toLowerCase() === word.toLowerCase());
    if (known !== undefined) return known[1];
    if (OBJECT_IDENTIFIER.test(word)) return word;
    throw invalid(
      field,
      word,
      `name ${Object.keys(EXTENDED_KEY_USAGES).join(', ')}, or give an OID such as 1.3.6.1.5.5.7.3.1`,
    );
  });
  if (oids.length === 0) throw invalid(field, text, 'name at least one, e.g. serverAuth');
  return oids;
}

/** Extended key usages in words, for people. */
export function extendedKeyUsageWords(oids: readonly string[]): string {
  return oids
    .map((oid) => Object.entries(EXTENDED_KEY_USAGES).find(([, known]) => known === oid)?.[0] ?? oid)
    .join(', ');
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
