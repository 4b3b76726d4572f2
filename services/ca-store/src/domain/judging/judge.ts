import { validationFailures, type ValidationFailure, type ValidationVerdict } from '@certlane/contracts';
import { commonNameOf, formatDistinguishedName, type Certificate, type PathVerdict } from '@certlane/pki';
import type { TrustView } from '../../ports/trust-state.js';
import type { RevocationNeed } from '../../ports/wanted.js';
import type { Case } from './case.js';
import { findPath, type FoundPath } from './find-path.js';
import type { PathStanding } from './path-standing.js';
import { cut, RevocationAsking } from './revocation.js';
import { usageChecks } from './usage-check.js';

export type { Case } from './case.js';

/** A verdict, and what would have to be read for a better one. */
export interface Judgement {
  readonly verdict: ValidationVerdict;
  readonly needs: readonly RevocationNeed[];
}

type Check = ValidationVerdict['checks'][number];

/**
 * The verdict over a certificate: trusted only if a path to an authority we trust passes every check, a trust list vouches for it as far
 * as its level reaches, nothing in it is weak, and it may serve the usage where one is asked for. What is not looked at is named.
 */
export function judge(asked: Case): Judgement {
  const { certificate, usage, view } = asked;
  const revocation = new RevocationAsking(asked);
  const found = findPath(asked, revocation.policy);
  const { verdict, standing, certificates } = found;
  const checks: Check[] = [
    ...verdict.checks.map(({ check, ok, message }) => ({
      check,
      ok,
      message: cut(check === 'issuer-known' && ok ? anchorSentence(found, view, message) : message),
    })),
    ...listedCheck(standing),
    ...strength(verdict, asked.weakKeys),
    ...(usage === undefined ? [] : usageChecks(certificate, usage)),
  ];
  const failed = firstFailure(checks, verdict);
  const trusted = verdict.trusted && standing?.ok === true && failed === undefined;
  const told = revocation.verdict(verdict);
  return {
    verdict: {
      trusted,
      ...(trusted ? {} : { reason: failed?.reason ?? 'path' }),
      message: trusted ? trustedSentence(standing, told) : untrustedSentence(failed, found, asked),
      path: certificates.map(({ fingerprint }) => fingerprint),
      authorities: authoritiesOf(certificates),
      ...(standing?.ok === true ? { anchor: standing.anchor } : {}),
      checks,
      revocation: told,
      otherPaths: verdict.otherPaths.map(({ path, failed: why, failures }) => ({
        path: [...path],
        message: cut(why.message),
        failures,
      })),
      notChecked: [
        // The purposes are looked at with the usage, by rules of OFTP2.
        ...verdict.notChecked.filter((aspect) => aspect !== 'extended-key-usage'),
        ...(usage === undefined ? ['usage'] : []),
      ],
      standsOn: {
        version: view.version,
        trustLists: listOf(standing),
        revocationLists: revocation.standsOn(),
      },
    },
    needs: revocation.needs(),
  };
}

/** A name cut short would be another name: one that is too long to be told is left out. */
const LONGEST_NAME = 1_024;

function authoritiesOf(path: readonly Certificate[]): string[] {
  return path
    .slice(1)
    .map(({ subject }) => formatDistinguishedName(subject))
    .filter((name) => name !== '' && name.length <= LONGEST_NAME);
}

function strength({ weaknesses, path }: PathVerdict, allowed: boolean): Check[] {
  if (weaknesses.length === 0)
    return [{ check: 'strength', ok: true, message: 'No key or signature in the path is weak.' }];
  return weaknesses.map(({ message, certificate }) => ({
    check: 'strength',
    ok: allowed,
    message: `Certificate ${path.indexOf(certificate) + 1} of the path (${certificate}) is too weak: ${message}${allowed ? '; that is allowed here' : ''}.`,
  }));
}

function listedCheck(standing: PathStanding | undefined): Check[] {
  if (standing === undefined) return [];
  if (!standing.ok) return [{ check: 'listed-authority', ok: false, message: standing.message }];
  const { listing } = standing;
  if (listing === undefined) return [];
  const { list, authority } = listing;
  const message = `The trust list "${list}" (level ${authority.level}) vouches for what "${authority.service}" issued.`;
  return [{ check: 'listed-authority', ok: true, message: cut(message) }];
}

interface Failure {
  readonly reason: ValidationFailure;
  readonly message: string;
}

const REASONS: Readonly<Record<string, ValidationFailure>> = {
  'issuer-known': 'issuer-unknown',
  'listed-authority': 'not-by-listed-authority',
  strength: 'weak',
  usage: 'usage',
  'extended-key-usage': 'usage',
};

/** In the order of the contract: what ends a case for good comes before what may still come to light. */
function firstFailure(checks: readonly Check[], { revocation }: PathVerdict): Failure | undefined {
  const ofRevocation = revocation === 'revoked' ? 'revoked' : 'revocation-undetermined';
  return checks
    .filter(({ ok }) => !ok)
    .map(({ check, message }) => ({
      reason: check === 'revocation' ? ofRevocation : (REASONS[check] ?? 'path'),
      message,
    }))
    .toSorted((a, b) => validationFailures.indexOf(a.reason) - validationFailures.indexOf(b.reason))[0];
}

function listOf(standing: PathStanding | undefined): ValidationVerdict['standsOn']['trustLists'] {
  if (standing?.ok !== true || standing.listing === undefined) return [];
  const { list: name, sequenceNumber } = standing.listing;
  return [{ name, sequenceNumber }];
}

/** `usual` says that the anchor is installed, which is not so for those of lists. */
function anchorSentence({ standing, certificates }: FoundPath, view: TrustView, usual: string): string {
  const fingerprint = certificates.at(-1)?.fingerprint ?? '';
  const listing = standing?.ok === true ? standing.listing : view.listings(fingerprint)[0];
  const what = usual.replace(/ is installed\.$/, '');
  if (listing !== undefined) return `${what} is in accord on the trust list "${listing.list}".`;
  return view.issuers.get(fingerprint)?.purpose === 'oftp2' ? usual : `${what} stands above a listed authority.`;
}

function trustedSentence(standing: PathStanding | undefined, revocation: ValidationVerdict['revocation']): string {
  const list = standing?.ok === true ? standing.listing?.list : undefined;
  const where = list === undefined ? 'an installed issuer' : `an authority of the trust list "${list}"`;
  const doubt =
    revocation.status === 'undetermined'
      ? '; whether it was revoked is not known'
      : revocation.status === 'not-checked'
        ? '; whether it was revoked was not asked'
        : '';
  return `The certificate ends at ${where}${doubt}.`;
}

function untrustedSentence(failed: Failure | undefined, { verdict }: FoundPath, asked: Case): string {
  if (failed === undefined) return 'No path was found.';
  if (failed.reason !== 'issuer-unknown') return failed.message;
  const kept = verdict.path.slice(1).map((fingerprint) => asked.view.issuers.get(fingerprint));
  const [first] = kept.filter((issuer) => issuer !== undefined);
  return first === undefined
    ? `${failed.message} Install the issuer (certlane issuer add) if it is to be trusted.`
    : `${failed.message} The issuer "${commonNameOf(first.certificate.subject) ?? ''}" is installed for verification only; install it for oftp2 (certlane issuer add --purpose oftp2) if it is to be trusted.`;
}
