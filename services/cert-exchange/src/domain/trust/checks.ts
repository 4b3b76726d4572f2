import type { RefusalReason } from '@certlane/contracts';
import { isWithin } from './address-ranges.js';
import type { TrustFacts } from './facts.js';

type Result =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly reason: RefusalReason; readonly message: string };

interface TrustCheck {
  readonly name: string;
  readonly run: (facts: TrustFacts) => Result;
}

const ok = (message: string): Result => ({ ok: true, message });
const no = (reason: RefusalReason, message: string): Result => ({ ok: false, reason, message });

/** SSIDPSWD, judged by the gateway (RFC 5024 §5.3.2). */
const password: TrustCheck = {
  name: 'password',
  run: ({ passwordCorrect }) =>
    passwordCorrect === false
      ? no('wrong-password', 'the password is wrong')
      : ok('the password is right or is judged by the session'),
};

/** A partner that must present a TLS client certificate presents one that is on file, or, before any is, one we trust. */
const tlsClient: TrustCheck = {
  name: 'tls-client-certificate',
  run: ({ direction, partner, tls }) => {
    if (direction === 'outbound' || !partner.tlsClientAuthentication)
      return ok('no TLS client certificate is asked for');
    if (tls?.peerCertificate === undefined) {
      return no(
        'tls-client-certificate',
        'a TLS client certificate is required for this partner and none was presented',
      );
    }
    if (partner.tlsCertificates.length > 0) {
      return partner.tlsCertificates.includes(tls.peerCertificate)
        ? ok('the TLS client certificate is on file')
        : no('tls-client-certificate', 'the TLS client certificate is not the one on file for this partner');
    }
    // As for the bypass: presence counts, else an expiry would let in whoever has any certificate that is trusted.
    if (partner.tlsCertificatePresent) {
      return no('tls-client-certificate', 'the TLS certificate on file for this partner is no longer good');
    }
    return tls.authorized
      ? ok('the TLS client certificate was issued by an installed issuer; none is on file yet')
      : no('tls-client-certificate', 'the TLS client certificate was not issued by an installed issuer');
  },
};

/** Without secure authentication configured there is nothing to bypass: both sides must say N (RFC 5024 §4.2.3). */
const notConfigured: TrustCheck = {
  name: 'authentication-not-configured',
  run: ({ partner, offeredAuthentication }) =>
    !partner.secureAuthentication && offeredAuthentication === true
      ? no('authentication-mismatch', 'the partner asks for secure authentication, which is not configured for it here')
      : ok('secure authentication is wanted by both sides or by none, as far as configured'),
};

/** Presence closes the bypass, whatever the state of the certificate: else an attacker waits for an expiry. */
const bypassClosed: TrustCheck = {
  name: 'bypass-closed',
  run: (facts) => {
    const { partner, offeredAuthentication } = facts;
    if (!partner.secureAuthentication || !partner.certificatePresent)
      return ok('no certificate of the partner stands against the bypass');
    if (finishes(facts))
      return ok(
        'the exchange that closed the bypass was cut off and is finished: certificate files may pass, nothing else',
      );
    return offeredAuthentication === false
      ? no('bypass-closed', 'a certificate of the partner is on file: the session must use secure authentication')
      : ok('a certificate of the partner is on file and secure authentication is used');
  },
};

/** The bypass is for partners with automatic exchange that are identified, and only while they too say N. */
const bypassOpen: TrustCheck = {
  name: 'bypass-open',
  run: ({ partner, offeredAuthentication }) => {
    if (!partner.secureAuthentication || partner.certificatePresent) return ok('the bypass is not needed');
    if (!partner.acx || !partner.identified) {
      const missing = partner.acx ? 'no identification data is entered' : 'automatic certificate exchange is off';
      const message = `secure authentication is required, no certificate of the partner is on file and ${missing}: there is no bypass`;
      return no(offeredAuthentication === false ? 'authentication-mismatch' : 'no-partner-certificate', message);
    }
    return offeredAuthentication === true
      ? no(
          'authentication-mismatch',
          'the partner holds our certificate, but we hold none of it yet: secure authentication cannot run',
        )
      : ok('the partner is known by identification data only: certificate files may pass, nothing else');
  },
};

