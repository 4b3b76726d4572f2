import type { Usage } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { aCertificate, ALL, aPartner, aTakeOver, day, fingerprintOf } from '../testing/records.js';
import { bypassOpen } from './bypass.js';
import { reopenBypass } from './bypass-reopening.js';
import { addByHand } from './hand-filing.js';
import { takeOver } from './take-over.js';

const AUTHENTICATION: Usage = 'session-authentication';
const limits = { days: 30, attempts: null, addresses: [] };
const fresh = aPartner({ bypassLimits: limits, createdAt: day(0).toISOString() });
const why = { by: 'operator:anna', reason: 'they lost their key' };

const only = addByHand(fresh, aCertificate('only'), [AUTHENTICATION], day(1)).record;
const both = addByHand(only, aCertificate('both'), ALL, day(1)).record;
const recalled = takeOver(
  both,
  aTakeOver(aCertificate('next'), { kind: 'replace', predecessors: [fingerprintOf('only')] }),
  day(2),
).record;

describe('reopening the bypass', () => {
  it.each([
    ['the only certificate, which leaves the file', only, [], ['only']],
    ['one that serves more, which stays for the rest', both, ['both'], ['only', 'both']],
    [
      'one that was recalled, which stays without a usage',
      recalled,
      ['only', 'both', 'next'],
      ['only', 'both', 'next'],
    ],
  ])('takes away %s', (_name, partner, stay, concerned) => {
    const { record, facts } = reopenBypass(partner, why, day(50));
    expect(record.certificates.map(({ fingerprint }) => fingerprint)).toEqual(stay.map(fingerprintOf));
    expect(record.certificates.flatMap(({ usages }) => usages)).not.toContain(AUTHENTICATION);
    expect(record.lines).not.toHaveProperty(AUTHENTICATION);
    for (const line of Object.values(record.lines)) expect(line).not.toContain(fingerprintOf('only'));
    expect(bypassOpen(record, day(79))).toBe(true);
    expect(bypassOpen(record, day(80))).toBe(false);
    const told = { station: partner.station, partner: partner.id, ...why, certificates: concerned.map(fingerprintOf) };
    expect(facts).toMatchObject([{ contract: { name: 'bypass.reopened' }, data: told }]);
  });

  it('does not let a recalled certificate come back', () => {
    const { record } = reopenBypass(recalled, why, day(50));
    const again = aTakeOver(aCertificate('only'), { exchange: 'again', usages: [AUTHENTICATION] });
    expect(() => takeOver(record, again, day(51))).toThrow(/was recalled by its owner/);
  });

  it('lets the same certificate come back by its exchange, which closes the bypass', () => {
    const { record } = reopenBypass(both, why, day(50));
    const back = takeOver(record, aTakeOver(aCertificate('both'), { exchange: 'again' }), day(51)).record;
    expect(back.certificates).toMatchObject([{ usages: ALL, origin: { by: 'exchange', exchange: 'again' } }]);
    expect(back.lines[AUTHENTICATION]).toEqual([fingerprintOf('both')]);
    expect(bypassOpen(back, day(51))).toBe(false);
  });

  it('begins its time anew when it was only over', () => {
    const { record, facts } = reopenBypass(fresh, { reason: 'too late' }, day(31));
    expect(record).toEqual({ ...fresh, bypassReopenedAt: day(31).toISOString() });
    expect(facts).toMatchObject([{ data: { certificates: [] } }]);
    expect(facts[0]?.data).not.toHaveProperty('by');
  });

  it('begins its attempts anew, which somebody else counts', () => {
    const attempts = { ...fresh, bypassLimits: { ...limits, attempts: 3 } };
    expect(reopenBypass(attempts, why, day(1)).record.bypassReopenedAt).toBe(day(1).toISOString());
  });

  it.each([
    ['is open', fresh, /is open and its time is not over/],
    ['has no exchange', { ...only, acx: false }, /automatic certificate exchange switched off/],
    ['has no secure authentication', { ...only, secureAuthentication: false }, /secure authentication switched off/],
    ['is not identified', { ...only, entries: [] }, /certlane partner identify/],
    ['is a sub-station', { ...only, via: 'O0177GATE' }, /the bypass is that of O0177GATE/],
  ])('is refused where the partner %s', (_name, partner, words) => {
    expect(() => reopenBypass(partner, why, day(1))).toThrow(
      expect.objectContaining({ code: 'failed-precondition', message: expect.stringMatching(words) }),
    );
  });
});
