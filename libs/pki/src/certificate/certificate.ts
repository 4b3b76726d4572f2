import type { DistinguishedName } from '../names/index.js';
import type { KeyUsage } from './key-usage.js';
import type { PublicKeyInfo } from './public-key.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

/** An X.509 certificate as plain immutable value (RFC 5280 §4.1). Nothing in it says that it is trusted. */
export interface Certificate {
  /** The certificate as received. */
  readonly der: Uint8Array;
  /** SHA-256 of {@link der}, 64 lower-case hex digits: the identity used everywhere in the system. */
  readonly fingerprint: string;
  readonly version: 1 | 2 | 3;
  /** Lower-case hex in whole octets without superfluous zeros, `-` before a negative one: equal text = equal number. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** The names as they stand in the certificate, for structures that must repeat them octet for octet. */
  readonly subjectDer: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKeyInfo;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The signature and the octets it covers. */
  readonly signature: Uint8Array;
  readonly tbsCertificate: Uint8Array;
  /** Undefined when the extension is absent, which means unrestricted. */
  readonly keyUsage: KeyUsage | undefined;
  /** Dotted object identifiers in the order of the certificate; undefined when the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  /** Lower-case hex. */
  readonly subjectKeyIdentifier: string | undefined;
  /** Lower-case hex of the keyIdentifier field. */
  readonly authorityKeyIdentifier: string | undefined;
  /** From the subjectAltName. IP addresses as hex of 4 or 16 octets. */
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Subject and issuer are the same name; the signature is another matter. */
  readonly selfIssued: boolean;
  readonly extensions: readonly CertificateExtension[];
  /** Critical extensions this library does not interpret: RFC 5280 §4.2 forbids to rely on such a certificate. */
  readonly unknownCriticalExtensions: readonly string[];
}

/** BasicConstraints (RFC 5280 §4.2.1.9). */
export interface BasicConstraints {
  readonly ca: boolean;
  /** How many authorities that are not self-issued may follow below this one; undefined = any number. */
  readonly pathLength: number | undefined;
}

/** An extension as it stands in the certificate. */
export interface CertificateExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER inside the OCTET STRING. */
  readonly value: Uint8Array;
}
