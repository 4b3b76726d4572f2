import { describe, expect, it } from '@jest/globals';
import { aCertificate, ALL, aPartner, aStation, aTakeOver, day, fingerprintOf } from '../testing/records.js';
import { hasAuthenticationCertificate } from './bypass.js';
import type { PartnerRecord } from './records.js';
import { resolveUsages, stateOf } from './resolver.js';
import { isTakenOver, takeOver, type TakeOver } from './take-over.js';

const station = aStation();

function after(...steps: readonly TakeOver[]): PartnerRecord {
  return steps.reduce((partner, step) => takeOver(partner, step, day(0)).record, aPartner());
}

function states(partner: PartnerRecord, at = 0): Record<string, string> {
  return Object.fromEntries(partner.certificates.map((one) => [one.subject.slice(3), stateOf(partner, one, day(at))]));
}

const usageOf = (partner: PartnerRecord, usage: string, at = 0) =>
  resolveUsages(partner, station, day(at)).find((one) => one.usage === usage);

const first = aTakeOver(aCertificate('first', -100, 100));
const second = aTakeOver(aCertificate('second', -1, 365), { predecessors: [fingerprintOf('first')] });

describe('deliver', () => {
  it('makes the new certificate current and keeps its predecessor accepted until that expires', () => {
    const partner = after(first, second);
    expect(states(partner)).toEqual({ first: 'accepted', second: 'current' });
    expect(usageOf(partner, 'file-signature')).toMatchObject({
      current: fingerprintOf('second'),
      accepted: [{ fingerprint: fingerprintOf('first'), until: day(100).toISOString() }],
    });
    expect(states(partner, 101)).toEqual({ first: 'expired', second: 'current' });
    expect(usageOf(partner, 'file-signature', 101)?.accepted).toEqual([]);
  });

  it('keeps one that is valid only later scheduled and lets it take over by itself', () => {
    const later = aTakeOver(aCertificate('later', 30, 365));
    const partner = after(first, later);
    expect(states(partner)).toEqual({ first: 'current', later: 'scheduled' });
    expect(usageOf(partner, 'tls')?.scheduled).toEqual([
      { fingerprint: fingerprintOf('later'), from: day(30).toISOString() },
    ]);
    expect(states(partner, 30)).toEqual({ first: 'accepted', later: 'current' });
  });

  it('never makes an older certificate current', () => {
    const partner = after({ ...second, predecessors: [] }, first);
    expect(states(partner)).toEqual({ first: 'accepted', second: 'current' });
  });

  it('leaves a predecessor the usages that the new certificate does not serve', () => {
    const partner = after(first, { ...second, usages: ['tls'] });
    expect(usageOf(partner, 'tls')?.current).toBe(fingerprintOf('second'));
    expect(usageOf(partner, 'file-encryption')?.current).toBe(fingerprintOf('first'));
    expect(states(partner)).toEqual({ first: 'current', second: 'current' });
  });

  it('tells the take-over with its predecessors, and that it closed the bypass', () => {
    const { facts } = takeOver(aPartner(), first, day(0));
    expect(facts).toMatchObject([
      { contract: { name: 'certificate.taken-over' }, data: { kind: 'deliver', bypassClosed: true, usages: ALL } },
    ]);
    expect(takeOver(after(first), second, day(0)).facts).toMatchObject([
      { data: { bypassClosed: false, predecessors: [fingerprintOf('first')] } },
    ]);
  });
});

describe('replace', () => {
  const replace: TakeOver = { ...second, kind: 'replace', exchange: 'recall' };

  it('puts its predecessors out of use at once and for every usage', () => {
    const partner = after(first, { ...replace, usages: ['tls'] });
    expect(states(partner)).toEqual({ first: 'replaced', second: 'current' });
    expect(usageOf(partner, 'file-encryption')).toMatchObject({ accepted: [] });
    expect(usageOf(partner, 'file-encryption')).not.toHaveProperty('current');
  });

  it('makes an older certificate current: the owner goes back to it', () => {
    const back = aTakeOver(aCertificate('back', -200, 365), {
      kind: 'replace',
      exchange: 'recall',
      predecessors: [fingerprintOf('second')],
    });
    expect(states(after(first, second, back))).toEqual({ first: 'accepted', second: 'replaced', back: 'current' });
  });

  it('tells the recall of each predecessor that was still in use', () => {
    const { facts } = takeOver(after(first), replace, day(0));
    expect(facts.map(({ contract }) => contract.name)).toEqual(['certificate.taken-over', 'certificate.replaced']);
    expect(facts[1]).toMatchObject({ data: { fingerprint: fingerprintOf('first'), by: fingerprintOf('second') } });
  });

  it('with a certificate that is on file already only puts the predecessors out of use', () => {
    const partner = after(first, second, replace);
    expect(states(partner)).toEqual({ first: 'replaced', second: 'current' });
    expect(partner.certificates).toHaveLength(2);
  });

  it('keeps the bypass closed when it leaves no usable certificate for session authentication', () => {
    const partner = after(first, { ...replace, usages: ['tls'] });
    expect(usageOf(partner, 'session-authentication')).not.toHaveProperty('current');
    expect(hasAuthenticationCertificate(partner)).toBe(true);
  });

  it.each(['deliver', 'request', 'replace'] as const)(
    'is final: %s does not bring a recalled certificate back',
    (kind) => {
      const partner = after(first, replace);
      const again: TakeOver = { ...first, kind, exchange: 'again' };
      expect(() => takeOver(partner, again, day(0))).toThrow(/recalled by its owner/);
    },
  );
});

describe('the same again', () => {
  it.each([
    ['the same exchange', second],
    ['the same exchange under another certificate', { ...second, certificate: aCertificate('other') }],
    ['the same certificate by another exchange', { ...second, exchange: 'another' }],
    ['the same certificate for fewer usages', { ...second, exchange: 'another', usages: ['tls'] as const }],
  ])('%s changes nothing', (_name, asked) => {
    const partner = after(first, second);
    expect(isTakenOver(partner, asked)).toBe(true);
    expect(takeOver(partner, asked, day(0))).toEqual({ record: partner, facts: [] });
  });

  it('the same exchange changes nothing even after its certificate was recalled', () => {
    const third = aTakeOver(aCertificate('third'), { kind: 'replace', predecessors: [fingerprintOf('second')] });
    const partner = after(first, second, third);
    expect(takeOver(partner, second, day(0)).record).toBe(partner);
  });

  it('the same certificate for one more usage serves it from then on', () => {
    const partner = after({ ...first, usages: ['tls'] });
    const more = takeOver(partner, { ...first, exchange: 'more', usages: ['tls', 'file-signature'] }, day(0)).record;
    expect(more.certificates).toHaveLength(1);
    expect(usageOf(more, 'file-signature')?.current).toBe(fingerprintOf('first'));
  });
});

describe('a take-over that cannot be', () => {
  it.each([
    ['an expired certificate', aTakeOver(aCertificate('old', -50, -1)), 'failed-precondition', 'expired'],
    ['an unknown predecessor', { ...second, predecessors: [fingerprintOf('x')] }, 'invalid-argument', 'not on file'],
    ['itself as predecessor', { ...second, predecessors: [fingerprintOf('second')] }, 'invalid-argument', 'itself'],
  ])('%s is refused', (_name, asked, code, words) => {
    expect(() => takeOver(after(first), asked, day(0))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );
  });
});
