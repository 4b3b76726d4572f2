import type { OwnCertificate, Station } from '@certlane/contracts';

/** Keys and certificates of our stations, kept by another service that cannot open the keys. */
export interface OwnKeys {
  /** @throws {CertlaneError} `not-found` */
  station(station: string): Promise<Station>;
  addKey(station: string, keyId: string, sealedKey: string): Promise<void>;
  /** Whether this key pair was made or imported before. */
  hasKey(station: string, keyId: string): Promise<boolean>;
  addCertificate(
    station: string,
    certificate: Uint8Array,
    chain: readonly Uint8Array[],
    keyId: string,
  ): Promise<OwnCertificate>;
}
