import type { Issuer } from '@certlane/contracts';

/** Who knows the authorities: ca-store. */
export interface Issuers {
  /**
   * An authority that is known; undefined when there is none with this fingerprint.
   * @throws {CertlaneError} `unavailable` when ca-store does not answer
   */
  get(fingerprint: string): Promise<Issuer | undefined>;
}
