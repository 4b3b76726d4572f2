import type { CertificateSummary } from '@certlane/contracts';

/** A certificate of ours as it is kept; it never changes. */
export interface OwnCertificateRecord {
  readonly summary: CertificateSummary;
  /** Base64 of the DER, and of the certificates above it. */
  readonly certificate: string;
  readonly chain: readonly string[];
  readonly keyId: string;
  readonly createdAt: string;
}

/** A key pair of a station; only the gateway can open it. */
export interface SealedKeyRecord {
  readonly keyId: string;
  readonly sealedKey: string;
  readonly createdAt: string;
}

/** Where the octets of our certificates are kept; which of them a station has is in its record. */
export interface OwnCertificates {
  get(station: string, fingerprint: string): Promise<OwnCertificateRecord | undefined>;
  /** Keeps one; a chain that came with it later takes the place of the earlier one. */
  keep(station: string, certificate: OwnCertificateRecord): Promise<void>;
}

/** Where sealed key pairs are kept. */
export interface SealedKeys {
  get(station: string, keyId: string): Promise<SealedKeyRecord | undefined>;
  /** All of a station, the oldest first. */
  all(station: string): Promise<readonly SealedKeyRecord[]>;
  /** Keeps a pair; the same pair sealed anew takes the place of the earlier sealing. */
  keep(station: string, key: SealedKeyRecord): Promise<void>;
}
