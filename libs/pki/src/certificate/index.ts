import { writePem } from '../asn1/pem.js';
import type { Certificate } from './certificate.js';

export type { BasicConstraints, Certificate, CertificateExtension } from './certificate.js';
export { ANY_KEY_PURPOSE, KEY_PURPOSE, parseKeyPurposes } from './key-purpose.js';
export {
  KEY_USAGE_FLAGS,
  type KeyUsage,
  keyUsageFromHex,
  type KeyUsageFlag,
  keyUsageOf,
  parseKeyUsage,
} from './key-usage.js';
export { type PublicKeyAlgorithm, type PublicKeyInfo, publicKeyOf } from './public-key.js';
export { CERTIFICATE_LIMITS, readCertificate } from './read-certificate.js';
export { CERTIFICATE_FILE_LIMITS, readCertificates, readOneCertificate } from './read-certificates.js';
export type { SignatureAlgorithm, SignatureScheme } from './signature-algorithm.js';
export { type CertificateSummary, summaryOf } from './summary.js';
export { type Weakness, weaknessesOf } from './weaknesses.js';

/** The certificate as PEM, lines of 64 characters, LF. */
export function certificateToPem(certificate: Pick<Certificate, 'der'>): string {
  return writePem('CERTIFICATE', certificate.der);
}
