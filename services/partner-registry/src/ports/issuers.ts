import type { CertificateSummary } from '@certlane/contracts';

/** Who knows the installed issuers: ca-store. */
export interface Issuers {
  /**
   * An installed issuer; undefined when there is none with this fingerprint.
   * @throws {CertlaneError} `unavailable` when ca-store does not answer
   */
  get(fingerprint: string): Promise<CertificateSummary | undefined>;
}
