import type { ValidationVerdict } from '@certlane/contracts';
import type { ReviewTerms } from '../domain/standing.js';

/** Who says whether a certificate is trusted: ca-store. */
export interface Validator {
  /**
   * @param certificate base64 of its DER
   * @param terms what counts against it
   * @param wait how long an answer is waited for; as long as for any request when left out
   * @throws {CertlaneError} `unavailable` when ca-store does not answer
   */
  validate(
    certificate: string,
    terms: ReviewTerms,
    wait?: { readonly milliseconds: number },
  ): Promise<ValidationVerdict>;
}
