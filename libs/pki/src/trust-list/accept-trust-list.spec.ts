import { describe, expect, it } from '@jest/globals';
import { acceptTrustList, type TrustListCandidate } from './accept-trust-list.js';

const now = new Date('2026-11-20T12:00:00Z');
const current = { signers: ['aa', 'bb'], sequenceNumber: 7, issuedAt: new Date('2026-11-01T00:00:00Z'), digest: '01' };
const sound: TrustListCandidate = {
  list: {
    sequenceNumber: 8,
    issuedAt: new Date('2026-11-19T00:00:00Z'),
    nextUpdate: new Date('2027-01-01T00:00:00Z'),
  },
  signer: 'aa',
  digest: '02',
};
const withList = (
  list: Partial<TrustListCandidate['list']>,
  rest: Partial<TrustListCandidate> = {},
): TrustListCandidate => ({
  ...sound,
  ...rest,
  list: { ...sound.list, ...list },
});

describe('accepting a trust list', () => {
  it.each([
    ['a newer one', current, sound, false],
    ['one by the other pinned signer', current, { ...sound, signer: 'bb' }, false],
    ['the first', undefined, withList({ sequenceNumber: 1 }, { signer: 'cc' }), false],
    ['the same again', current, withList({ sequenceNumber: 7, issuedAt: current.issuedAt }, { digest: '01' }), true],
    ['one from a clock a little ahead', current, withList({ issuedAt: new Date(now.getTime() + 300_000) }), false],
  ])('takes %s', (_, inUse, candidate, unchanged) => {
    expect(acceptTrustList(inUse, candidate, now)).toEqual({ accepted: true, unchanged });
  });

  it.each([
    ['signer-not-pinned', { ...sound, signer: 'cc' }, 'cc'],
    ['sequence-number-lower', withList({ sequenceNumber: 6 }), '6'],
    ['sequence-number-reused', withList({ sequenceNumber: 7 }), '7'],
    ['next-update-missing', withList({ nextUpdate: undefined }), 'until when'],
    ['next-update-passed', withList({ nextUpdate: now }), '2026-11-20'],
    ['next-update-before-issue', withList({ nextUpdate: sound.list.issuedAt }), '2026-11-19'],
    ['issued-in-future', withList({ issuedAt: new Date(now.getTime() + 300_001) }), 'future'],
    ['issued-before-current', withList({ issuedAt: new Date('2026-10-31T00:00:00Z') }), '2026-10-31'],
  ] as const)('refuses for %s and says so', (reason, candidate, says) => {
    const decision = acceptTrustList(current, candidate, now);
    expect(decision).toEqual({ accepted: false, reason, message: expect.stringContaining(says) });
  });

  it('tells the signer first, then the sequence number, then the times', () => {
    const bad = withList({ sequenceNumber: 1, nextUpdate: undefined }, { signer: 'cc' });
    const reasonOf = (candidate: TrustListCandidate) => acceptTrustList(current, candidate, now);
    expect(reasonOf(bad)).toMatchObject({ reason: 'signer-not-pinned' });
    expect(reasonOf({ ...bad, signer: 'aa' })).toMatchObject({ reason: 'sequence-number-lower' });
    expect(acceptTrustList(undefined, bad, now)).toMatchObject({ reason: 'next-update-missing' });
  });

  it('no longer takes the list in use once its next update has passed', () => {
    const again = withList({ sequenceNumber: 7, issuedAt: current.issuedAt }, { digest: '01' });
    const later = new Date('2027-01-01T00:00:00Z');
    expect(acceptTrustList(current, again, later)).toMatchObject({ reason: 'next-update-passed' });
  });
});
