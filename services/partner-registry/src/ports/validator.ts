import type { IssuerSupposition, ValidationVerdict } from '@certlane/contracts';
import type { ReviewTerms } from '../domain/standing.js';

/** How a certificate is asked about, where that is not as usual. */
export interface Circumstances {
  /** Base64 of the DER of what came along, 16 at most. */
  readonly chain?: readonly string[];
  /** Judged at this time; now where left out. */
  readonly at?: Date | undefined;
  /** Judged as if this were so, by which nothing becomes otherwise. */
  readonly supposing?: { readonly issuers: readonly string[]; readonly are: IssuerSupposition };
  /** How long an answer is waited for; as long as for any request when left out. */
  readonly milliseconds?: number;
}

/** Who says whether a certificate is trusted: ca-store. */
export interface Validator {
  /**
   * @param certificate base64 of its DER
   * @param terms what counts against it
   * @throws {CertlaneError} `unavailable` when ca-store does not answer
   */
  validate(certificate: string, terms: ReviewTerms, circumstances?: Circumstances): Promise<ValidationVerdict>;
}
