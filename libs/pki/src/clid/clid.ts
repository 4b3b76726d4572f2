import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, sameNameSet } from '../names/index.js';

/** Certificate logical identification data as read from SFIDDESC (OP08 1.9); undefined is what the text leaves out. */
export interface Clid {
  /** `I` */
  readonly issuer: DistinguishedName;
  /** `N`: lower-case hex in whole octets without superfluous zeros. */
  readonly serialNumber: string;
  /** `A`: lower-case hex; empty when the certificate has no key identifier. */
  readonly authorityKeyIdentifier: string | undefined;
  /** `B`: lower-case hex without zero octets at the end; empty when the certificate has no key usage. */
  readonly keyUsage: string | undefined;
  /** `E`: dotted object identifiers. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** `S` */
  readonly subject: DistinguishedName | undefined;
}

/**
 * Whether the data names this certificate. Issuer and serial number must be equal; of the rest everything the data has must
 * be equal too, with one exception: key identifiers count only where both sides have one, since products differ in what
 * they take for it.
 */
export function clidMatches(clid: Clid, certificate: Certificate): boolean {
  return (
    clid.serialNumber === certificate.serialNumber &&
    sameNameSet(clid.issuer, certificate.issuer) &&
    (clid.keyUsage === undefined || clid.keyUsage === (certificate.keyUsage?.hex ?? '')) &&
    (clid.subject === undefined || sameNameSet(clid.subject, certificate.subject)) &&
    (clid.extendedKeyUsage === undefined || samePurposes(clid.extendedKeyUsage, certificate.extendedKeyUsage ?? [])) &&
    keyIdentifierFits(clid.authorityKeyIdentifier, certificate)
  );
}

/** The key identifier that goes into `A`: the authority's, for a self-signed certificate its own. */
export function identifyingKey(certificate: Certificate): string | undefined {
  return certificate.selfIssued
    ? (certificate.subjectKeyIdentifier ?? certificate.authorityKeyIdentifier)
    : certificate.authorityKeyIdentifier;
}

function keyIdentifierFits(identifier: string | undefined, certificate: Certificate): boolean {
  const own = identifyingKey(certificate);
  if (identifier === undefined || identifier === '' || own === undefined) return true;
  return identifier === own || identifier === certificate.authorityKeyIdentifier;
}

function samePurposes(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((purpose) => b.includes(purpose));
}
