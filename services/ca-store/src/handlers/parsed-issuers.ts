import { readCertificate, type Certificate } from '@certlane/pki';
import type { InstalledIssuer } from '../domain/issuer-record.js';

/** Keeps installed issuers parsed between validations; a fingerprint always names the same octets. */
export class ParsedIssuers {
  readonly #parsed = new Map<string, Certificate>();

  /** The certificates of exactly these issuers. */
  of(issuers: readonly InstalledIssuer[]): readonly Certificate[] {
    const all = issuers.map(({ summary: { fingerprint }, certificate }) => {
      const known = this.#parsed.get(fingerprint) ?? readCertificate(Buffer.from(certificate, 'base64'));
      return [fingerprint, known] as const;
    });
    this.#parsed.clear();
    for (const [fingerprint, certificate] of all) this.#parsed.set(fingerprint, certificate);
    return all.map(([, certificate]) => certificate);
  }
}
