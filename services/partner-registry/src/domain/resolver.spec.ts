import { usages } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { anOwnCertificate, aPartner, aStation, day, fingerprintOf } from '../testing/records.js';
import type { OwnUse } from './records.js';
import { resolveOurs, resolveUsages } from './resolver.js';

const own = {
  past: anOwnCertificate('past', -300, -5),
  old: anOwnCertificate('old', -200, 100),
  now: anOwnCertificate('now', -20, 300),
  next: anOwnCertificate('next', -2, 365),
  future: anOwnCertificate('future', 20, 365),
};

const station = (active?: keyof typeof own, formerly: readonly (keyof typeof own)[] = []) =>
  aStation({
    certificates: Object.values(own),
    active: active === undefined ? {} : { tls: fingerprintOf(active) },
    formerly: { tls: formerly.map(fingerprintOf) },
  });

const holds = (acknowledged: keyof typeof own, ...previous: (keyof typeof own)[]): OwnUse => ({
  acknowledged: fingerprintOf(acknowledged),
  previous: previous.map(fingerprintOf),
});

describe('our certificate towards a partner', () => {
  it.each([
    ['is the active one while none is acknowledged', station('now'), undefined, 'now', ''],
    ['follows the station when none is acknowledged', station('next', ['now']), undefined, 'next', 'now'],
    [
      'is the acknowledged one although the station has a newer one',
      station('next', ['now']),
      holds('now'),
      'now',
      'next',
    ],
    ['may be newer than what the station has active', station('now'), holds('next', 'now'), 'next', 'now'],
    ['leaves what was acknowledged before acceptable', station('next'), holds('next', 'now', 'old'), 'next', 'now old'],
    ['leaves the active one acceptable beside the acknowledged', station('old'), holds('next'), 'next', 'old'],
    ['leaves what was active before acceptable', station('next', ['old']), holds('next'), 'next', 'old'],
    ['never accepts an expired one', station('now', ['past']), holds('now', 'past'), 'now', ''],
    ['is the active one when the acknowledged one has expired', station('now'), holds('past'), 'now', ''],
    ['is none when nothing is active', station(), undefined, '', ''],
    ['is none when what is active has expired', station('past', ['old']), undefined, '', 'old'],
  ])('%s', (_name, ours, use, current, accepted) => {
    const nameOf = (fingerprint: string) => Object.keys(own).find((name) => fingerprintOf(name) === fingerprint);
    const resolved = resolveOurs(ours, use, 'tls', day(0));
    expect(resolved.current === undefined ? '' : nameOf(resolved.current.fingerprint)).toBe(current);
    expect(resolved.accepted.map(({ fingerprint }) => nameOf(fingerprint)).join(' ')).toBe(accepted);
  });

  it('belongs to its usage alone', () => {
    expect(resolveOurs(station('now'), undefined, 'file-signature', day(0)).current).toBeUndefined();
  });
});

it('the resolver answers for every usage in the order of the vocabulary, also when nothing is on file', () => {
  const answer = resolveUsages(aPartner(), aStation(), day(0));
  expect(answer).toEqual(usages.map((usage) => ({ usage, accepted: [], scheduled: [], oursAccepted: [] })));
});

it('several scheduled certificates are told in the order in which they begin', () => {
  const partner = aPartner({
    certificates: [10, 20].map((from) => ({
      ...anOwnCertificate(`from ${from}`, from),
      subject: 'CN=a',
      issuer: 'CN=b',
      serialNumber: '1',
      extendedKeyUsage: [],
      certificate: '',
      usages: ['tls' as const],
      origin: { by: 'operator' as const },
      addedAt: day(0).toISOString(),
    })),
    lines: { tls: [fingerprintOf('from 20'), fingerprintOf('from 10')] },
  });
  const [tls] = resolveUsages(partner, aStation(), day(0));
  expect(tls?.scheduled.map(({ from }) => from)).toEqual([day(10).toISOString(), day(20).toISOString()]);
});
