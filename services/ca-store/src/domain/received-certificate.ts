import { CertlaneError, type CertificateSummary } from '@certlane/contracts';
import { formatDistinguishedName, isPkiError, readCertificate, type Certificate } from '@certlane/pki';

/**
 * Reads a certificate of a request.
 * @param field the field of the request, for the error
 * @throws {CertlaneError} `invalid-argument` when it is no certificate
 */
export function receiveCertificate(field: string, base64: string): Certificate {
  try {
    return readCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (!isPkiError(error)) throw error;
    throw new CertlaneError('invalid-argument', `${field}: this is no certificate: ${error.message}`, {
      details: { field },
      cause: error,
    });
  }
}

/** A certificate as the bus lists it. */
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
