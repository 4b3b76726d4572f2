import { formatDistinguishedName, weaknessesOf } from '@certlane/pki';
import { hold, no, ok, overCertificate, type AcceptanceCheck } from './check.js';
import { readDescription } from './description.js';
import { notRevoked, selfSigned, trusted } from './trust-checks.js';

/** A sub-station may be taken out, or given to another partner, between the file and the decision. */
const originator: AcceptanceCheck = {
  name: 'originator',
  run: (facts) =>
    facts.foreign
      ? no('no-match', `'${facts.originator}' is no sub-station of this partner`)
      : ok(facts.subStation ? `sub-station '${facts.originator}' of this partner sent it` : 'the partner sent it'),
};

const acx: AcceptanceCheck = {
  name: 'acx-enabled',
  run: (facts) =>
    facts.acx
      ? ok('automatic certificate exchange is on for this partner')
      : no('acx-disabled', 'automatic certificate exchange is not enabled for this partner'),
};

const acceptanceOn: AcceptanceCheck = {
  name: 'acceptance-on',
  run: ({ rules }) =>
    rules.acceptance === 'off'
      ? no('acceptance-off', 'no certificate of this partner is taken over at present')
      : ok(`certificates are taken over by the policy '${rules.acceptance}'`),
};

const readable: AcceptanceCheck = {
  name: 'readable',
  run: overCertificate(() => ok('the file is one certificate')),
};

const strong: AcceptanceCheck = {
  name: 'strength',
  run: overCertificate((certificate, { rules }) => {
    const weaknesses = weaknessesOf(certificate)
      .map(({ message }) => message)
      .join(', ');
    if (weaknesses === '') return ok('key and signature are strong enough');
    return rules.weakKeys
      ? ok(`the certificate is weak, which is allowed for this partner: ${weaknesses}`)
      : no('weak', `the certificate is too weak: ${weaknesses}`);
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

/** Refuses nothing: it says what the partner wanted to say, and what of it could be read. */
const description: AcceptanceCheck = {
  name: 'description',
  run: (facts) => ok(readDescription(facts).message),
};

/** What nothing fits may still be what a person expects, unless one of the checks that follow says otherwise. */
const known: AcceptanceCheck = {
  name: 'known',
  run: overCertificate((certificate, { match }) => {
    if (match === undefined) {
      const subject = formatDistinguishedName(certificate.subject);
      const issuer = formatDistinguishedName(certificate.issuer);
      return hold(
        'no-match',
        `no certificate on file and no identification entry fits subject '${subject}' issued by '${issuer}'`,
      );
    }
    return match.entries.length > 1 ? hold('ambiguous', match.message) : ok(match.message);
  }),
};

/**
 * Who has not proven to be the partner brings what is expected of it, or nothing. Through the bypass comes a first certificate,
 * nothing that takes the place of one: else the password alone would do to push a partner out while its first exchange is under way.
 */
const proven: AcceptanceCheck = {
  name: 'proven',
  run: (facts) => {
    const { inBypass, kind, match, onFile, subStation } = facts;
    if (match === undefined && !facts.proven) return no('no-match', known.run(facts).message);
    if (!inBypass) {
      return ok(
        facts.proven
          ? 'the session proved who sent it'
          : 'secure authentication is not configured, but what came is known',
      );
    }
    if (subStation) {
      return no('unproven', 'files of a sub-station are taken in a session with secure authentication only');
    }
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

/** The policy of the partner, after everything that could speak against it: a person is not asked what is refused anyway. */
const unattended: AcceptanceCheck = {
  name: 'unattended',
  run: ({ match, rules }) => {
    if (match?.by === 'same' && match.predecessors.length === 0) return ok('taking it over changes nothing');
    return rules.acceptance === 'manual'
      ? hold('manual', 'every certificate of this partner waits for a person')
      : ok(`the policy '${rules.acceptance}' asks for no person`);
  },
};

/** The chain in its order (`docs/EXCHANGE-CYCLE.md`). */
export const acceptanceChecks: readonly AcceptanceCheck[] = [
  originator,
  acx,
  acceptanceOn,
  readable,
  strong,
  inTime,
  description,
  known,
  trusted,
  notRevoked,
  selfSigned,
  proven,
  notRecalled,
  newer,
  unattended,
];
