import type {
  ExchangeKind,
  IdentificationEntry,
  PartnerCertificate,
  Usage,
  ValidationVerdict,
} from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';

/** Everything the acceptance decision looks at; gathered before, nothing is fetched while deciding. */
export interface AcceptanceFacts {
  readonly acx: boolean;
  readonly kind: ExchangeKind;
  /** SFIDDESC: may carry the CLID of the certificate being followed. */
  readonly description: string;
  /** It came through the bypass: nobody has proven to be the partner. */
  readonly inBypass: boolean;
  readonly file: ReadFile;
  readonly entries: readonly IdentificationEntry[];
  readonly onFile: readonly CertificateOnFile[];
  /** ca-store's verdict; undefined when the file held no certificate to ask about. */
  readonly verdict: ValidationVerdict | undefined;
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
