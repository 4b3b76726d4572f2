import type { BypassLimits } from '@certlane/contracts';

/** Everything the session-trust decision looks at; gathered before, nothing is fetched while deciding. */
export interface TrustFacts {
  readonly direction: 'inbound' | 'outbound';
  /** SSIDAUTH as received; undefined while we are about to dial and choose it ourselves. */
  readonly offeredAuthentication: boolean | undefined;
  /** The gateway's verdict over SSIDPSWD; undefined outbound, where the session itself judges it. */
  readonly passwordCorrect: boolean | undefined;
  readonly partner: PartnerFacts;
  /** The exchange that closed the bypass was cut off, and this session would finish it: the bypass is still open for that. */
  readonly finishesBypass: boolean;
  /** What the TLS peer presented; undefined on plain TCP. */
  readonly tls: TlsPeerFacts | undefined;
  readonly now: Date;
  /** Where the session comes from, or goes to. */
  readonly remoteAddress: string;
  /** Sessions that have run in the bypass since it was opened, this one left out. */
  readonly bypassUses: number;
}

/** What is on file for the partner. */
export interface PartnerFacts {
  readonly secureAuthentication: boolean;
  readonly acx: boolean;
  readonly tlsClientAuthentication: boolean;
  /** A certificate for session authentication is on file, in whatever state: presence alone closes the bypass. */
  readonly certificatePresent: boolean;
  /** Identification data for session authentication was entered. */
  readonly identified: boolean;
  /** How many certificates of the partner are good for session authentication now. */
  readonly usableTheirs: number;
  /** One would be good for it, had it not been revoked. */
  readonly theirsRevoked: boolean;
  /** How many of ours, with their keys, we can prove ourselves with. */
  readonly usableOurs: number;
  /** Fingerprints on file for usage `tls` that are good now. */
  readonly tlsCertificates: readonly string[];
  /** A certificate for usage `tls` is on file, in whatever state. */
  readonly tlsCertificatePresent: boolean;
  /** How far the bypass reaches. */
  readonly bypass: { readonly until?: string | undefined; readonly limits: BypassLimits };
}

/** What the TLS peer presented. */
export interface TlsPeerFacts {
  /** Fingerprint of its own certificate, if it presented one. */
  readonly peerCertificate: string | undefined;
  /** Whether its chain ends at an installed issuer. */
  readonly authorized: boolean;
}
