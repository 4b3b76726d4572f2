import type { CertificateRefusal } from '@certlane/contracts';
import { formatDistinguishedName, weaknessesOf, type Certificate } from '@certlane/pki';
import type { AcceptanceFacts } from './facts.js';
import type { Match } from './match.js';

type Result =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: CertificateRefusal; readonly message: string };

/** The facts with what is known of the certificate, found once for all checks. */
export interface MatchedFacts extends AcceptanceFacts {
  readonly match: Match | undefined;
}

interface AcceptanceCheck {
  readonly name: string;
  readonly run: (facts: MatchedFacts) => Result;
}

const ok = (message: string): Result => ({ ok: true, message });
const no = (reason: CertificateRefusal, message: string): Result => ({ ok: false, reason, message });

/** A check over the certificate itself; the chain has refused unreadable files before. */
const overCertificate =
  (judge: (certificate: Certificate, facts: MatchedFacts) => Result) =>
  (facts: MatchedFacts): Result =>
    facts.file.ok ? judge(facts.file.certificate, facts) : no('unreadable', facts.file.message);

const acx: AcceptanceCheck = {
  name: 'acx-enabled',
  run: (facts) =>
    facts.acx
      ? ok('automatic certificate exchange is on for this partner')
      : no('acx-disabled', 'automatic certificate exchange is not enabled for this partner'),
};

const readable: AcceptanceCheck = {
  name: 'readable',
  run: overCertificate(() => ok('the file is one certificate')),
};

const strong: AcceptanceCheck = {
  name: 'strength',
  run: overCertificate((certificate) => {
    const weaknesses = weaknessesOf(certificate).map(({ message }) => message);
    return weaknesses.length === 0
      ? ok('key and signature are strong enough')
      : no('weak', `the certificate is too weak: ${weaknesses.join(', ')}`);
  }),
};

/**
 * A delivered certificate that starts later is kept for later. A replacement must serve at once, since what it recalls does not
 * any more; and whoever requests proves itself with what it sends.
 */
const inTime: AcceptanceCheck = {
  name: 'validity',
  run: overCertificate((certificate, { kind, now }) => {
    if (certificate.notAfter.getTime() < now.getTime()) {
      return no('expired', `the certificate expired on ${certificate.notAfter.toISOString()}`);
    }
    if (certificate.notBefore.getTime() <= now.getTime()) return ok('the certificate is inside its validity period');
    const from = certificate.notBefore.toISOString();
    return kind === 'deliver'
      ? ok(`the certificate is valid from ${from} on: it is scheduled`)
      : no('not-yet-valid', `the certificate is valid from ${from} on: only a delivered one may start later`);
  }),
};

const known: AcceptanceCheck = {
  name: 'known',
  run: overCertificate((certificate, { match, verdict }) => {
    if (match !== undefined) return ok(match.message);
    const issuer = formatDistinguishedName(certificate.issuer);
    // The nearer cause first: whoever is told to install an issuer looks at the entries anyway.
    if (verdict?.trusted === false && verdict.path.length === 0) {
      return no(
        'issuer-unknown',
        `the issuer '${issuer}' is not installed here, and no entry expects a certificate of it`,
      );
    }
    const subject = formatDistinguishedName(certificate.subject);
    return no(
      'no-match',
      `no certificate on file and no identification entry fits subject '${subject}' issued by '${issuer}'`,
    );
  }),
};

/**
 * What came through the bypass may be a first certificate, nothing that takes the place of one: else the password alone would do
 * to push a partner out while its first exchange is under way.
 */
const proven: AcceptanceCheck = {
  name: 'proven',
  run: ({ inBypass, kind, match, onFile }) => {
    if (!inBypass) return ok('it did not come through the bypass');
    if (kind === 'replace' && (match?.predecessors.length ?? 0) > 0) {
      return no('unproven', 'a certificate is recalled in a session with secure authentication only');
    }
    const second =
      match?.by !== 'same' &&
      match?.usages.includes('session-authentication') === true &&
      onFile.some(({ usages }) => usages.includes('session-authentication'));
    return second
      ? no(
          'unproven',
          'a certificate for session authentication is on file: another one is taken in a session with secure authentication only',
        )
      : ok('it came through the bypass and takes the place of no certificate for session authentication');
  },
};

/**
 * Before trust, so that the reason is the plain one: no authority stands behind a self-signed certificate.
 * The one on file may come again; renewing a self-signed one needs an operator (`partner certificate add`).
 */
const notSelfSigned: AcceptanceCheck = {
  name: 'self-signed',
  run: overCertificate((certificate, { match }) =>
    certificate.selfIssued && match?.by !== 'same'
      ? no('self-signed', 'the certificate is self-signed: an operator must put it on file by hand')
      : ok(certificate.selfIssued ? 'the self-signed certificate is on file already' : 'the certificate has an issuer'),
  ),
};

/** Trust is ca-store's verdict; without one there is none. A self-signed one on file was trusted by the operator who put it there. */
const trusted: AcceptanceCheck = {
  name: 'trusted',
  run: overCertificate((certificate, { verdict, match }) => {
    if (certificate.selfIssued && match?.by === 'same') return ok('put on file by an operator');
    if (verdict === undefined) return no('untrusted', 'the certificate was not validated');
    if (verdict.trusted) return ok(verdict.message);
    return no(verdict.path.length === 0 ? 'issuer-unknown' : 'untrusted', verdict.message);
  }),
};

/** A renewal moves forward; `replace` may go back, because its owner recalls the newer one. */
const newer: AcceptanceCheck = {
  name: 'not-older',
  run: overCertificate((certificate, { kind, match, onFile }) => {
    const usages = match?.usages ?? [];
    const current = onFile.filter(
      (file) => file.state === 'current' && file.usages.some((usage) => usages.includes(usage)),
    );
    const younger = current.find(
      (file) =>
        file.certificate.fingerprint !== certificate.fingerprint &&
        file.certificate.notBefore.getTime() > certificate.notBefore.getTime(),
    );
    return kind === 'replace' || match?.by === 'same' || younger === undefined
      ? ok('it is not older than the certificate in use')
      : no(
          'older-than-current',
          `the certificate in use is newer (valid from ${younger.certificate.notBefore.toISOString()})`,
        );
  }),
};

/** What its owner recalled does not come back by itself. */
const notRecalled: AcceptanceCheck = {
  name: 'not-recalled',
  run: overCertificate((certificate, { onFile }) =>
    onFile.some(
      ({ certificate: { fingerprint }, state }) => fingerprint === certificate.fingerprint && state === 'replaced',
    )
      ? no('recalled', 'the certificate was recalled by its owner and is out of use')
      : ok('the certificate was not recalled'),
  ),
};

/** The chain in its order (`docs/EXCHANGE-CYCLE.md`). */
export const acceptanceChecks: readonly AcceptanceCheck[] = [
  acx,
  readable,
  strong,
  inTime,
  known,
  proven,
  notSelfSigned,
  trusted,
  notRecalled,
  newer,
];
