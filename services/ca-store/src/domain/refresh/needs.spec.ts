import { testCa } from '@certlane/pki/testing';
import type { RevocationAddresses } from '@certlane/pki';
import { describe, expect, it } from '@jest/globals';
import type { KnownAnswer, KnownRevocationList } from '../../ports/trust-state.js';
import type { RevocationNeed } from '../../ports/wanted.js';
import { answerId, editsFor } from './needs.js';
import { pointId } from './reading-points.js';

const now = new Date('2026-11-20T12:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const acme = testCa({ name: 'Acme', now });
const { certificate } = acme.issue();
const issuer = acme.authority.certificate;
const LIST = 'http://crl.example/a.crl';
const RESPONDER = 'http://ocsp.example/';
const nothing = { revocationLists: new Map<string, KnownRevocationList>(), answers: new Map<string, KnownAnswer>() };

const need = (addresses: Partial<RevocationAddresses>, by?: RevocationNeed['by']): RevocationNeed => ({
  certificate,
  issuer,
  addresses: { cRLDistributionPoints: [], freshestCRL: [], ocsp: [], caIssuers: [], ...addresses },
  by,
});
const knowing = (...lists: KnownRevocationList[]) => ({
  ...nothing,
  revocationLists: new Map(lists.map((list) => [list.id, list])),
});
const known = (changes: Partial<KnownRevocationList> = {}): KnownRevocationList => ({
  id: pointId(LIST),
  url: LIST,
  failures: 0,
  issuers: [issuer],
  wantedAt: ago(0.1),
  ...changes,
});

describe('what validations lack', () => {
  it('is where lists and deltas are, with the issuer whose they are', () => {
    const { lists, answers } = editsFor(
      [need({ cRLDistributionPoints: [LIST], freshestCRL: ['http://crl.example/d.crl'] })],
      nothing,
      now,
    );
    expect(lists).toEqual([
      { id: pointId(LIST), url: LIST, failures: 0, wantedAt: now.toISOString(), issuers: [issuer] },
      expect.objectContaining({ url: 'http://crl.example/d.crl' }),
    ]);
    expect(answers).toEqual([]);
  });

  it.each<[string, RevocationNeed['by'], number]>([
    ['asked where nothing told', undefined, 1],
    ['asked again where a responder told', 'ocsp', 1],
    ['left alone where a list told', 'list', 0],
  ])('is a responder, which is %s', (_what, by, count) => {
    const { answers } = editsFor([need({ ocsp: [RESPONDER, 'http://second.example/'] }, by)], nothing, now);
    expect(answers.map(({ id, url }) => [id, url])).toEqual(
      [[answerId(certificate.fingerprint, RESPONDER), RESPONDER]].slice(0, count),
    );
  });

  it('costs nothing when it is known to be wanted, and is noted anew after a day', () => {
    const asked = [need({ cRLDistributionPoints: [LIST] })];
    expect(editsFor(asked, knowing(known()), now).lists).toEqual([]);
    expect(editsFor(asked, knowing(known({ wantedAt: ago(2) })), now).lists).toMatchObject([
      { wantedAt: now.toISOString() },
    ]);
  });

  it('is tried again at once when another issuer may have signed the list', () => {
    const lastTry = { at: ago(0.1), ok: false, reason: 'signer-unknown', message: '' };
    const tomorrow = ago(-1);
    const { lists } = editsFor(
      [need({ cRLDistributionPoints: [LIST] })],
      knowing(known({ issuers: [], lastTry, nextTry: tomorrow })),
      now,
    );
    expect(lists).toMatchObject([{ nextTry: now.toISOString(), issuers: [{ fingerprint: issuer.fingerprint }] }]);
  });

  it('is bounded, however many addresses strangers name', () => {
    const many = Array.from({ length: 6_000 }, (_, n) => need({ cRLDistributionPoints: [`http://crl.example/${n}`] }));
    expect(editsFor(many, nothing, now).lists).toHaveLength(4_500);
    const long = need({ cRLDistributionPoints: [`http://crl.example/${'x'.repeat(2_000)}`] });
    expect(editsFor([long], nothing, now).lists).toEqual([]);
  });
});
