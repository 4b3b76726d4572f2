import { bitString, boolean, implicit, integer, octetString, objectIdentifier, sequence } from '../asn1/write.js';
import type { BasicConstraints } from '../certificate/certificate.js';
import { EXTENSION } from '../certificate/extensions.js';
import { type KeyUsageFlag, keyUsageOf } from '../certificate/key-usage.js';
import { PkiError } from '../errors.js';
import { fromHex } from '../octets.js';
import { ipAddressOctets } from './ip-address.js';

/** An Extension as DER (RFC 5280 §4.1). */
export const extension = (oid: string, critical: boolean, value: Uint8Array): Uint8Array =>
  critical
    ? sequence(objectIdentifier(oid), boolean(true), octetString(value))
    : sequence(objectIdentifier(oid), octetString(value));

/** KeyUsage, critical as RFC 5280 §4.2.1.3 asks. */
export function keyUsageExtension(flags: readonly KeyUsageFlag[]): Uint8Array {
  const octets = fromHex(keyUsageOf(flags).hex);
  const last = octets[octets.length - 1] ?? 0;
  // DER drops the zero bits at the end of a named bit list (X.690 §11.2.2).
  const unused = last === 0 ? 0 : Math.clz32(last & -last) ^ 31;
  return extension(EXTENSION.keyUsage, true, bitString(octets, unused));
}

/** ExtendedKeyUsage of dotted purposes. */
export const extendedKeyUsageExtension = (purposes: readonly string[]): Uint8Array =>
  extension(EXTENSION.extendedKeyUsage, false, sequence(...purposes.map(objectIdentifier)));

/** BasicConstraints, critical. */
export function basicConstraintsExtension({ ca, pathLength }: BasicConstraints): Uint8Array {
  const parts = [...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])];
  return extension(EXTENSION.basicConstraints, true, sequence(...parts));
}

/** SubjectKeyIdentifier. */
export const subjectKeyIdentifierExtension = (identifier: Uint8Array): Uint8Array =>
  extension(EXTENSION.subjectKeyIdentifier, false, octetString(identifier));

/** AuthorityKeyIdentifier with the key identifier alone. */
export const authorityKeyIdentifierExtension = (identifier: Uint8Array): Uint8Array =>
  extension(EXTENSION.authorityKeyIdentifier, false, sequence(implicit(0, identifier)));

/**
 * SubjectAltName of the OFTP2 profile: the host as DNS name or IP address, and the Odette ID as URI `oftp://<SSID>`;
 * undefined when neither is given.
 * @throws PkiError `issuing-invalid` for a host that is neither
 */
export function alternativeNamesExtension(
  host: string | undefined,
  odetteId: string | undefined,
): Uint8Array | undefined {
  const names: Uint8Array[] = [];
  if (host !== undefined) names.push(hostName(host));
  if (odetteId !== undefined) names.push(implicit(6, ascii(`oftp://${encodeURIComponent(odetteId)}`)));
  return names.length === 0 ? undefined : extension(EXTENSION.subjectAltName, false, sequence(...names));
}

const HOST =
  /^(?=.{1,253}$)(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

function hostName(host: string): Uint8Array {
  const address = ipAddressOctets(host);
  if (address !== undefined) return implicit(7, address);
  if (!HOST.test(host)) {
    throw new PkiError(
      'issuing-invalid',
      `The host "${host}" is neither a DNS name such as oftp2.example.com nor an IP address.`,
    );
  }
  return implicit(2, ascii(host));
}

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
