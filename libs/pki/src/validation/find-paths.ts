import type { Certificate } from '../certificate/index.js';
import { nameKey } from '../names/index.js';
import { toHex } from '../octets.js';
import { IssuerIndex } from './issuer-index.js';
import type { PathLimits, SignatureResult } from './verdict.js';
import { isSignedBy } from './verify-signature.js';

/** Where to look for issuers. */
export interface PathSearchInput {
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[] | IssuerIndex;
  readonly limits: PathLimits;
}

/**
 * The search for paths from a certificate to an anchor. It follows names, prefers issuers whose key fits the key identifier,
 * and goes on with those whose signature holds; only where none holds it follows the others, so that a verdict can say that
 * the signature was the trouble. No certificate, and no subject with the same key, comes twice in a path.
 */
export class PathSearch {
  /** Set when a limit stopped the search: a path that was not found may exist. */
  limitReached = false;
  /** The longest way that ended without an anchor, for the report. */
  deadEnd: readonly Certificate[];

  private readonly anchors: IssuerIndex;
  private readonly intermediates: IssuerIndex;
  private readonly signatures = new Map<string, SignatureResult>();
  private readonly identities = new Map<string, string>();
  private found = 0;
  private steps = 0;

  constructor(private readonly input: PathSearchInput) {
    this.deadEnd = [input.certificate];
    this.anchors = input.anchors instanceof IssuerIndex ? input.anchors : new IssuerIndex(input.anchors);
    const intermediates = input.intermediates.slice(0, input.limits.intermediates);
    this.limitReached = intermediates.length < input.intermediates.length;
    this.intermediates = new IssuerIndex(intermediates.filter((certificate) => !this.anchors.has(certificate)));
  }

  /** Whether the certificate is one of the installed issuers. */
  isAnchor(certificate: Certificate): boolean {
    return this.anchors.has(certificate);
  }

  /**
   * Complete paths, best first, each from the certificate to an anchor.
   * @param alone whether an installed certificate is a path of its own
   */
  *paths(alone: boolean): Generator<readonly Certificate[]> {
    const start = [this.input.certificate];
    if (alone && this.isAnchor(this.input.certificate)) yield start;
    yield* this.extend(start);
  }

  /** The result for a pair; each pair is verified once. */
  signatureOf = (certificate: Certificate, issuer: Certificate): SignatureResult => {
    const pair = certificate.fingerprint + issuer.fingerprint;
    const known = this.signatures.get(pair);
    if (known !== undefined) return known;
    if (this.signatures.size >= this.input.limits.signatures) {
      this.limitReached = true;
      return { ok: false, message: `more than ${this.input.limits.signatures} signatures would have to be verified` };
    }
    const result = isSignedBy(certificate, issuer);
    this.signatures.set(pair, result);
    return result;
  };

  private *extend(path: readonly Certificate[]): Generator<readonly Certificate[]> {
    const last = path[path.length - 1];
    if (last === undefined) return;
    const candidates = this.candidates(last, path);
    if (candidates.length === 0 && path.length > this.deadEnd.length) this.deadEnd = path;
    for (const issuer of candidates) {
      const { paths, steps, pathCertificates } = this.input.limits;
      if (this.found >= paths || this.steps >= steps || path.length >= pathCertificates) {
        this.limitReached = true;
        return;
      }
      this.steps += 1;
      const longer = [...path, issuer];
      if (this.isAnchor(issuer)) {
        this.found += 1;
        yield longer;
      } else yield* this.extend(longer);
    }
  }

  private candidates(certificate: Certificate, path: readonly Certificate[]): readonly Certificate[] {
    const onPath = new Set(path.map((earlier) => this.identityOf(earlier)));
    // Anchors come first, so that the shortest path is tried first.
    const named = [...this.anchors.named(certificate.issuer), ...this.intermediates.named(certificate.issuer)].filter(
      (issuer) => !onPath.has(this.identityOf(issuer)),
    );
    const fitting = (issuer: Certificate): number => Number(!keyIdentifierFits(certificate, issuer));
    const sorted = named.toSorted((a, b) => fitting(a) - fitting(b));
    const signers = sorted.filter((issuer) => this.signatureOf(certificate, issuer).ok);
    return signers.length > 0 ? signers : sorted;
  }

  /** Subject and key together: what makes two certificates those of one authority. */
  private identityOf({ fingerprint, subject, publicKey }: Certificate): string {
    const known = this.identities.get(fingerprint);
    if (known !== undefined) return known;
    const identity = `${toHex(publicKey.spki)} ${nameKey(subject)}`;
    this.identities.set(fingerprint, identity);
    return identity;
  }
}

function keyIdentifierFits(certificate: Certificate, issuer: Certificate): boolean {
  const wanted = certificate.authorityKeyIdentifier;
  return wanted === undefined || issuer.subjectKeyIdentifier === undefined || wanted === issuer.subjectKeyIdentifier;
}
