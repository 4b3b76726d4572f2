import { usages, type CertificateStanding, type RevocationMode } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { aCertificate, aPartner, aStation, aTakeOver, day, fingerprintOf } from '../testing/records.js';
import { bypassOpen, hasAuthenticationCertificate } from './bypass.js';
import { addByHand } from './hand-filing.js';
import type { FiledCertificate, PartnerRecord } from './records.js';
import { resolveTheirs, resolveUsages, stateOf } from './resolver.js';
import { isRevoked } from './revoked.js';
import { takeOver } from './take-over.js';

const fell = (reason: NonNullable<CertificateStanding['reason']>): CertificateStanding => ({
  trusted: false,
  reason,
  message: 'So.',
  since: day(0).toISOString(),
});
const stands: CertificateStanding = { trusted: true, message: 'So.', since: day(0).toISOString() };

it.each<[RevocationMode, string, CertificateStanding | undefined, boolean]>([
  ['warn', 'revoked', fell('revoked'), true],
  ['fail', 'revoked', fell('revoked'), true],
  ['off', 'revoked, before the mode was set to off', fell('revoked'), false],
  ['warn', 'trusted', stands, false],
  ['warn', 'nothing', undefined, false],
  ['fail', 'that nobody can tell', fell('revocation-undetermined'), false],
  ['fail', 'that its issuer is unknown', fell('issuer-unknown'), false],
  ['fail', 'that no listed authority issued it', fell('not-by-listed-authority'), false],
  ['fail', 'that it is weak', fell('weak'), false],
  ['fail', 'that it is for something else', fell('usage'), false],
  ['fail', 'that its path does not hold', fell('path'), false],
])(
  'in mode %s, a certificate of which a review found %s, is out of use or not',
  (revocation, _found, standing, out) => {
    expect(isRevoked({ revocation }, standing === undefined ? {} : { standing })).toBe(out);
  },
);

describe('a revoked certificate', () => {
  const deliver = (partner: PartnerRecord, name: string, from = -10, to = 365) =>
    takeOver(partner, aTakeOver(aCertificate(name, from, to)), day(0)).record;
  const withStanding = (partner: PartnerRecord, name: string, changes: Partial<FiledCertificate>): PartnerRecord => ({
    ...partner,
    certificates: partner.certificates.map((one) =>
      one.fingerprint === fingerprintOf(name) ? { ...one, ...changes } : one,
    ),
  });
  const revoke = (partner: PartnerRecord, name: string) => withStanding(partner, name, { standing: fell('revoked') });
  const only = deliver(aPartner(), 'only');
  const two = deliver(deliver(aPartner(), 'older', -100), 'newer');
  const three = deliver(two, 'next', 20);
  const recalled = { replaced: { by: fingerprintOf('only'), exchange: 'e', at: day(0).toISOString() } };

  /** What serves a usage: `current | accepted | scheduled`. */
  const serving = (partner: PartnerRecord): string => {
    const { current, accepted, scheduled } = resolveTheirs(partner, 'tls', day(0));
    const names = (list: readonly FiledCertificate[]) => list.map(({ subject }) => subject.slice(3)).join(' ');
    return [current === undefined ? [] : [current], accepted, scheduled].map(names).join(' | ');
  };
  const states = (partner: PartnerRecord, at = 0): string =>
    partner.certificates.map((one) => stateOf(partner, one, day(at))).join(' ');

  it.each<[string, PartnerRecord, string, string]>([
    ['serves nothing where it is the only one', revoke(only, 'only'), ' |  | ', 'revoked'],
    ['gives way to the one before', revoke(two, 'newer'), 'older |  | ', 'current revoked'],
    ['is not accepted beside the current one', revoke(two, 'older'), 'newer |  | ', 'revoked current'],
    ['leaves the one to come as it is', revoke(three, 'newer'), 'older |  | next', 'current revoked scheduled'],
    ['does not serve later either', revoke(three, 'next'), 'newer | older | ', 'accepted current revoked'],
    [
      'serves again once it is trusted',
      withStanding(two, 'newer', { standing: stands }),
      'newer | older | ',
      'accepted current',
    ],
    [
      'serves again once the mode is off',
      { ...revoke(two, 'newer'), revocation: 'off' },
      'newer | older | ',
      'accepted current',
    ],
    [
      'is told as recalled where it is that too',
      withStanding(revoke(only, 'only'), 'only', { ...recalled }),
      ' |  | ',
      'replaced',
    ],
  ])('%s', (_name, partner, served, told) => {
    const inLine = partner.certificates.some(({ replaced }) => replaced !== undefined)
      ? { ...partner, lines: {} }
      : partner;
    expect(serving(inLine)).toBe(served);
    expect(states(inLine)).toBe(told);
  });

  it('is in no answer of the resolver, for any usage', () => {
    const answer = resolveUsages(revoke(only, 'only'), aStation(), day(0));
    expect(answer).toEqual(usages.map((usage) => ({ usage, accepted: [], scheduled: [], oursAccepted: [] })));
  });

  it('has expired when its time is over', () => {
    expect(states(revoke(only, 'only'), 400)).toBe('expired');
  });

  it('keeps the bypass closed', () => {
    expect(hasAuthenticationCertificate(revoke(only, 'only'))).toBe(true);
    expect(bypassOpen(revoke(only, 'only'), day(0))).toBe(false);
  });

  it.each([
    ['newer', 'renewal | older | ', -5],
    ['older than it, and newer than what serves', 'renewal | older | ', -50],
    ['older than what serves', 'older | renewal | ', -150],
  ])('is followed by a renewal that is %s', (_name, served, from) => {
    expect(serving(deliver(revoke(two, 'newer'), 'renewal', from))).toBe(served);
  });

  it('keeps its place in line meanwhile', () => {
    const renewed = deliver(revoke(two, 'newer'), 'renewal', -5);
    expect(serving(withStanding(renewed, 'newer', { standing: stands }))).toBe('renewal | newer older | ');
  });

  it('put on file by hand for more usages is revoked for these too', () => {
    const tlsOnly = addByHand(aPartner(), aCertificate('hand'), ['tls'], day(0)).record;
    const more = addByHand(revoke(tlsOnly, 'hand'), aCertificate('hand'), ['tls', 'file-encryption'], day(0)).record;
    expect(resolveTheirs(more, 'file-encryption', day(0)).current).toBeUndefined();
  });
});
