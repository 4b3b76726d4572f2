import { nameKey, parseDistinguishedName, readCertificate, type Certificate } from '@certlane/pki';
import type { FiledCertificate, PartnerRecord } from './records.js';
import { phaseAt } from './usage-line.js';

/** An authority that something is supposed of. */
export interface SupposedAuthority {
  readonly fingerprint: string;
  /** Absent where nobody knows it (any more). */
  readonly certificate?: Certificate | undefined;
  /** Names of the known authorities below it; absent where they are too many to name. */
  readonly below?: readonly string[] | undefined;
  /** Whether what it issues is trusted even so: a trust list names it, or it is known and another authority carries it. */
  readonly stillCarries: boolean;
}

/**
 * What of a partner may depend on some authorities. Whether it does is for a validation to say: these are the certificates that it is
 * worth asking about.
 */
export class Authorities {
  readonly #all: readonly SupposedAuthority[];
  readonly #fingerprints: ReadonlySet<string>;
  /** Undefined: any name may be below one of them. */
  readonly #below: ReadonlySet<string> | undefined;
  /** Thousands of certificates name the same few issuers. */
  readonly #keys = new Map<string, string>();

  constructor(all: readonly SupposedAuthority[]) {
    this.#all = all;
    this.#fingerprints = new Set(all.map(({ fingerprint }) => fingerprint));
    const below = all.flatMap((one) => (one.certificate === undefined ? [[]] : [one.below]));
    this.#below = below.includes(undefined)
      ? undefined
      : new Set(below.flatMap((names) => names ?? []).map((name) => this.#keyOf(name)));
  }

  /** How many identification entries of a partner name one that carries nothing any more. */
  entries({ entries }: Pick<PartnerRecord, 'entries'>): number {
    const fallen = this.#all.filter(({ stillCarries }) => !stillCarries).map(({ fingerprint }) => fingerprint);
    return entries.filter(({ issuer }) => fallen.includes(issuer.fingerprint)).length;
  }

  /**
   * Certificates of a partner whose path may lead through one of them. What was recalled or has expired stands on nothing, and no more
   * does what names itself as its issuer.
   */
  candidates({ certificates }: Pick<PartnerRecord, 'certificates'>, at: Date): readonly FiledCertificate[] {
    return certificates.filter(
      (one) =>
        one.replaced === undefined &&
        phaseAt(one, at) !== 'expired' &&
        one.subject !== one.issuer &&
        this.#mayCarry(one),
    );
  }

  #mayCarry(certificate: FiledCertificate): boolean {
    const { standing, issuer } = certificate;
    if (standing?.anchor !== undefined && this.#fingerprints.has(standing.anchor)) return true;
    if (this.#below === undefined || this.#below.has(this.#keyOf(issuer))) return true;
    return this.#all.some((authority) => this.#issued(authority.certificate, certificate));
  }

  /** By name, and by key identifier where both have one: authorities that follow one another often have the same name. */
  #issued(authority: Certificate | undefined, { issuer, certificate }: FiledCertificate): boolean {
    if (authority === undefined || this.#keyOf(issuer) !== nameKey(authority.subject)) return false;
    const { authorityKeyIdentifier } = readCertificate(Buffer.from(certificate, 'base64'));
    const { subjectKeyIdentifier } = authority;
    return (
      authorityKeyIdentifier === undefined ||
      subjectKeyIdentifier === undefined ||
      authorityKeyIdentifier === subjectKeyIdentifier
    );
  }

  #keyOf(text: string): string {
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const key = nameKey(parseDistinguishedName(text));
    this.#keys.set(text, key);
    return key;
  }
}
