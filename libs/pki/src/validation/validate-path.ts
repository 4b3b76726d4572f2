import { type Certificate, weaknessesOf } from '../certificate/index.js';
import { PkiError } from '../errors.js';
import { formatDistinguishedName } from '../names/index.js';
import { shortName } from './check-results.js';
import { PathSearch } from './find-paths.js';
import type { IssuerIndex } from './issuer-index.js';
import { NameInquiry } from './name-rule.js';
import { PATH_RULES } from './path-checks.js';
import { judgePolicies } from './policy-rule.js';
import { judgePurposes } from './purpose-rule.js';
import { RevocationInquiry } from './revocation-rule.js';
import type { RevocationPolicy } from './revocation-source.js';
import {
  type FailedPath,
  type InitialPolicies,
  PATH_LIMITS,
  type PathCheck,
  type PathContext,
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
  /** Installed issuers: roots, or intermediate authorities installed by hand. An index where there are many. */
  readonly anchors: readonly Certificate[] | IssuerIndex;
  readonly at: Date;
  readonly limits?: Partial<PathLimits> | undefined;
  /** Whether the certificate counts as trusted for being installed itself, without an issuer. Off when left out. */
  readonly anchorMayBeCertificate?: boolean | undefined;
  /** The initial inputs about policies; what certificates ask for themselves holds without them. */
  readonly policies?: InitialPolicies | undefined;
  /** Purposes (dotted) that the certificate must be allowed to serve, all of them. Left out or empty: not looked at. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
  /** How to learn of revocation, and what its lack means. Left out: not looked at. */
  readonly revocation?: RevocationPolicy | undefined;
}

/**
 * Looks for a path from a certificate to an installed issuer and judges it by RFC 5280 §6.1. The first path that passes every
 * check makes the certificate trusted; else the path that fails least is told, and beside it why others failed.
 * What was not looked at stands in `notChecked`; whoever needs that must look before relying on the verdict.
 */
export function validatePath(input: PathInput): PathVerdict {
  const limits = { ...PATH_LIMITS, ...input.limits };
  const search = new PathSearch({ ...input, limits });
  const judge = new PathJudge(input, limits, search);
  const failed: PathVerdict[] = [];
  for (const path of search.paths(input.anchorMayBeCertificate === true)) {
    const verdict = judge.judge(path);
    if (verdict.trusted) return { ...verdict, otherPaths: told(failed, verdict, limits) };
    failed.push(verdict);
  }
  const least = failed.toSorted((a, b) => failures(a) - failures(b))[0] ?? withoutAnchor(input.certificate, search);
  const verdict = { ...least, otherPaths: told(failed, least, limits) };
  return search.limitReached ? withLimit(verdict, input.certificate) : verdict;
}

/** Judges complete paths of one search, which share what must be bounded or asked once. */
class PathJudge {
  readonly #revocation: RevocationInquiry | undefined;
  readonly #names: NameInquiry;
  readonly #work = { nameWork: 0, policyWork: 0 };

  constructor(
    private readonly input: PathInput,
    private readonly limits: PathLimits,
    private readonly search: PathSearch,
  ) {
    this.#names = new NameInquiry(this.#spend);
    this.#revocation = input.revocation === undefined ? undefined : new RevocationInquiry(input.revocation, input.at);
  }

  judge(path: readonly Certificate[]): PathVerdict {
    const { at, policies, extendedKeyUsage } = this.input;
    const context: PathContext = {
      certificates: path,
      at,
      policies,
      extendedKeyUsage,
      spend: this.#spend,
      signatureOf: this.search.signatureOf,
    };
    const basic = [...installed(path), ...PATH_RULES.flatMap((rule) => rule(context))];
    // What nobody signed is not worth reading, and reading it would be work that a stranger gets for nothing.
    if (basic.some(({ check, ok }) => check === 'signature' && !ok)) return verdictOf(path, basic);
    const policy = judgePolicies(context);
    const checks = [...basic, ...this.#names.judge(path), policy.check, ...judgePurposes(context)];
    const revocation = checks.every(({ ok }) => ok) ? this.#revocation?.judge(path) : undefined;
    return verdictOf(path, [...checks, ...(revocation?.checks ?? [])], policy.policies, revocation?.status);
  }

  #spend: PathContext['spend'] = (on, work) => {
    this.#work[on] += work;
    if (this.#work[on] <= this.limits[on]) return;
    const what = on === 'nameWork' ? 'characters would have to be compared' : 'policies would have to be gone through';
    throw new PkiError('work-limit', `more than ${this.limits[on]} ${what}`);
  };
}

function installed(path: readonly Certificate[]): readonly PathCheck[] {
  const anchor = path[path.length - 1];
  if (anchor === undefined) return [];
  const message = `${shortName(anchor)} is installed.`;
  return [{ check: 'issuer-known', ok: true, message, certificate: anchor.fingerprint }];
}

const OPTIONAL: readonly UncheckedAspect[] = ['revocation', 'name-constraints', 'policies', 'extended-key-usage'];

function verdictOf(
  path: readonly Certificate[],
  checks: readonly PathCheck[],
  policies: readonly string[] = [],
  revocation: PathVerdict['revocation'] = 'not-asked',
): PathVerdict {
  const made = new Set<string>(checks.map(({ check }) => check));
  return {
    trusted: checks.length > 0 && checks.every(({ ok }) => ok),
    revocation,
    path: path.map(({ fingerprint }) => fingerprint),
    checks,
    policies,
    otherPaths: [],
    notChecked: [...OPTIONAL.filter((aspect) => !made.has(aspect)), 'host-name'],
    weaknesses: path.flatMap(weaknessesInPath),
  };
}

/** The failed paths but the one the verdict is about. */
function told(failed: readonly PathVerdict[], verdict: PathVerdict, limits: PathLimits): readonly FailedPath[] {
  return failed
    .filter((other) => other !== verdict)
    .slice(0, limits.told)
    .flatMap((other) => {
      const first = other.checks.find(({ ok }) => !ok);
      return first === undefined ? [] : [{ path: other.path, failed: first, failures: failures(other) }];
    });
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
