import type { CertificateSummary, Issuer } from '@certlane/contracts';

/**
 * How much may be installed. The list of what is installed is one document, written together with the events of what is added:
 * 3,000 entries of 120 octets, the events of a request and their envelopes stay below the 1,000,000 octets of a document.
 */
export const LIMITS = {
  issuers: 3_000,
  /** Base64 characters of all installed issuers: every validation has all of them at hand. */
  issuerText: 8 * 1024 * 1024,
  /** Octets of the issuers of one request, as they are told; one alone is never too large. */
  requestOctets: 400_000,
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
