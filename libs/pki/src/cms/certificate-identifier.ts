import { type Asn1Element, contextConstructed, contextPrimitive, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { hexIntegerOf, implicitOctetsOf } from '../asn1/values.js';
import { integer, sequence } from '../asn1/write.js';
import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, sameName } from '../names/index.js';
import { readName } from '../names/name-der.js';
import { toHex } from '../octets.js';

/**
 * How CMS names the certificate of a signer or a recipient: by issuer and serial number, or by key identifier in lower-case
 * hex (RFC 5652 §5.3, §6.2.1). It is a claim of whoever made the object and proves nothing.
 */
export type CertificateIdentifier =
  { readonly issuer: DistinguishedName; readonly serialNumber: string } | { readonly subjectKeyIdentifier: string };

/** Serial numbers in use have up to 20 octets; a few authorities used more. */
const MAXIMUM_SERIAL_OCTETS = 32;

/** Reads a SignerIdentifier or RecipientIdentifier. */
export function readCertificateIdentifier(element: Asn1Element): CertificateIdentifier {
  if (element.tag === contextPrimitive(0) || element.tag === contextConstructed(0)) {
    return { subjectKeyIdentifier: toHex(implicitOctetsOf(element, 'subjectKeyIdentifier')) };
  }
  const fields = Fields.of(element, TAG.sequence, 'issuerAndSerialNumber');
  const issuer = readName(fields.required(TAG.sequence, 'issuer'), 'issuer');
  const serial = fields.required(TAG.integer, 'serialNumber');
  const serialNumber = hexIntegerOf(serial, 'serialNumber', MAXIMUM_SERIAL_OCTETS);
  fields.end();
  return { issuer, serialNumber };
}

/** IssuerAndSerialNumber (RFC 5652 §10.2.4): the name octet for octet, the number in its shortest form, whatever its sign. */
export function issuerAndSerialNumber({ issuerDer, serialNumber }: Certificate): Uint8Array {
  const negative = serialNumber.startsWith('-');
  const magnitude = BigInt(`0x${negative ? serialNumber.slice(1) : serialNumber}`);
  return sequence(issuerDer, integer(negative ? -magnitude : magnitude));
}

/** Whether the identifier names the certificate. */
export function isNamedBy(certificate: Certificate, identifier: CertificateIdentifier): boolean {
  if ('subjectKeyIdentifier' in identifier) return identifier.subjectKeyIdentifier === certificate.subjectKeyIdentifier;
  return identifier.serialNumber === certificate.serialNumber && sameName(identifier.issuer, certificate.issuer);
}
