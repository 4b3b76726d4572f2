import { createHash } from 'node:crypto';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { testTrustList, type TestTrustListOptions } from '@certlane/pki/trust-list/testing';
import { describe, expect, it } from '@jest/globals';
import type { FollowedList } from '../../ports/trust-state.js';
import { examineTrustList, type ExaminedList } from './examine.js';
import { givenSigners } from './signers.js';
import { takeEdition, type EditionDecision } from './take-edition.js';

const now = new Date('2026-11-20T12:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const scheme = testCa({ name: 'Scheme', now });
const [acme, beta] = [testCa({ name: 'Acme', now }), testCa({ name: 'Beta', now })];
const signer = scheme.issue({ subject: 'CN=Signer' });
const other = scheme.issue({ subject: 'CN=Other signer' });
const services = (...companies: (typeof acme)[]) => [
  { services: companies.map(({ chain }) => ({ certificates: chain })) },
];

const empty: FollowedList = { name: 'odette', level: 'oftp2', failures: 0, signers: [] };
const pinned: FollowedList = { ...empty, signers: givenSigners([signer.certificate], 'operator:anna', now) };

function examined(
  by: TestIdentity,
  options: TestTrustListOptions,
  signers: readonly TestIdentity[] = [by],
): ExaminedList {
  const octets = testTrustList(by, now, options);
  const result = examineTrustList({
    octets,
    signers: signers.map(({ certificate }) => certificate.der),
    level: 'oftp2',
    now,
  });
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`);
  return result;
}

const take = (followed: FollowedList, list: ExaminedList, at = now): EditionDecision =>
  takeEdition(followed, { examined: list, content: createHash('sha256').update(list.digest).digest('hex'), now: at });

function taken(followed: FollowedList, list: ExaminedList, at = now) {
  const decision = take(followed, list, at);
  if (!decision.taken || decision.unchanged) throw new Error(JSON.stringify(decision));
  return decision;
}

describe('an edition of a trust list', () => {
  it('is taken from a pinned signer, and says which authorities come', () => {
    const { followed, difference, pinnedByList } = taken(pinned, examined(signer, { providers: services(acme) }));
    expect(followed.edition).toMatchObject({
      sequenceNumber: 7,
      schemeName: 'Test OFTP2 TSL',
      operatorName: 'Test Operator',
    });
    expect(difference.added.map(({ certificate }) => certificate.fingerprint)).toEqual([
      acme.authority.certificate.fingerprint,
    ]);
    expect(followed.edition?.authorities[0]?.above.map(({ fingerprint }) => fingerprint)).toEqual([
      acme.root.certificate.fingerprint,
    ]);
    expect(pinnedByList).toBeUndefined();
  });

  it('pins its signer where none was given', () => {
    const { followed, pinnedByList } = taken(empty, examined(signer, { providers: services(acme) }, []));
    expect(pinnedByList).toMatchObject({ pinned: 'first-import' });
    expect(followed.signers.map(({ certificate }) => certificate.fingerprint)).toEqual([
      signer.certificate.fingerprint,
    ]);
  });

  it('says what a newer one adds and takes away', () => {
    const { followed } = taken(pinned, examined(signer, { providers: services(acme), sequenceNumber: 7 }));
    const { difference } = taken(followed, examined(signer, { providers: services(beta), sequenceNumber: 8 }));
    expect(difference).toMatchObject({
      added: [{ certificate: { fingerprint: beta.authority.certificate.fingerprint } }],
      removed: [{ certificate: { fingerprint: acme.authority.certificate.fingerprint } }],
    });
  });

  it('changes nothing when it comes again', () => {
    const list = examined(signer, { providers: services(acme) });
    const { followed } = taken(pinned, list);
    expect(take(followed, list, later(24))).toEqual({ taken: true, unchanged: true, followed });
  });

  it.each<[string, () => ExaminedList, string]>([
    ['a lower sequence number', () => examined(signer, { sequenceNumber: 6 }), 'sequence-number-lower'],
    ['the same number and other contents', () => examined(signer, { schemeName: 'Another' }), 'sequence-number-reused'],
    [
      'a next update that has passed',
      () => examined(signer, { sequenceNumber: 8, nextUpdate: later(-1) }),
      'next-update-passed',
    ],
    ['no next update', () => examined(signer, { sequenceNumber: 8, nextUpdate: null }), 'next-update-missing'],
    ['a signer that is not pinned', () => examined(other, { sequenceNumber: 8 }), 'signer-not-pinned'],
  ])('is refused with %s, and the last good one stays', (_what, list, reason) => {
    const { followed } = taken(pinned, examined(signer, { providers: services(acme) }));
    expect(take(followed, list())).toMatchObject({ taken: false, trouble: { reason } });
  });

  it('is refused before anything is in use as well', () => {
    expect(take(pinned, examined(other, {}))).toMatchObject({ trouble: { reason: 'signer-not-pinned' } });
    expect(take(pinned, examined(signer, { nextUpdate: later(-1) }))).toMatchObject({
      trouble: { reason: 'next-update-passed' },
    });
  });

  it('reports entries that are broken and uses the rest', () => {
    const list = examined(signer, {
      providers: [
        { services: [{ certificates: ['aGVsbG8='] }, { certificates: acme.chain }] },
        { name: 'Beta', services: [{ name: 'Not an authority', certificates: [beta.issue().certificate] }] },
      ],
    });
    expect(list.authorities).toHaveLength(1);
    expect(list.broken).toEqual([
      expect.objectContaining({ place: 'TrustServiceProvider 1, TSPService 1', reason: 'certificate-malformed' }),
      expect.objectContaining({ place: 'Beta, Not an authority', reason: 'not-an-authority' }),
    ]);
  });

  it('that was tampered with, or is none, is refused by its examination', () => {
    const octets = testTrustList(signer, now, { providers: services(acme) });
    const tampered = Buffer.from(Buffer.from(octets).toString('utf8').replace('Test Provider', 'Best Provider'));
    const examine = (octets_: Uint8Array) =>
      examineTrustList({ octets: octets_, signers: [signer.certificate.der], level: 'oftp2', now });
    expect(examine(tampered)).toMatchObject({ ok: false, reason: 'trust-list-signature-invalid' });
    expect(examine(Buffer.from('<html/>'))).toMatchObject({ ok: false, reason: 'trust-list-malformed' });
  });
});
