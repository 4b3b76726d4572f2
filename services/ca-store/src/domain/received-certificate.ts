import { CertlaneError } from '@certlane/contracts';
import { isPkiError, readCertificate, type Certificate } from '@certlane/pki';

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
