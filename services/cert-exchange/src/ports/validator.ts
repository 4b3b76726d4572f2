import type { ValidationVerdict } from '@certlane/contracts';

/** What ca-store does for us. */
export interface Validator {
  /**
   * @param certificate base64 of the DER
   * @throws {CertlaneError} `unavailable`: no verdict can be had now, which is never a good one
   */
  validate(certificate: string): Promise<ValidationVerdict>;
}

/** {@link Validator} */
export const VALIDATOR = Symbol('cert-exchange:validator');
