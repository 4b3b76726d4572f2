import type { UsableCertificate } from '@certlane/contracts';

/** The TLS certificate of a station, its key still sealed. */
export interface StationTls {
  readonly station: string;
  readonly host?: string | undefined;
  readonly tls: UsableCertificate;
}

/** What TLS needs of the other services. */
export interface TlsStore {
  stations(): Promise<readonly StationTls[]>;
  /** DER of every installed issuer. */
  issuers(): Promise<readonly Uint8Array[]>;
}
