import type { Certificate } from '../certificate/index.js';
import { sameName } from '../names/index.js';
import type { RevocationSource } from '../validation/revocation-source.js';
import type { SignatureResult } from '../validation/verdict.js';
import { validatePath } from '../validation/validate-path.js';
import type { IssuerIndex } from '../validation/issuer-index.js';
import { issuersAbove } from '../validation/issuers-above.js';
import { isListSignedBy } from './list-signature.js';
import type { RevocationList } from './revocation-list.js';
import { listText, shortText } from './texts.js';

/** Who signed a list, and whether he may. */
export interface AuthorizeInput {
  /** The certificate whose key signed the list and whose name the list gives. */
  readonly issuer: Certificate;
  /** The path of the certificate in question, to the anchor the issuer must lead to as well. */
  readonly path: readonly Certificate[];
  readonly at: Date;
  /** Tells of the revocation of the certificates above the list, the issuer's own among them. */
  readonly source: RevocationSource;
}

/** Whether the issuer of a list has a path to the same anchor (RFC 5280 §6.3.3 (f)). */
export type AuthorizeListIssuer = (input: AuthorizeInput) => SignatureResult;

/** Looks for the path with `validatePath`, over `certificates` and those of the path in question. */
export function authorizeByPath(certificates: IssuerIndex): AuthorizeListIssuer {
  return ({ issuer, path, at, source }) => {
    const anchor = path[path.length - 1];
    if (anchor === undefined) return { ok: false, message: 'there is no path to hold its issuer against' };
    const verdict = validatePath({
      certificate: issuer,
      intermediates: [...path.slice(1), ...issuersAbove(issuer, certificates)],
      anchors: [anchor],
      at,
      anchorMayBeCertificate: true,
      revocation: { source, mode: 'fail' },
    });
    const failed = verdict.checks.find(({ ok }) => !ok);
    return verdict.trusted
      ? { ok: true }
      : { ok: false, message: failed?.message.replace(/\.$/, '') ?? 'its issuer has no path to the anchor' };
  };
}

/** Certificates of one name that are tried as signer of one list. */
const MAXIMUM_CANDIDATES = 16;
/** Paths looked for while one question is answered. */
const MAXIMUM_AUTHORIZATIONS = 32;
/** Issuers inside issuers: that of a list, that of the list about his certificate, and so on. */
const MAXIMUM_DEPTH = 4;

/** The outcome of looking for the issuer of a list. */
export type ListIssuer =
  { readonly ok: true; readonly issuer: Certificate } | { readonly ok: false; readonly message: string };

/** Finds the certificate of a list's issuer, once for each path while one certificate is judged. */
export class ListIssuers {
  private readonly underWay = new Set<string>();
  private readonly outcomes = new Map<string, string | undefined>();
  private authorizations = 0;

  constructor(
    private readonly certificates: IssuerIndex,
    private readonly authorize: AuthorizeListIssuer,
    private readonly source: RevocationSource,
  ) {}

  /** Begins a new question: what was found out for another one may have changed. */
  forget(): void {
    this.outcomes.clear();
    this.authorizations = 0;
  }

  /**
   * The issuer of a list as seen from a path (RFC 5280 §6.3.3 (f) and (g)): of the name the list gives, allowed to sign lists, the
   * signer, and with a path to the same anchor. Authorities in the path have one; they are tried first.
   * @param delegated whether the certificate in question names the issuer of the list itself (cRLIssuer). Only then may a list
   * tell of the certificate of its own signer: whoever issued that certificate wanted it so.
   */
  find(list: RevocationList, path: readonly Certificate[], at: Date, delegated: boolean): ListIssuer {
    const above = path.slice(1).filter(({ subject }) => sameName(subject, list.issuer));
    const others = this.certificates.named(list.issuer).filter((one) => !above.includes(one));
    const candidates = [...above, ...others.toSorted(byKeyIdentifier(list))];
    const refusals: string[] = [];
    for (const candidate of candidates.slice(0, MAXIMUM_CANDIDATES)) {
      const signed = isListSignedBy(list, candidate);
      const trouble = signed.ok ? this.#refusal(candidate, above, { path, at, delegated }) : signed.message;
      if (trouble === undefined) return { ok: true, issuer: candidate };
      // What a true signer lacks says more than that others did not sign.
      if (signed.ok) refusals.unshift(trouble);
      else refusals.push(trouble);
    }
    const why = refusals[0];
    if (why === undefined)
      return {
        ok: false,
        message: `no certificate of ${shortText(list.issuer)}, who issued ${listText(list)}, is there`,
      };
    return { ok: false, message: `${listText(list)} is not proven: ${why}` };
  }

  #refusal(
    candidate: Certificate,
    above: readonly Certificate[],
    { path, at, delegated }: { path: readonly Certificate[]; at: Date; delegated: boolean },
  ): string | undefined {
    if (candidate.keyUsage !== undefined && !candidate.keyUsage.flags.includes('cRLSign'))
      return `${shortText(candidate.subject)} may not sign lists by its key usage (cRLSign is missing)`;
    if (above.includes(candidate)) return undefined;
    const key = `${candidate.fingerprint} ${path.at(-1)?.fingerprint ?? ''}`;
    if (delegated && key === [...this.underWay].at(-1)) return undefined;
    if (this.underWay.has(key)) return `${shortText(candidate.subject)} would have to vouch for itself`;
    if (this.outcomes.has(key)) return this.outcomes.get(key);
    if (this.underWay.size >= MAXIMUM_DEPTH || this.authorizations >= MAXIMUM_AUTHORIZATIONS)
      return 'too many lists vouch for one another';
    this.authorizations += 1;
    this.underWay.add(key);
    try {
      const result = this.authorize({ issuer: candidate, path, at, source: this.source });
      const refusal = result.ok ? undefined : result.message;
      // Inside another question the outcome may hang on that one, which is not answered yet.
      if (this.underWay.size === 1) this.outcomes.set(key, refusal);
      return refusal;
    } finally {
      this.underWay.delete(key);
    }
  }
}

const byKeyIdentifier =
  ({ authorityKeyIdentifier: wanted }: RevocationList) =>
  (a: Certificate, b: Certificate): number =>
    Number(b.subjectKeyIdentifier === wanted) - Number(a.subjectKeyIdentifier === wanted);
