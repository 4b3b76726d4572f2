import type {
  ApprovalKind,
  ExchangeKind,
  IdentificationEntry,
  Partner,
  PartnerCertificate,
  Usage,
  ValidationVerdict,
} from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';

/** The settings of a partner that decide what is taken over. */
export type TrustRules = Pick<Partner, 'acceptance' | 'selfSigned' | 'revocation' | 'twoPerson' | 'weakKeys'>;

/** Everything the acceptance decision looks at; gathered before, nothing is fetched while deciding. */
export interface AcceptanceFacts {
  readonly acx: boolean;
  readonly rules: TrustRules;
  /** SFIDORIG: what is on file and expected is what belongs to this station. */
  readonly originator: string;
  /** The originator is a sub-station: the session was with the partner that it belongs to. */
  readonly subStation: boolean;
  /** The originator is neither the partner nor one of its sub-stations (any more). */
  readonly foreign: boolean;
  readonly kind: ExchangeKind;
  /** SFIDDESC: may carry the CLID of the certificate being followed. */
  readonly description: string;
  /** It came through the bypass: nobody has proven to be the partner. */
  readonly inBypass: boolean;
  /** It came in a session with secure authentication: somebody has proven to be the partner. */
  readonly proven: boolean;
  readonly file: ReadFile;
  readonly entries: readonly IdentificationEntry[];
  readonly onFile: readonly CertificateOnFile[];
  /** ca-store's verdict; undefined when the file held no certificate to ask about. */
  readonly verdict: ValidationVerdict | undefined;
  /** What a person wants in spite of what it waits for; undefined as long as nobody said anything. */
  readonly approval: GivenApproval | undefined;
  readonly now: Date;
}

/** The file as read: one certificate, or why it is none. */
export type ReadFile =
  { readonly ok: true; readonly certificate: Certificate } | { readonly ok: false; readonly message: string };

/** A certificate of the partner on file, read. */
export interface CertificateOnFile {
  readonly certificate: Certificate;
  readonly usages: readonly Usage[];
  readonly state: PartnerCertificate['state'];
}

/** A person's word that a certificate is to be taken over. */
export interface GivenApproval {
  readonly by: string;
  /** What the person was shown: only that is passed over. */
  readonly covers: readonly ApprovalKind[];
  /** Who may not accept it, where two persons are wanted, as it was when it began to wait. */
  readonly excluded: readonly string[];
  /** Identification entry it belongs to. */
  readonly entry?: string | undefined;
  readonly usages?: readonly Usage[] | undefined;
  /** Fingerprint of the certificate on file that it follows. */
  readonly follows?: string | undefined;
}
