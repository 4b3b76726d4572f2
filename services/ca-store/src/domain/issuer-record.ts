import type { CertificateSummary, Issuer } from '@certlane/contracts';

/** How much may be installed: the whole list crosses the bus in one reply. */
export const LIMITS = {
  issuers: 256,
  /** Base64 characters of all installed issuers. */
  issuerText: 512 * 1024,
} as const;

/** An issuer as it is kept; named by its fingerprint, so it never changes. */
export interface IssuerRecord {
  readonly summary: CertificateSummary;
  /** Base64 of the DER. */
  readonly certificate: string;
  /** Signed with its own key. */
  readonly selfSigned: boolean;
}

/** An issuer that is installed. */
export interface InstalledIssuer extends IssuerRecord {
  readonly addedAt: string;
}

/** An issuer as the bus shows it. */
export function issuerView({ summary, certificate, selfSigned, addedAt }: InstalledIssuer): Issuer {
  return { ...summary, certificate, selfSigned, addedAt };
}

/** By subject, then the newest first, so that lists stay put. */
export function bySubject(a: InstalledIssuer, b: InstalledIssuer): number {
  return a.summary.subject.localeCompare(b.summary.subject) || b.summary.notBefore.localeCompare(a.summary.notBefore);
}
