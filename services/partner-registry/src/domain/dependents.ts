import type { CertificateSummary } from '@certlane/contracts';
import { nameKey, parseDistinguishedName, readCertificate, type Certificate } from '@certlane/pki';
import { summaryOfFiled } from './filing.js';
import type { FiledCertificate, PartnerRecord } from './records.js';
import { phaseAt } from './usage-line.js';

/** What of a partner stands on an authority. */
export interface Dependence {
  /** How many identification entries name it. */
  readonly entries: number;
  /** Certificates on file whose path ends at it, or that it issued. */
  readonly certificates: readonly CertificateSummary[];
}

/** An authority that others may stand on: by its fingerprint, and by its certificate where that is known. */
export class Authority {
  readonly #fingerprint: string;
  readonly #certificate: Certificate | undefined;
  /** Thousands of certificates name the same few issuers. */
  readonly #named = new Map<string, boolean>();

  constructor(fingerprint: string, certificate: Certificate | undefined) {
    this.#fingerprint = fingerprint;
    this.#certificate = certificate;
  }

  /**
   * What of a partner stands on it at a time; undefined where nothing does. A certificate that was recalled or has expired stands on
   * nothing any more.
   */
  dependence(partner: Pick<PartnerRecord, 'entries' | 'certificates'>, at: Date): Dependence | undefined {
    const entries = partner.entries.filter(({ issuer }) => issuer.fingerprint === this.#fingerprint).length;
    const certificates = partner.certificates
      .filter((one) => one.replaced === undefined && phaseAt(one, at) !== 'expired' && this.#carries(one))
      .map(summaryOfFiled);
    return entries === 0 && certificates.length === 0 ? undefined : { entries, certificates };
  }

  #carries(certificate: FiledCertificate): boolean {
    return certificate.standing?.anchor === this.#fingerprint || this.#issued(certificate);
  }

  /** By name, and by key identifier where both have one: authorities that follow one another often have the same name. */
  #issued({ issuer, certificate }: FiledCertificate): boolean {
    const authority = this.#certificate;
    if (authority === undefined || !this.#hasName(issuer, authority)) return false;
    const { authorityKeyIdentifier } = readCertificate(Buffer.from(certificate, 'base64'));
    const { subjectKeyIdentifier } = authority;
    return (
      authorityKeyIdentifier === undefined ||
      subjectKeyIdentifier === undefined ||
      authorityKeyIdentifier === subjectKeyIdentifier
    );
  }

  #hasName(text: string, authority: Certificate): boolean {
    const known = this.#named.get(text);
    if (known !== undefined) return known;
    const named = nameKey(parseDistinguishedName(text)) === nameKey(authority.subject);
    this.#named.set(text, named);
    return named;
  }
}