/**
 * The time of the bypass. What began in time may be finished after it, or a line that breaks on the last evening would leave both
 * sides for good without a way to each other; how long that lasts is a matter of the exchange itself (`bypass.ts`).
 */
const bypassExpired: TrustCheck = {
  name: 'bypass-expired',
  run: (facts) => {
    const { now, partner } = facts;
    const { until } = partner.bypass;
    if (!runsInBypass(facts)) return ok('the session does not run in the bypass');
    if (until === undefined) return ok('the bypass has no end');
    if (now.getTime() <= Date.parse(until)) return ok(`the bypass is open until ${until}`);
    return finishes(facts)
      ? ok(`the bypass ended on ${until}; what began in time is finished`)
      : no('bypass-expired', `the bypass ended on ${until}: reopen it with 'certlane partner bypass reopen'`);
  },
};

/** How often the bypass was used. As for the time, what is only to be finished uses up nothing. */
const bypassExhausted: TrustCheck = {
  name: 'bypass-exhausted',
  run: (facts) => {
    const { bypassUses, partner } = facts;
    const { attempts } = partner.bypass.limits;
    if (!runsInBypass(facts)) return ok('the session does not run in the bypass');
    if (attempts === null) return ok('the bypass takes any number of sessions');
    const used = `${bypassUses} of ${attempts} sessions have run in the bypass`;
    if (bypassUses < attempts) return ok(`${used} before this one`);
    return finishes(facts)
      ? ok(`${used}; this one only finishes what began in it`)
      : no('bypass-exhausted', `${used}: reopen it with 'certlane partner bypass reopen'`);
  },
};

/** Where sessions in the bypass may come from, or go to: for its end as for its beginning. */
const bypassAddress: TrustCheck = {
  name: 'bypass-address',
  run: (facts) => {
    const { partner, remoteAddress } = facts;
    const { addresses } = partner.bypass.limits;
    if (!runsInBypass(facts)) return ok('the session does not run in the bypass');
    if (addresses.length === 0) return ok('the bypass is open to any address');
    return isWithin(remoteAddress, addresses)
      ? ok(`the bypass is open to ${remoteAddress}`)
      : no('bypass-address', `the bypass is not open to ${remoteAddress}, only to ${addresses.join(', ')}`);
  },
};

/** Whether a session that is let in runs in the bypass, for the first exchange or to finish it. */
export function runsInBypass(facts: TrustFacts): boolean {
  const { partner } = facts;
  return partner.secureAuthentication && (!partner.certificatePresent || finishes(facts));
}

/** With automatic exchange switched off there is no bypass, for its end no more than for its beginning. */
function finishes({ partner, offeredAuthentication, finishesBypass }: TrustFacts): boolean {
  return finishesBypass && partner.acx && offeredAuthentication !== true;
}

/** With the bypass closed both proofs must be possible now (RFC 5024 §4.2.2). */
const provable: TrustCheck = {
  name: 'certificates-usable',
  run: (facts) => {
    const { partner } = facts;
    if (!partner.secureAuthentication || runsInBypass(facts)) return ok('no proof by certificate is due');
    if (partner.usableTheirs === 0) {
      return no(
        'no-partner-certificate',
        partner.theirsRevoked
          ? "the partner's certificate on file was revoked and no other one is still good: put its new one on file with 'certlane partner certificate add', or have it begin anew with 'certlane partner bypass reopen'"
          : 'no certificate of the partner on file is still good: expired or recalled ones prove nothing',
      );
    }
    if (partner.usableOurs === 0) {
      return no('no-own-certificate', 'no certificate of ours is active for session authentication');
    }
    return ok('both sides can prove themselves');
  },
};

/** The chain in its order: identity first, then capabilities, then proofs. */
export const trustChecks: readonly TrustCheck[] = [
  password,
  tlsClient,
  notConfigured,
  bypassClosed,
  bypassOpen,
  bypassExpired,
  bypassExhausted,
  bypassAddress,
  provable,
];
