import type { Usage, ValidationVerdict } from '@certlane/contracts';
import { validatePath, type Certificate, type PathVerdict } from '@certlane/pki';
import { usageCheck } from './usage-check.js';

/** What to judge and by what. */
export interface Case {
  readonly certificate: Certificate;
  /** What came along; none of it is trusted for that. */
  readonly chain: readonly Certificate[];
  readonly issuers: readonly Certificate[];
  readonly at: Date;
  /** What the certificate is to serve for; undefined: nothing is asked about that. */
  readonly usage: Usage | undefined;
}

type Check = ValidationVerdict['checks'][number];

/**
 * The verdict over a certificate: trusted only if a path to an installed issuer passes every check, nothing in it is weak, and
 * it may serve the usage where one is asked for. What is not looked at is named.
 */
export function judge({ certificate, chain, issuers, at, usage }: Case): ValidationVerdict {
  const found = validatePath({ certificate, intermediates: chain, anchors: issuers, at });
  const checks: Check[] = [
    ...found.checks.map(({ check, ok, message }) => ({ check, ok, message })),
    ...strength(found),
    ...(usage === undefined ? [] : [usageCheck(certificate, usage)]),
  ];
  const failed = checks.find(({ ok }) => !ok);
  const anchored = found.checks.some(({ check, ok }) => check === 'issuer-known' && ok);
  const trusted = found.trusted && failed === undefined;
  return {
    trusted,
    message: trusted ? `the certificate ends at an installed issuer: ${described(found)}` : untrusted(failed),
    path: anchored ? [...found.path] : [],
    checks,
    notChecked: [...found.notChecked, ...(usage === undefined ? ['usage'] : [])],
  };
}

function strength({ weaknesses, path }: PathVerdict): Check[] {
  if (weaknesses.length === 0)
    return [{ check: 'strength', ok: true, message: 'No key or signature in the path is weak.' }];
  return weaknesses.map(({ message, certificate }) => ({
    check: 'strength',
    ok: false,
    message: `Certificate ${path.indexOf(certificate) + 1} of the path (${certificate}) is too weak: ${message}.`,
  }));
}

const described = ({ checks }: PathVerdict): string =>
  checks.find(({ check }) => check === 'issuer-known')?.message ?? 'the path is complete';

function untrusted(failed: Check | undefined): string {
  if (failed === undefined) return 'no path was found';
  const remedy =
    failed.check === 'issuer-known' ? ' Install the issuer (certlane issuer add) if it is to be trusted.' : '';
  return failed.message + remedy;
}
