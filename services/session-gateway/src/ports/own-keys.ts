import type { OwnCertificate, Station } from '@certlane/contracts';

/** Keys and certificates of our stations, kept by another service that cannot open the keys. */
export interface OwnKeys {
  /** @throws {CertlaneError} `not-found` */
  station(station: string): Promise<Station>;
  /** @param actor who has it kept, for the audit trail */
  addKey(station: string, keyId: string, sealedKey: string, actor: string | undefined): Promise<void>;
  /** Whether this key pair was made or imported before. */
  hasKey(station: string, keyId: string): Promise<boolean>;
  /** @param actor who has it kept, for the audit trail */
  addCertificate(
    station: string,
    certificate: { readonly der: Uint8Array; readonly chain: readonly Uint8Array[]; readonly keyId: string },
    actor: string | undefined,
  ): Promise<OwnCertificate>;
}
