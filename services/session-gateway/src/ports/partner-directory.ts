import type { SessionProfile } from '@certlane/contracts';

/** Who our partners are. */
export interface PartnerDirectory {
  /**
   * The partners with this Odette ID, one row for each of our stations that has one; none where nobody knows it.
   * @param partner as received: any text of 1 to 25 characters
   * @throws {CertlaneError} `unavailable`
   */
  profiles(partner: string, station?: string): Promise<readonly SessionProfile[]>;
}
