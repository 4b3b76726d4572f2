import type { CertificateRefusal, ValidationFailure, ValidationVerdict } from '@certlane/contracts';
import { isSignedBy } from '@certlane/pki';
import { hold, no, ok, overCertificate, type AcceptanceCheck } from './check.js';
import type { Match } from './match.js';

/** What ca-store finds, in our words; what concerns revocation alone is {@link notRevoked}'s matter. */
const refusals: Readonly<Record<ValidationFailure, CertificateRefusal | undefined>> = {
  'issuer-unknown': 'issuer-unknown',
  'not-by-listed-authority': 'not-by-listed-authority',
  revoked: undefined,
  'revocation-undetermined': undefined,
  weak: 'weak',
  usage: 'untrusted',
  path: 'untrusted',
};

function refusalOf({ reason, path }: ValidationVerdict): CertificateRefusal | undefined {
  if (reason === undefined) return path.length === 0 ? 'issuer-unknown' : 'untrusted';
  return refusals[reason];
}

/** Where nobody can tell about revocation, that is named first, whatever else is wrong: what is wrong for good must not be held. */
function behindRevocation({ reason, checks }: ValidationVerdict): ValidationVerdict['checks'][number] | undefined {
  if (reason !== 'revocation-undetermined') return undefined;
  return checks.find(({ check, ok: good }) => !good && check !== 'revocation');
}

/** Trust is ca-store's verdict; without one there is none. No authority stands behind a self-signed certificate, whoever vouches for it. */
export const trusted: AcceptanceCheck = {
  name: 'trusted',
  run: overCertificate((certificate, { verdict, match }) => {
    if (certificate.selfIssued) {
      return ok(
        match?.by === 'same'
          ? 'self-signed, and on file already: no authority stands behind it'
          : 'self-signed: no authority stands behind it',
      );
    }
    if (verdict === undefined) return no('untrusted', 'the certificate was not validated');
    if (verdict.trusted) return ok(verdict.message);
    const reason = refusalOf(verdict);
    if (reason !== undefined) return no(reason, verdict.message);
    const hidden = behindRevocation(verdict);
    if (hidden !== undefined) return no(hidden.check === 'strength' ? 'weak' : 'untrusted', hidden.message);
    return ok('its path ends at an authority that is trusted here');
  }),
};

/**
 * A revoked certificate is refused whatever the mode. What nobody can tell now stands against it in mode `fail` alone, and only
 * for as long as nobody can tell.
 */
export const notRevoked: AcceptanceCheck = {
  name: 'not-revoked',
  run: overCertificate((certificate, { verdict, rules }) => {
    if (certificate.selfIssued || verdict === undefined) return ok('self-signed: nobody but its owner could revoke it');
    const { message, status } = verdict.revocation;
    if (verdict.reason === 'revoked' || status === 'revoked') return no('revoked', message);
    const undetermined = rules.revocation === 'fail' && status === 'undetermined';
    return undetermined || verdict.reason === 'revocation-undetermined'
      ? hold('revocation-undetermined', message)
      : ok(message);
  }),
};

/**
 * Self-signed certificates come as the renewal of a self-signed one on file (OP08 1.10 C), and only where an operator allows it:
 * the session alone vouches for them, so neither the bypass nor a password alone does.
 */
export const selfSigned: AcceptanceCheck = {
  name: 'self-signed',
  run: overCertificate((certificate, { proven, match, rules }) => {
    if (!certificate.selfIssued) return ok('the certificate has an issuer');
    if (match?.by === 'same') return ok('the self-signed certificate is on file already');
    if (rules.selfSigned === 'never') {
      return no('self-signed', 'the certificate is self-signed: an operator must put it on file by hand');
    }
    if (!proven) {
      return no('self-signed', 'a self-signed certificate is renewed in a session with secure authentication only');
    }
    const signature = isSignedBy(certificate, certificate);
    if (!signature.ok) {
      return no('self-signed', `the certificate names itself as its issuer, but ${signature.message}`);
    }
    if (renewsSelfSigned(match)) return ok('it renews a self-signed certificate on file');
    return no(
      'self-signed',
      match?.by === 'clid'
        ? 'the certificate is self-signed and its description names one that an authority issued: it takes the place of a self-signed one only, which its owner has to name'
        : 'the certificate is self-signed and renews no self-signed one on file: an operator must put the first one on file by hand',
    );
  }),
};

function renewsSelfSigned(match: Match | undefined): boolean {
  // A self-signed certificate shares its logical identity with self-signed ones alone.
  if (match?.by === 'logical-identity') return true;
  const followed = match?.by === 'clid' || match?.by === 'approval' ? match.predecessors : [];
  return followed.length > 0 && followed.every(({ certificate }) => certificate.selfIssued);
}
