import { describe, expect, it } from '@jest/globals';
import { decideTrust } from './decide.js';
import type { PartnerFacts, TrustFacts } from './facts.js';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const identified: PartnerFacts = {
  secureAuthentication: true,
  acx: true,
  tlsClientAuthentication: false,
  certificatePresent: false,
  identified: true,
  usableTheirs: 0,
  theirsRevoked: false,
  usableOurs: 1,
  tlsCertificates: [],
  tlsCertificatePresent: false,
  bypass: { limits: { days: null, attempts: null, addresses: [] } },
};
const certified: PartnerFacts = { ...identified, certificatePresent: true, usableTheirs: 1 };
const revoked: PartnerFacts = { ...certified, usableTheirs: 0, theirsRevoked: true };
const open: PartnerFacts = { ...identified, secureAuthentication: false };

const inbound = (
  partner: PartnerFacts,
  offeredAuthentication: boolean,
  more: Partial<TrustFacts> = {},
): TrustFacts => ({
  direction: 'inbound',
  offeredAuthentication,
  passwordCorrect: true,
  partner,
  finishesBypass: false,
  tls: undefined,
  now: NOW,
  remoteAddress: '192.0.2.7',
  bypassUses: 0,
  ...more,
});
const outbound = (partner: PartnerFacts, more: Partial<TrustFacts> = {}): TrustFacts => ({
  direction: 'outbound',
  offeredAuthentication: undefined,
  passwordCorrect: undefined,
  partner,
  finishesBypass: false,
  tls: undefined,
  now: NOW,
  remoteAddress: '192.0.2.7',
  bypassUses: 0,
  ...more,
});
const cutOff = { finishesBypass: true };
const presented = (peerCertificate: string | undefined, authorized: boolean) => ({
  tls: { peerCertificate, authorized },
});

const PAST = '2026-03-01T11:59:59.999Z';
const limited = (
  { until, ...limits }: Partial<PartnerFacts['bypass']['limits']> & { until?: string },
  partner = identified,
): PartnerFacts => ({
  ...partner,
  bypass: { limits: { ...partner.bypass.limits, ...limits }, ...(until === undefined ? {} : { until }) },
});
const everyLimit = { until: PAST, attempts: 3, addresses: ['198.51.100.0/24'] };

const asked: PartnerFacts = { ...certified, tlsClientAuthentication: true };

