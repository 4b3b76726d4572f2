import type { ValidationVerdict } from '@certlane/contracts';
import type { ReviewTerms } from '../domain/standing.js';

/** Who says whether a certificate is trusted: ca-store. */
export interface Validator {
  /**
   * @param certificate base64 of its DER
   * @throws {CertlaneError} `unavailable` when ca-store does not answer
   */
  validate(certificate: string, terms: ReviewTerms): Promise<ValidationVerdict>;
}
