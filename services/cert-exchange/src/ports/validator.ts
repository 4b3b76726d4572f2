import type { RevocationMode, ValidationVerdict } from '@certlane/contracts';

/** How a certificate is judged: the settings of the partner it came from. */
export interface ValidationRules {
  readonly revocation: RevocationMode;
  /** Weak keys and signatures do not stand against it. */
  readonly weakKeys: boolean;
  /** The time it is judged at; now when left out. */
  readonly at?: Date;
}

/** What ca-store does for us. */
export interface Validator {
  /**
   * @param certificate base64 of the DER
   * @throws {CertlaneError} `unavailable`: no verdict can be had now, which is never a good one
   */
  validate(certificate: string, rules: ValidationRules): Promise<ValidationVerdict>;
}

/** {@link Validator} */
export const VALIDATOR = Symbol('cert-exchange:validator');
