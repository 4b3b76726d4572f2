import type { Issuer } from '@certlane/contracts';

/** An authority that is known. */
export interface KnownIssuer {
  readonly issuer: Issuer;
  /** Names of the known authorities that stand below it; absent where they are too many to name. */
  readonly below?: readonly string[] | undefined;
}

/** Who knows the authorities: ca-store. */
export interface Issuers {
  /**
   * An authority that is known; undefined when there is none with this fingerprint.
   * @throws {CertlaneError} `unavailable` when ca-store does not answer
   */
  get(fingerprint: string): Promise<KnownIssuer | undefined>;
}
