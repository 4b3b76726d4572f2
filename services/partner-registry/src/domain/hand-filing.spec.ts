import { describe, expect, it } from '@jest/globals';
import { aCertificate, ALL, aPartner, aTakeOver, day, fingerprintOf } from '../testing/records.js';
import { addByHand, bypassReopened, removeByHand } from './hand-filing.js';
import { resolveTheirs } from './resolver.js';
import { takeOver } from './take-over.js';

const newer = takeOver(aPartner(), aTakeOver(aCertificate('newer', -5)), day(0)).record;

describe('adding by hand', () => {
  it('makes the certificate current, also when it is older: the operator wants it', () => {
    const { record, facts } = addByHand(newer, aCertificate('older', -50), ['tls'], day(0));
    expect(resolveTheirs(record, 'tls', day(0)).current?.fingerprint).toBe(fingerprintOf('older'));
    expect(resolveTheirs(record, 'file-signature', day(0)).current?.fingerprint).toBe(fingerprintOf('newer'));
    expect(facts).toMatchObject([{ contract: { name: 'certificate.added' }, data: { bypassClosed: false } }]);
  });

  it('tells that it closes the bypass', () => {
    const { facts } = addByHand(aPartner(), aCertificate('one'), ['session-authentication'], day(0));
    expect(facts).toMatchObject([{ data: { bypassClosed: true } }]);
  });

  it('the same again is no change, further usages are one', () => {
    const once = addByHand(aPartner(), aCertificate('one'), ['tls'], day(0)).record;
    expect(addByHand(once, aCertificate('one'), ['tls'], day(1))).toEqual({ record: once, facts: [] });
    const more = addByHand(once, aCertificate('one'), ['file-signature'], day(1)).record;
    expect(more.certificates).toMatchObject([{ usages: ['tls', 'file-signature'], addedAt: day(0).toISOString() }]);
  });

  it('refuses an expired one and one that was recalled', () => {
    expect(() => addByHand(aPartner(), aCertificate('old', -9, -1), ALL, day(0))).toThrow(/has expired on 2025-12-31/);
    const recall = aTakeOver(aCertificate('next'), { kind: 'replace', predecessors: [fingerprintOf('newer')] });
    const { record } = takeOver(newer, recall, day(0));
    expect(() => addByHand(record, aCertificate('newer', -5), ALL, day(0))).toThrow(/was recalled/);
    const removed = removeByHand(record, fingerprintOf('newer'), day(0)).record;
    expect(addByHand(removed, aCertificate('newer', -5), ALL, day(0)).facts).toHaveLength(1);
  });
});

describe('removing by hand', () => {
  it('brings the certificate before it back into use', () => {
    const two = takeOver(newer, aTakeOver(aCertificate('newest', -1)), day(0)).record;
    const after = removeByHand(two, fingerprintOf('newest'), day(0)).record;
    expect(resolveTheirs(after, 'tls', day(0)).current?.fingerprint).toBe(fingerprintOf('newer'));
  });

  it('of the last certificate for session authentication reopens the bypass and says so', () => {
    const { record, facts } = removeByHand(newer, fingerprintOf('newer'), day(0));
    expect(facts).toMatchObject([{ contract: { name: 'certificate.removed' }, data: { bypassReopened: true } }]);
    expect(bypassReopened(newer, record, day(0))).toBe(true);
    expect(record.lines).toEqual({});
  });

  it('does not begin the time of the bypass anew', () => {
    const late = { ...newer, bypassLimits: { days: 30, attempts: null, addresses: [] } };
    const { facts } = removeByHand(late, fingerprintOf('newer'), day(1));
    expect(facts).toMatchObject([{ data: { bypassReopened: false } }]);
  });

  it('does not speak of a bypass where there is none', () => {
    const { facts } = removeByHand({ ...newer, acx: false }, fingerprintOf('newer'), day(0));
    expect(facts).toMatchObject([{ data: { bypassReopened: false } }]);
  });

  it('of what is not on file is refused', () => {
    expect(() => removeByHand(newer, fingerprintOf('x'), day(0))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});