describe('the session-trust decision', () => {
  it.each<[string, TrustFacts, string]>([
    // reference table of the bypass: what we hold, what the partner says
    ['identified only, partner says N', inbound(identified, false), 'exchange-only without'],
    ['identified only, partner says Y', inbound(identified, true), 'authentication-mismatch'],
    ['certificate on file, partner says Y', inbound(certified, true), 'full with'],
    ['certificate on file, partner says N', inbound(certified, false), 'bypass-closed'],
    ['identified only, we dial', outbound(identified), 'exchange-only without'],
    ['certificate on file, we dial', outbound(certified), 'full with'],
    // presence counts, not validity
    ['expired certificate only, partner says N', inbound({ ...certified, usableTheirs: 0 }, false), 'bypass-closed'],
    [
      'expired certificate only, partner says Y',
      inbound({ ...certified, usableTheirs: 0 }, true),
      'no-partner-certificate',
    ],
    ['expired certificate only, we dial', outbound({ ...certified, usableTheirs: 0 }), 'no-partner-certificate'],
    ['revoked certificate only, partner says N', inbound(revoked, false), 'bypass-closed'],
    ['revoked certificate only, partner says Y', inbound(revoked, true), 'no-partner-certificate'],
    ['revoked certificate only, we dial', outbound(revoked), 'no-partner-certificate'],
    ['another one beside the revoked', inbound({ ...revoked, usableTheirs: 1 }, true), 'full with'],
    ['no usable certificate of ours', inbound({ ...certified, usableOurs: 0 }, true), 'no-own-certificate'],
    ['bypass needs no certificate of ours', inbound({ ...identified, usableOurs: 0 }, false), 'exchange-only without'],
    // the exchange that closed the bypass was cut off and is finished in it, or with proofs where the partner has them
    ['cut off in the bypass, partner says N', inbound(certified, false, cutOff), 'exchange-only without'],
    ['cut off in the bypass, partner says Y', inbound(certified, true, cutOff), 'full with'],
    ['cut off in the bypass, we dial', outbound(certified, cutOff), 'exchange-only without'],
    [
      'cut off in the bypass, wrong password',
      inbound(certified, false, { ...cutOff, passwordCorrect: false }),
      'wrong-password',
    ],
    [
      'cut off in the bypass, automatic exchange off since',
      inbound({ ...certified, acx: false }, false, cutOff),
      'bypass-closed',
    ],
    [
      'cut off in the bypass, automatic exchange off since, we dial',
      outbound({ ...certified, acx: false }, cutOff),
      'full with',
    ],
    ['cut off, not configured any more', inbound({ ...open, certificatePresent: true }, false, cutOff), 'full without'],
    // no bypass
    [
      'automatic exchange off, partner says N',
      inbound({ ...identified, acx: false }, false),
      'authentication-mismatch',
    ],
    ['automatic exchange off, partner says Y', inbound({ ...identified, acx: false }, true), 'no-partner-certificate'],
    ['automatic exchange off, we dial', outbound({ ...identified, acx: false }), 'no-partner-certificate'],
    ['not identified, partner says N', inbound({ ...identified, identified: false }, false), 'authentication-mismatch'],
    // secure authentication not configured: the ordinary rule
    ['not configured, partner says N', inbound(open, false), 'full without'],
    ['not configured, partner says Y', inbound(open, true), 'authentication-mismatch'],
    [
      'not configured though a certificate is on file',
      inbound({ ...open, certificatePresent: true }, false),
      'full without',
    ],
    ['not configured, we dial', outbound(open), 'full without'],
    // the password comes before everything
    ['wrong password in the bypass', inbound(identified, false, { passwordCorrect: false }), 'wrong-password'],
    [
      'wrong password with secure authentication',
      inbound(certified, true, { passwordCorrect: false }),
      'wrong-password',
    ],
    // TLS client certificates
    ['client certificate asked, plain TCP', inbound(asked, true), 'tls-client-certificate'],
    [
      'client certificate asked, none presented',
      inbound(asked, true, presented(undefined, false)),
      'tls-client-certificate',
    ],
    ['client certificate asked, trusted, none on file yet', inbound(asked, true, presented('aa', true)), 'full with'],
    [
      'client certificate asked, untrusted, none on file yet',
      inbound(asked, true, presented('aa', false)),
      'tls-client-certificate',
    ],
    [
      'client certificate on file',
      inbound({ ...asked, tlsCertificates: ['aa'] }, true, presented('aa', true)),
      'full with',
    ],
    [
      'another client certificate than the one on file, though trusted',
      inbound({ ...asked, tlsCertificates: ['aa'] }, true, presented('bb', true)),
      'tls-client-certificate',
    ],
    [
      'the client certificate on file is no longer good, another is trusted',
      inbound({ ...asked, tlsCertificatePresent: true }, true, presented('bb', true)),
      'tls-client-certificate',
    ],
    ['client certificate asked, but we dial', outbound(asked), 'full with'],
    // how far the bypass reaches
    ['the last moment', inbound(limited({ until: NOW.toISOString() }), false), 'exchange-only without'],
    ['the time is over', inbound(limited({ until: PAST }), false), 'bypass-expired'],
    ['the time is over, we dial', outbound(limited({ until: PAST })), 'bypass-expired'],
    ['the last attempt', inbound(limited({ attempts: 3 }), false, { bypassUses: 2 }), 'exchange-only without'],
    ['no attempt is left', inbound(limited({ attempts: 3 }), false, { bypassUses: 3 }), 'bypass-exhausted'],
    ['no attempt is left, we dial', outbound(limited({ attempts: 3 }), { bypassUses: 3 }), 'bypass-exhausted'],
    ['an address in the range', inbound(limited({ addresses: ['192.0.2.0/24'] }), false), 'exchange-only without'],
    ['an address outside', inbound(limited({ addresses: ['198.51.100.0/24'] }), false), 'bypass-address'],
    ['an address outside, we dial', outbound(limited({ addresses: ['198.51.100.0/24'] })), 'bypass-address'],
    [
      'all three stand against it: the time is named',
      inbound(limited(everyLimit), false, { bypassUses: 9 }),
      'bypass-expired',
    ],
    [
      'two stand against it: the attempts are named',
      inbound(limited({ ...everyLimit, until: NOW.toISOString() }), false, { bypassUses: 9 }),
      'bypass-exhausted',
    ],
    [
      'limits do not touch secure authentication',
      inbound(limited(everyLimit, certified), true, { bypassUses: 9 }),
      'full with',
    ],
    ['nor a partner without it', inbound(limited(everyLimit, open), false, { bypassUses: 9 }), 'full without'],
    ['a closed bypass is told as closed', inbound(limited(everyLimit, certified), false), 'bypass-closed'],
    ['partner says Y: that is the matter', inbound(limited(everyLimit), true), 'authentication-mismatch'],
    [
      'cut off in the bypass, time and attempts are over',
      inbound(limited({ until: PAST, attempts: 3 }, certified), false, { ...cutOff, bypassUses: 3 }),
      'exchange-only without',
    ],
    [
      'cut off in the bypass, from elsewhere',
      inbound(limited({ addresses: ['198.51.100.0/24'] }, certified), false, cutOff),
      'bypass-address',
    ],
  ])('%s: %#', (_name, facts, expected) => {
    const decision = decideTrust(facts);
    const seen =
      decision.verdict === 'refuse'
        ? decision.reason
        : `${decision.mode} ${decision.secureAuthentication ? 'with' : 'without'}`;
    expect(seen).toBe(expected);
    expect(decision.checks.at(-1)?.ok).toBe(decision.verdict === 'run');
  });

  it.each<[string, PartnerFacts, RegExp]>([
    [
      'a certificate was revoked',
      revoked,
      /was revoked and no other one is still good: .*certificate add.*bypass reopen/,
    ],
    ['it has expired', { ...certified, usableTheirs: 0 }, /expired or recalled ones prove nothing/],
  ])('says why the partner cannot prove itself: %s', (_name, partner, message) => {
    expect(decideTrust(inbound(partner, true))).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('never opens the bypass while any certificate is on file and nothing is left to finish, whatever else is so', () => {
    const bits = [true, false];
    for (const secureAuthentication of bits)
      for (const acx of bits)
        for (const identifiedToo of bits)
          for (const usableTheirs of [0, 1])
            for (const usableOurs of [0, 1])
              for (const offered of [true, false, undefined]) {
                const partner = {
                  ...certified,
                  secureAuthentication,
                  acx,
                  identified: identifiedToo,
                  usableTheirs,
                  usableOurs,
                };
                const decision = decideTrust({
                  ...(offered === undefined ? outbound(partner) : inbound(partner, offered)),
                });
                if (decision.verdict === 'run') {
                  expect(decision.mode).toBe('full');
                  expect(decision.secureAuthentication).toBe(secureAuthentication);
                }
              }
  });
});
