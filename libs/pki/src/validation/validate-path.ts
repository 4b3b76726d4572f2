import { type Certificate, weaknessesOf } from '../certificate/index.js';
import { formatDistinguishedName } from '../names/index.js';
import { PathSearch } from './find-paths.js';
import { PATH_RULES, shortName } from './path-checks.js';
import {
  PATH_LIMITS,
  type PathCheck,
  type PathLimits,
  type PathVerdict,
  type PathWeakness,
  type UncheckedAspect,
} from './verdict.js';

/** What to judge, and by what. */
export interface PathInput {
  readonly certificate: Certificate;
  /** Certificates that may lie between; where they come from does not matter, none of them is trusted for being here. */
  readonly intermediates: readonly Certificate[];
  /** Installed issuers: roots, or intermediate authorities installed by hand. */
  readonly anchors: readonly Certificate[];
  readonly at: Date;
  readonly limits?: Partial<PathLimits> | undefined;
  /** Whether the certificate counts as trusted for being installed itself, without an issuer. Off when left out. */
  readonly anchorMayBeCertificate?: boolean | undefined;
}

const NOT_CHECKED: readonly UncheckedAspect[] = [
  'revocation',
  'name-constraints',
  'policies',
  'extended-key-usage',
  'host-name',
];

/**
 * Looks for a path from a certificate to an installed issuer and judges it by the rules of RFC 5280 §6.1 listed in
 * `PATH_RULES`. The first path that passes every rule makes the certificate trusted; else the path that fails least is told.
 * What was not looked at stands in `notChecked`; whoever needs that must look before relying on the verdict.
 */
export function validatePath(input: PathInput): PathVerdict {
  const limits = { ...PATH_LIMITS, ...input.limits };
  const search = new PathSearch({ ...input, limits });
  const { certificate, at } = input;
  let best: PathVerdict | undefined;
  for (const path of search.paths(input.anchorMayBeCertificate === true)) {
    const verdict = judge(path, search, at);
    if (verdict.trusted) return verdict;
    if (best === undefined || failures(verdict) < failures(best)) best = verdict;
  }
  const verdict = best ?? withoutAnchor(certificate, search);
  return search.limitReached ? withLimit(verdict, certificate) : verdict;
}

function judge(path: readonly Certificate[], search: PathSearch, at: Date): PathVerdict {
  const anchor = path[path.length - 1];
  const context = { certificates: path, at, signatureOf: search.signatureOf };
  const known: PathCheck[] =
    anchor === undefined
      ? []
      : [
          {
            check: 'issuer-known',
            ok: true,
            message: `${shortName(anchor)} is installed.`,
            certificate: anchor.fingerprint,
          },
        ];
  const checks = [...known, ...PATH_RULES.flatMap((rule) => rule(context))];
  return verdictOf(path, checks);
}

function verdictOf(path: readonly Certificate[], checks: readonly PathCheck[]): PathVerdict {
  return {
    trusted: checks.length > 0 && checks.every(({ ok }) => ok),
    path: path.map(({ fingerprint }) => fingerprint),
    checks,
    notChecked: NOT_CHECKED,
    weaknesses: path.flatMap(weaknessesInPath),
  };
}

function weaknessesInPath(certificate: Certificate, at: number, path: readonly Certificate[]): PathWeakness[] {
  const isAnchor = at > 0 && at === path.length - 1;
  return weaknessesOf(certificate)
    .filter(({ reason }) => !(isAnchor && reason === 'broken-signature-hash'))
    .map((weakness) => ({ ...weakness, certificate: certificate.fingerprint }));
}

/** Says which issuer would have to be installed. */
function withoutAnchor(certificate: Certificate, search: PathSearch): PathVerdict {
  const path = search.deadEnd;
  const last = path[path.length - 1] ?? certificate;
  const message = search.isAnchor(certificate)
    ? `${shortName(certificate)} is installed itself, but as a certificate it counts only if it has an installed issuer.`
    : last.selfIssued
      ? `${shortName(last)} is self-issued and not installed as an issuer.`
      : `The issuer "${formatDistinguishedName(last.issuer)}" of ${shortName(last)} is not installed.`;
  return verdictOf(path, [{ check: 'issuer-known', ok: false, message, certificate: last.fingerprint }]);
}

function withLimit(verdict: PathVerdict, certificate: Certificate): PathVerdict {
  const limit: PathCheck = {
    check: 'limits',
    ok: false,
    message: `The search for a path from ${shortName(certificate)} was ended at its limits; a sound path may exist.`,
    certificate: certificate.fingerprint,
  };
  return { ...verdict, trusted: false, checks: [...verdict.checks, limit] };
}

const failures = (verdict: PathVerdict): number => verdict.checks.filter(({ ok }) => !ok).length;
