import { certificateSummary, CertlaneError, type CertificateSummary } from '@certlane/contracts';
import { isPkiError, readCertificate, summaryOf, type Certificate } from '@certlane/pki';

/** A certificate as it goes on file. */
export interface CertificateFacts {
  readonly summary: CertificateSummary;
  /** Base64 of the DER. */
  readonly der: string;
}

/** A certificate that came over the bus, read. */
export interface ReceivedCertificate extends CertificateFacts {
  readonly parsed: Certificate;
}

/**
 * Reads a certificate of a request.
 * @param field the field of the request, for the error
 * @throws {CertlaneError} `invalid-argument` when it is no certificate, or one whose names cannot be shown
 */
export function receiveCertificate(field: string, base64: string): ReceivedCertificate {
  const parsed = parse(field, base64);
  const summary = summaryOf(parsed);
  const fits = certificateSummary.safeParse(summary);
  if (!fits.success) {
    const name = String(fits.error.issues[0]?.path[0]);
    throw refused(field, `the ${name} of this certificate is empty or longer than Certlane can show`);
  }
  return { summary, der: Buffer.from(parsed.der).toString('base64'), parsed };
}

function parse(field: string, base64: string): Certificate {
  try {
    return readCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (isPkiError(error)) throw refused(field, `this is no certificate: ${error.message}`, error);
    throw error;
  }
}

function refused(field: string, message: string, cause?: unknown): CertlaneError {
  return new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field }, cause });
}
