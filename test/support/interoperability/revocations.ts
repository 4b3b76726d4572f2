import type { RevocationReason } from '@certlane/pki';
import { type TestAuthority, type TestEntry, type TestListOptions, testRevocationList } from '@certlane/pki/testing';
import type { AuthorityName } from './roles.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When and why a certificate was revoked. */
export interface Revocation {
  /** The beginning of the set when left out. */
  readonly at?: Date;
  readonly reason?: RevocationReason;
}

/** A revoked certificate and what is said about it. */
export interface RevokedCertificate {
  readonly at: Date;
  readonly reason: RevocationReason;
}

/** What each authority has revoked so far, and the lists that tell it. */
export class Revocations {
  readonly #revoked = new Map<AuthorityName, Map<string, RevokedCertificate>>();

  constructor(
    private readonly authorities: Readonly<Record<AuthorityName, TestAuthority>>,
    private readonly now: Date,
  ) {}

  /** From now on the authority's lists have it. */
  revoke(issuer: AuthorityName, serialNumber: string, { at = this.now, reason = 'keyCompromise' }: Revocation): void {
    const entries = this.#revoked.get(issuer) ?? new Map<string, RevokedCertificate>();
    entries.set(serialNumber, { at, reason });
    this.#revoked.set(issuer, entries);
  }

  /** Undefined for one that is good. */
  stateOf(issuer: AuthorityName, serialNumber: string): RevokedCertificate | undefined {
    return this.#revoked.get(issuer)?.get(serialNumber);
  }

  /**
   * A list of the authority as DER: numbered anew and a minute younger with each certificate that was revoked, so that the last
   * one is the newest.
   */
  list(issuer: AuthorityName, options: TestListOptions = {}): Uint8Array {
    const entries: TestEntry[] = [...(this.#revoked.get(issuer) ?? [])].map(([serialNumber, { at, reason }]) => ({
      serialNumber,
      at,
      reason,
    }));
    const thisUpdate = new Date(this.now.getTime() - HOUR + entries.length * MINUTE);
    const number = entries.length + 1;
    return testRevocationList(this.authorities[issuer], { revoked: entries, thisUpdate, number, ...options });
  }
}
