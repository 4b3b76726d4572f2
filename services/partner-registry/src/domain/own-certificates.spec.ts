import { describe, expect, it } from '@jest/globals';
import { aCertificate, aPartner, aStation, anOwnCertificate, day, fingerprintOf } from '../testing/records.js';
import { activate, activeFor, addOwnCertificate } from './own-certificates.js';
import { switchOwn } from './own-switch.js';
import { LIMITS } from './records.js';

const keyId = fingerprintOf('key');
const add = (station = aStation(), name = 'new', from = -10, to = 365) =>
  addOwnCertificate(station, aCertificate(name, from, to).summary, keyId, day(0));

describe('putting a certificate of ours on file', () => {
  it('tells it once', () => {
    const { record, facts } = add();
    expect(record.certificates).toEqual([{ ...anOwnCertificate('new'), keyId }]);
    expect(facts).toMatchObject([{ contract: { name: 'own-certificate.added' } }]);
    expect(add(record)).toEqual({ record, facts: [] });
  });

  it('lets go of the oldest expired one that is not active when the file is full', () => {
    const expired = ['active', 'first', 'second'].map((name) => anOwnCertificate(name, -90, -1));
    const good = Array.from({ length: LIMITS.ownCertificates - 3 }, (_, n) => anOwnCertificate(`good ${n}`));
    const station = aStation({ certificates: [...expired, ...good], active: { tls: fingerprintOf('active') } });
    const after = add(station).record.certificates.map(({ fingerprint }) => fingerprint);
    expect(after).toHaveLength(LIMITS.ownCertificates);
    expect(after).not.toContain(fingerprintOf('first'));
    expect(after).toEqual(expect.arrayContaining(['active', 'second', 'new'].map(fingerprintOf)));
  });

  it('refuses another one when all are still good', () => {
    const certificates = Array.from({ length: LIMITS.ownCertificates }, (_, n) => anOwnCertificate(`good ${n}`));
    expect(() => add(aStation({ certificates }))).toThrow(expect.objectContaining({ code: 'failed-precondition' }));
  });
});

describe('activating', () => {
  const station = aStation({
    certificates: [
      anOwnCertificate('a'),
      anOwnCertificate('b'),
      anOwnCertificate('past', -90, -1),
      anOwnCertificate('future', 5, 90),
    ],
  });
  const activated = activate(station, fingerprintOf('a'), ['tls', 'file-signature'], day(0)).record;

  it('remembers what was active before, per usage', () => {
    const { record, facts } = activate(activated, fingerprintOf('b'), ['tls'], day(0));
    expect(record.active).toEqual({ tls: fingerprintOf('b'), 'file-signature': fingerprintOf('a') });
    expect(record.formerly.tls).toEqual([fingerprintOf('a')]);
    expect(activeFor(record, fingerprintOf('a'))).toEqual(['file-signature']);
    expect(facts).toMatchObject([{ data: { fingerprint: fingerprintOf('b'), usages: ['tls'] } }]);
  });

  it('going back and forth keeps each certificate in memory once', () => {
    const names = ['b', 'a', 'b', 'a'];
    const last = names.reduce((now, name) => activate(now, fingerprintOf(name), ['tls'], day(0)).record, activated);
    expect(last.formerly.tls).toEqual([fingerprintOf('b')]);
  });

  it('the same again is no change; a further usage tells that usage alone', () => {
    expect(activate(activated, fingerprintOf('a'), ['tls'], day(0))).toEqual({ record: activated, facts: [] });
    const { facts } = activate(activated, fingerprintOf('a'), ['tls', 'eerp-signature'], day(0));
    expect(facts).toMatchObject([{ data: { usages: ['eerp-signature'] } }]);
  });

  it.each([
    ['an expired certificate', 'past', 'failed-precondition', /has expired on 2025-12-31.* create or import a new one/],
    ['one that is valid only later', 'future', 'failed-precondition', /valid only from 2026-01-06/],
    ['one that is not on file', 'x', 'not-found', /certlane certificate list/],
  ])('refuses %s', (_name, name, code, words) => {
    expect(() => activate(station, fingerprintOf(name), ['tls'], day(0))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(words) }),
    );
  });
});

describe('the end response of a partner', () => {
  const station = aStation({ certificates: [anOwnCertificate('a'), anOwnCertificate('b')] });
  const asked = (name: string, exchange = `sent ${name}`) => ({
    fingerprint: fingerprintOf(name),
    usages: ['tls'] as const,
    exchange,
  });
  const holdsA = switchOwn(aPartner(), station, asked('a')).record;

  it('switches to the certificate it acknowledges and remembers the one before', () => {
    const { record, facts } = switchOwn(holdsA, station, asked('b'));
    expect(record.own).toEqual({ tls: { acknowledged: fingerprintOf('b'), previous: [fingerprintOf('a')] } });
    expect(facts).toMatchObject([{ contract: { name: 'own-certificate.switched' }, data: { exchange: 'sent b' } }]);
  });

  it('told again does not switch back', () => {
    const holdsB = switchOwn(holdsA, station, asked('b')).record;
    expect(switchOwn(holdsB, station, asked('a'))).toEqual({ record: holdsB, facts: [] });
  });

  it('for what the partner has acknowledged already is no change', () => {
    expect(switchOwn(holdsA, station, asked('a', 'another')).record).toBe(holdsA);
  });

  it('for a certificate that is not ours is refused', () => {
    expect(() => switchOwn(holdsA, station, asked('x'))).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('remembers so many certificates and exchanges and no more', () => {
    const many = Array.from({ length: LIMITS.appliedExchanges + 5 }, (_, n) => `c${n}`);
    const owns = aStation({ certificates: many.map((name) => anOwnCertificate(name)) });
    const last = many.reduce((partner, name) => switchOwn(partner, owns, asked(name)).record, aPartner());
    expect(last.own.tls?.previous).toHaveLength(LIMITS.formerOwn);
    expect(last.applied).toHaveLength(LIMITS.appliedExchanges);
    expect(last.applied.at(-1)).toBe(`sent ${many.at(-1) ?? ''}`);
  });
});
