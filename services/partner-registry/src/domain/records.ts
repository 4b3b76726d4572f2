import type {
  AcceptancePolicy,
  BypassLimits,
  CertificateStanding,
  CertificateSummary,
  ExchangeKind,
  IdentificationEntry,
  Partner,
  RevocationMode,
  SelfSignedRule,
  SessionProfile,
  Usage,
} from '@certlane/contracts';

/**
 * How many of each thing one record may hold, so that no record grows without end, and so that what is asked of it in one piece
 * fits into one reply of 1,000,000 octets: a partner as operators see it (certificates, entries, some 50,000 octets for what
 * serves each usage), and what a session needs (18 certificates of ours with keys of 8 KiB, all certificates of the partner).
 */
export const LIMITS = {
  entries: 32,
  /** Octets of all entries of one partner as JSON. */
  entryOctets: 128 * 1024,
  /** Characters of a subject as RFC 4514 text, escapes included. */
  subject: 4096,
  partnerCertificates: 64,
  /** Octets of all certificates of one partner as JSON, what is told of each included. */
  partnerCertificateOctets: 512 * 1024,
  ownCertificates: 64,
  /** Base64 characters of one certificate of ours. */
  ownCertificateText: 12 * 1024,
  /** Base64 characters of one certificate of ours and its chain. */
  ownChainText: 256 * 1024,
  /** Certificates of ours per usage that were in use before. */
  formerOwn: 8,
  /** Exchanges per partner whose effect is remembered, so that the same one again changes nothing. */
  appliedExchanges: 64,
  /** Refused exchanges per partner that are remembered; as many as can be open with one. */
  declinedExchanges: 64,
  /** Characters of the sentence that says how a certificate stands. */
  standingMessage: 512,
  /** Authorities on the path of a certificate whose names are remembered. */
  authorities: 12,
  /** Sub-stations of one partner; a session profile names them all. */
  subStations: 64,
} as const;

/** What something takes in a document and in a reply. */
export function octetsOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** A value for some of the usages. */
export type ByUsage<Value> = Readonly<Partial<Record<Usage, Value>>>;

/** What of a certificate of ours decides whether it can be used. */
export interface OwnCertificateFacts {
  readonly fingerprint: string;
  /** The key pair it belongs to. */
  readonly keyId: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** One of our Odette identities with the index of its certificates. */
export interface StationRecord {
  readonly id: string;
  /** Sealed for the gateway. */
  readonly password: string;
  readonly host?: string;
  /** Fingerprint of the certificate in use for each usage. */
  readonly active: ByUsage<string>;
  /** Fingerprints in use before, the last one first. */
  readonly formerly: ByUsage<readonly string[]>;
  readonly certificates: readonly OwnCertificateFacts[];
  readonly createdAt: string;
}

/** Where a partner's certificate came from. */
export type CertificateOrigin =
  { readonly by: 'operator' } | { readonly by: 'exchange'; readonly exchange: string; readonly kind: ExchangeKind };

/** A partner's certificate on file. */
export interface FiledCertificate extends Readonly<CertificateSummary> {
  /** Base64 of its DER, as received. */
  readonly certificate: string;
  readonly usages: readonly Usage[];
  readonly origin: CertificateOrigin;
  readonly addedAt: string;
  /** Set once its owner has recalled it: it is out of use for good. */
  readonly replaced?: { readonly by: string; readonly exchange: string; readonly at: string };
  /** What the last review found; absent before the first one. */
  readonly standing?: Readonly<CertificateStanding>;
  /** The authorities on its path as the last review found it, each as the digest of its name. */
  readonly under?: readonly string[];
}

/** Which certificate of ours a partner has acknowledged for a usage. */
export interface OwnUse {
  readonly acknowledged: string;
  /** Acknowledged before, the last one first. */
  readonly previous: readonly string[];
}

/** The settings of a partner that decide what is trusted. */
export interface TrustSettings {
  readonly acceptance: AcceptancePolicy;
  readonly selfSigned: SelfSignedRule;
  readonly revocation: RevocationMode;
  /** Whoever approves must be another person than the one who entered the identification data. */
  readonly twoPerson: boolean;
  readonly weakKeys: boolean;
  readonly bypassLimits: Readonly<BypassLimits>;
}

/** The settings of a partner that an operator sets, passwords included. */
export interface PartnerSettings extends TrustSettings {
  /** Sealed for the gateway: what the partner must send. A sub-station has none: it opens no session. */
  readonly password?: string;
  /** Sealed for the gateway: what we send it, where that is not the station's. */
  readonly ourPassword?: string;
  readonly connection: SessionProfile['connection'];
  readonly secureAuthentication: boolean;
  readonly acx: boolean;
  readonly tlsClientAuthentication: boolean;
  readonly challenge: Partner['challenge'];
}

/** That a partner has a sub-station: entered before the record of the sub-station is written. */
export interface SubStationClaim {
  readonly id: string;
  /** Names this claim: whoever takes one out must not take out a later one. */
  readonly claim: string;
  readonly claimedAt: string;
}

/** A partner of a station with all that is on file for it. */
export interface PartnerRecord extends PartnerSettings {
  readonly station: string;
  readonly id: string;
  /** It is a sub-station: its files come and go in the sessions of this partner. */
  readonly via?: string;
  /** Its sub-stations, by Odette ID. */
  readonly subStations: readonly SubStationClaim[];
  readonly entries: readonly Readonly<IdentificationEntry>[];
  readonly certificates: readonly FiledCertificate[];
  /**
   * The usage table: per usage the fingerprints that serve it, the preferred one first. Which of them is current is a
   * matter of time and asked of the resolver; one that was recalled stands in no line.
   */
  readonly lines: ByUsage<readonly string[]>;
  /** Which certificates of ours this partner holds. */
  readonly own: ByUsage<OwnUse>;
  /** Exchanges whose effect is in this record, the newest last. */
  readonly applied: readonly string[];
  /** Exchanges that were refused and will have no effect any more, the newest last. */
  readonly declined: readonly string[];
  /** When an operator reopened the bypass; absent: never, and what limits it counts from when the partner was set up. */
  readonly bypassReopenedAt?: string;
  readonly createdAt: string;
}
