import {
  type Certificate,
  IssuerIndex,
  issuersAbove,
  type PathVerdict,
  type RevocationPolicy,
  validatePath,
} from '@certlane/pki';
import type { Case } from './case.js';
import { aboveListed, type PathStanding, standingOf } from './path-standing.js';

/** The best path there is. */
export interface FoundPath {
  readonly verdict: PathVerdict;
  /** Its certificates; empty where it ends nowhere. */
  readonly certificates: readonly Certificate[];
  /** What vouches for it; undefined where it ends nowhere, or where nothing does and it is not sound either. */
  readonly standing: PathStanding | undefined;
}

/**
 * Looks for a path on which the certificate can be trusted. A path ends at the first anchor it meets; where that is an authority of a
 * list of level `oftp2` that did not issue the certificate itself, the search goes on past it: an installed root above it vouches for
 * whatever is below.
 */
export function findPath(
  { certificate, chain, view, at }: Pick<Case, 'certificate' | 'chain' | 'view' | 'at'>,
  revocation: RevocationPolicy | undefined,
): FoundPath {
  const intermediates = [...new Set([...chain, ...issuersAbove(certificate, view.known, new IssuerIndex(chain))])];
  const byFingerprint = new Map([certificate, ...intermediates].map((one) => [one.fingerprint, one]));
  const search = (anchors: IssuerIndex, asked = revocation): FoundPath & { readonly complete: boolean } => {
    const verdict = validatePath({ certificate, intermediates, anchors, at, revocation: asked });
    const complete = verdict.checks.some(({ check, ok }) => check === 'issuer-known' && ok);
    const certificates = complete
      ? verdict.path.flatMap((fingerprint) => byFingerprint.get(fingerprint) ?? anchors.get(fingerprint) ?? [])
      : [];
    return { verdict, certificates, complete, standing: undefined };
  };
  const first = search(view.anchors);
  if (!first.complete) {
    const over = search(view.aboveListed, undefined);
    const message = over.verdict.trusted ? aboveListed(over.certificates, view) : undefined;
    return message === undefined ? first : { ...over, standing: { ok: false, message } };
  }
  const standing = standingOf(first.certificates, view);
  if (standing.ok) return { ...first, standing };
  // What does not hold is not refused for its standing too.
  if (!first.verdict.trusted) return first;
  const deeper = search(view.deepAnchors);
  if (!deeper.verdict.trusted) return { ...first, standing };
  return { ...deeper, standing: standingOf(deeper.certificates, view) };
}
