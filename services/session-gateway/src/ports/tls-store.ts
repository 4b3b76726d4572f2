import type { UsableCertificate } from '@certlane/contracts';

/** The TLS certificate of a station, its key still sealed. */
export interface StationTls {
  readonly station: string;
  readonly host?: string | undefined;
  readonly tls: UsableCertificate;
}

/** What TLS needs of the other services. */
export interface TlsStore {
  /** Every station that has a TLS certificate now. */
  stations(): Promise<readonly StationTls[]>;
  /** One station; undefined when it has none now, or does not exist. */
  station(station: string): Promise<StationTls | undefined>;
  /** DER of every issuer on which certificates of partners are trusted: installed for that, or in accord on a trust list. */
  issuers(): Promise<readonly Uint8Array[]>;
  /** DER of one issuer; undefined when no certificate of a partner is trusted on it. */
  issuer(fingerprint: string): Promise<Uint8Array | undefined>;
}
