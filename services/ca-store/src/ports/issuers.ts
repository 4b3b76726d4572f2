import type { InstalledIssuer, IssuerRecord } from '../domain/issuer-record.js';

/** Where installed issuers are kept. */
export interface Issuers {
  /** All that are installed as the last acknowledged change left it, by whichever replica it was made. */
  all(): Promise<readonly InstalledIssuer[]>;
  /**
   * Some of them, by fingerprint: those behind `after`, as many as `limit`.
   * @returns the rest is behind `next`; without it there is none
   */
  page(wanted: {
    readonly limit: number;
    readonly after?: string | undefined;
  }): Promise<{ readonly issuers: readonly InstalledIssuer[]; readonly next?: string }>;
  get(fingerprint: string): Promise<InstalledIssuer | undefined>;
  /**
   * Installs those that are not yet, all or none, together with their events.
   * @returns for each, in their order, how it is installed and whether it was added now
   * @throws {CertlaneError} `failed-precondition` when there would be more than may be
   */
  add(
    issuers: readonly IssuerRecord[],
    now: Date,
  ): Promise<readonly { readonly issuer: InstalledIssuer; readonly added: boolean }[]>;
  /**
   * Takes one out, together with its event: nothing rests on it from then on.
   * @returns false when it was not installed
   */
  remove(fingerprint: string): Promise<boolean>;
}

/** {@link Issuers} */
export const ISSUERS = Symbol('ca:issuers');
