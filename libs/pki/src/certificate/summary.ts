import { formatDistinguishedName } from '../names/index.js';
import type { Certificate } from './certificate.js';

/** A certificate in plain texts, as lists, events and documents show it. */
export interface CertificateSummary {
  readonly fingerprint: string;
  /** RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  /** Hex, lower case, without leading zeros: as people and other products write it. */
  readonly serialNumber: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** DER BIT STRING octets in hex; absent where the certificate has no such extension. */
  readonly keyUsage?: string;
  readonly extendedKeyUsage: string[];
}

/** The certificate in plain texts. */
export function summaryOf(certificate: Certificate): CertificateSummary {
  return {
    fingerprint: certificate.fingerprint,
    subject: formatDistinguishedName(certificate.subject),
    issuer: formatDistinguishedName(certificate.issuer),
    serialNumber: certificate.serialNumber.replace(/^(-?)0+(?=.)/, '$1'),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    ...(certificate.keyUsage === undefined ? {} : { keyUsage: certificate.keyUsage.hex }),
    extendedKeyUsage: [...(certificate.extendedKeyUsage ?? [])],
  };
}
