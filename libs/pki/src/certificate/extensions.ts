import { type Asn1Element, type Asn1Limits, contextPrimitive, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readDer } from '../asn1/read-der.js';
import { booleanOf, oidOf, smallIntegerOf, want } from '../asn1/values.js';
import { PkiError } from '../errors.js';
import { toHex, view } from '../octets.js';
import type { BasicConstraints, Certificate, CertificateExtension } from './certificate.js';
import { type KeyUsage, readKeyUsage } from './key-usage.js';

/** Object identifiers of the extensions this library reads or makes (RFC 5280 §4.2.1 and §4.2.2). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

const INTERPRETED: ReadonlySet<string> = new Set(Object.values(EXTENSION));

const LIMITS: Asn1Limits = { octets: 65_536, depth: 16, elements: 4096 };

/** What the extensions of a certificate say. */
export interface ReadExtensions {
  readonly extensions: readonly CertificateExtension[];
  readonly keyUsage: KeyUsage | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly subjectKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly unknownCriticalExtensions: readonly string[];
}

/** Reads Extensions (RFC 5280 §4.1.2.9). Those without meaning here are kept unread; the same one twice is refused. */
export function readExtensions(element: Asn1Element | undefined): ReadExtensions {
  const extensions = (element?.children ?? []).map(readExtension);
  const values = new Map(extensions.map((extension) => [extension.oid, extension.value]));
  if (values.size !== extensions.length) throw malformed('an extension occurs twice');
  const read = <T>(oid: string, reader: (value: Asn1Element) => T): T | undefined => {
    const value = values.get(oid);
    return value === undefined ? undefined : reader(readValue(value, oid));
  };
  const names = read(EXTENSION.subjectAltName, readAlternativeNames) ?? [];
  const ofKind = (n: number): string[] => names.filter(([kind]) => kind === n).map(([, text]) => text);
  return {
    extensions,
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    subjectKeyIdentifier: read(EXTENSION.subjectKeyIdentifier, readSubjectKeyIdentifier),
    authorityKeyIdentifier: read(EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    emailAddresses: ofKind(1),
    dnsNames: ofKind(2),
    uris: ofKind(6),
    ipAddresses: ofKind(7),
    unknownCriticalExtensions: extensions
      .filter((extension) => extension.critical && !INTERPRETED.has(extension.oid))
      .map((extension) => extension.oid),
  };
}

/**
 * The value of an extension that only those read who judge by it, such as the ones about policies; undefined when it is absent.
 * @throws PkiError `asn1-malformed`, `trailing-octets`, `too-large`
 */
export function extensionElement(
  { extensions }: Pick<Certificate, 'extensions'>,
  oid: string,
): Asn1Element | undefined {
  const found = extensions.find((extension) => extension.oid === oid);
  return found === undefined ? undefined : readValue(found.value, oid);
}

function readExtension(element: Asn1Element): CertificateExtension {
  const fields = Fields.of(element, TAG.sequence, 'extension');
  const oid = oidOf(fields.required(TAG.oid, 'extnID'), 'extnID');
  const critical = fields.optional(TAG.boolean);
  const value = fields.required(TAG.octetString, 'extnValue');
  fields.end();
  return { oid, critical: critical !== undefined && booleanOf(critical, 'critical'), value: value.content };
}

function readValue(value: Uint8Array, oid: string): Asn1Element {
  try {
    return readDer(value, LIMITS);
  } catch (error) {
    throw new PkiError('asn1-malformed', `extension ${oid} is no DER`, { cause: error });
  }
}

function readExtendedKeyUsage(element: Asn1Element): readonly string[] {
  const purposes = want(element, TAG.sequence, 'extendedKeyUsage').children.map((purpose) =>
    oidOf(purpose, 'a key purpose'),
  );
  if (purposes.length === 0) throw malformed('extendedKeyUsage is empty');
  return purposes;
}

function readBasicConstraints(element: Asn1Element): BasicConstraints {
  const fields = Fields.of(element, TAG.sequence, 'basicConstraints');
  const ca = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  fields.end();
  const pathLength = length === undefined ? undefined : smallIntegerOf(length, 'pathLenConstraint');
  if (pathLength !== undefined && pathLength < 0) throw malformed('pathLenConstraint is negative');
  return { ca: ca !== undefined && booleanOf(ca, 'cA'), pathLength };
}

const readSubjectKeyIdentifier = (element: Asn1Element): string =>
  toHex(want(element, TAG.octetString, 'subjectKeyIdentifier').content);

function readAuthorityKeyIdentifier(element: Asn1Element): string | undefined {
  const keyIdentifier = want(element, TAG.sequence, 'authorityKeyIdentifier').children.find(
    (field) => field.tag === contextPrimitive(0),
  );
  return keyIdentifier === undefined ? undefined : toHex(keyIdentifier.content);
}

/** GeneralNames that are text (rfc822Name 1, dNSName 2, URI 6) or an address (iPAddress 7) with their number. */
function readAlternativeNames(element: Asn1Element): readonly (readonly [kind: number, text: string])[] {
  return want(element, TAG.sequence, 'subjectAltName').children.flatMap((name) => {
    const kind = name.tag & 0x1f;
    if (name.tag === contextPrimitive(7)) return [[kind, toHex(name.content)] as const];
    if (name.constructed || (kind !== 1 && kind !== 2 && kind !== 6)) return [];
    // A zero octet has been used to make one reader see a shorter name than another.
    if (name.content.some((octet) => octet === 0 || octet >= 0x80)) throw malformed('a subjectAltName is no IA5String');
    return [[kind, view(name.content).toString('latin1')] as const];
  });
}
