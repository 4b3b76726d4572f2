import { generateKeyPairSync } from 'node:crypto';
import { testCa } from '@certlane/pki/testing';
import type { Certificate } from '@certlane/pki';
import { describe, expect, it } from '@jest/globals';
import type { FollowedList, PinnedSigner } from '../../ports/trust-state.js';
import { afterSigning, confirmSigner, givenSigners, pinnedSigners, stagedSigner, stageSigner } from './signers.js';

const now = new Date('2026-11-20T12:00:00Z');
const ca = testCa({ now });
const [one, two, three] = [1, 2, 3].map((n) => ca.issue({ subject: `CN=Signer ${n}` }).certificate) as [
  Certificate,
  Certificate,
  Certificate,
];
const curve = ca.issue({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }).certificate;
const pinned: PinnedSigner = { certificate: one, pinned: 'given', at: now.toISOString(), by: 'operator:anna' };
const list = (...signers: PinnedSigner[]): FollowedList => ({ name: 'odette', level: 'oftp2', failures: 0, signers });
const fingerprints = (signers: readonly PinnedSigner[]) => signers.map(({ certificate }) => certificate.fingerprint);

describe('the signers of a trust list', () => {
  it('are pinned as an operator gives them, each once', () => {
    const given = givenSigners([one, two, one], 'operator:anna', now);
    expect(fingerprints(given)).toEqual([one.fingerprint, two.fingerprint]);
    expect(given[0]).toMatchObject({ pinned: 'given', by: 'operator:anna', at: now.toISOString() });
  });

  it('have RSA keys, since no other signs trust lists', () => {
    expect(() => givenSigners([curve], undefined, now)).toThrow(/^signers\.0: "CN=.*cannot sign a trust list: its key/);
    expect(() => stageSigner(list(pinned), curve, 'operator:anna', now)).toThrow(/^certificate: .*RSA with 2048 bits/);
  });

  it('are not joined by one that is only proposed', () => {
    const staged = stageSigner(list(pinned), two, 'operator:anna', now);
    expect(fingerprints(pinnedSigners(staged))).toEqual([one.fingerprint]);
    expect(stagedSigner(staged)).toMatchObject({ pinned: 'staged', by: 'operator:anna' });
  });

  it('are joined by one that another person confirms', () => {
    const staged = stageSigner(list(pinned), two, 'operator:anna', now);
    const { followed, signer } = confirmSigner(staged, { fingerprint: two.fingerprint, by: 'operator:bert' });
    expect(fingerprints(pinnedSigners(followed))).toEqual([one.fingerprint, two.fingerprint]);
    expect(signer).toMatchObject({ pinned: 'given', by: 'operator:anna', confirmedBy: 'operator:bert' });
    expect(stagedSigner(followed)).toBeUndefined();
  });

  it('have one proposal at a time: the last one', () => {
    const staged = stageSigner(stageSigner(list(pinned), two, 'operator:anna', now), three, 'operator:bert', now);
    expect(fingerprints(staged.signers)).toEqual([one.fingerprint, three.fingerprint]);
    expect(() => confirmSigner(staged, { fingerprint: two.fingerprint, by: 'operator:anna' })).toThrow(
      /^fingerprint: .*does not wait to be confirmed for odette; "CN=Signer 3".* does, staged by operator:bert$/,
    );
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'a proposal by nobody',
      () => stageSigner(list(pinned), two, undefined, now),
      /^Certlane-Actor: .*; say who acts with --actor NAME$/,
    ],
    [
      'a proposal of one that is pinned',
      () => stageSigner(list(pinned), one, 'operator:anna', now),
      / signs odette already; certlane tsl show odette shows who does$/,
    ],
    [
      'a confirmation by nobody',
      () => confirmSigner(stageSigner(list(pinned), two, 'a', now), { fingerprint: undefined, by: undefined }),
      /^Certlane-Actor: .*; say who acts with --actor NAME$/,
    ],
    [
      'a confirmation by the same person',
      () => confirmSigner(stageSigner(list(pinned), two, 'a', now), { fingerprint: undefined, by: 'a' }),
      /^Certlane-Actor: a has staged "CN=Signer 2" \([0-9a-f]{64}\) at 2026-11-20T12:00:00\.000Z and cannot confirm it; another person confirms it, with a login of their own or certlane --actor NAME tsl signer confirm odette$/,
    ],
    [
      'a confirmation of nothing',
      () => confirmSigner(list(pinned), { fingerprint: undefined, by: 'a' }),
      /no signer of odette waits/,
    ],
  ])('refuse %s', (_what, act, message) => {
    expect(act).toThrow(message);
  });

  it('that were there before give way with the first list that a confirmed one signs', () => {
    const confirmed: PinnedSigner = { ...pinned, certificate: two, confirmedBy: 'operator:bert' };
    const waiting: PinnedSigner = { ...pinned, certificate: three, pinned: 'staged' };
    expect(fingerprints(afterSigning([pinned, confirmed, waiting], two))).toEqual([two.fingerprint, three.fingerprint]);
    expect(fingerprints(afterSigning([pinned, confirmed], one))).toEqual([one.fingerprint, two.fingerprint]);
    expect(fingerprints(afterSigning([pinned], one))).toEqual([one.fingerprint]);
  });
});
