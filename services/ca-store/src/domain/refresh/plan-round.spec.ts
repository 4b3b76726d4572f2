import { IssuerIndex, nameKey, readOcspResponse, readRevocationList } from '@certlane/pki';
import {
  distributionPointsExtension,
  TestAuthority,
  testCa,
  testOcspResponse,
  testRevocationList,
} from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import type { KnownAnswer, KnownRevocationList } from '../../ports/trust-state.js';
import { answerView } from './answer-reading.js';
import { planRound, pointsOf } from './plan-round.js';
import { pointId } from './reading-points.js';
import { usualRefresh } from './settings.js';
import { listStatesOf, listStatesText } from './list-states.js';

const now = new Date('2026-11-20T12:00:00Z');
const days = (n: number) => new Date(now.getTime() + n * 86_400_000).toISOString();
const acme = testCa({ name: 'Acme', now });
const names = (path: string) => [distributionPointsExtension([{ names: [`uri:http://crl.example/${path}`] }])];
const root = TestAuthority.root('Root', now, { extensions: names('self.crl') });
const below = root.subordinate('Below', { extensions: names('root.crl') });

const list = (path: string, changes: Partial<KnownRevocationList> = {}): KnownRevocationList => ({
  id: pointId(`http://crl.example/${path}`),
  url: `http://crl.example/${path}`,
  failures: 0,
  wantedAt: days(-1),
  ...changes,
});
const answer = (changes: Partial<KnownAnswer> = {}): KnownAnswer => {
  const { certificate } = acme.issue();
  return {
    id: certificate.fingerprint,
    certificate,
    issuer: acme.authority.certificate,
    url: 'http://ocsp.example/',
    failures: 0,
    wantedAt: days(-1),
    ...changes,
  };
};
const view = (lists: readonly KnownRevocationList[], answers: readonly KnownAnswer[] = []) => ({
  revocationLists: new Map(lists.map((one) => [one.id, one])),
  answers: new Map(answers.map((one) => [one.id, one])),
  trustLists: new Map(),
});
const paths = (round: ReturnType<typeof planRound>) => round.lists.map(({ record }) => record.url?.slice(19));

describe('a round of reading', () => {
  it('has what is due, what has waited longest first', () => {
    const present = [
      list('tomorrow', { nextTry: days(1) }),
      list('now', { nextTry: days(0) }),
      list('long ago', { nextTry: days(-3) }),
      list('never'),
      { id: 'f'.repeat(64), failures: 0, list: readRevocationList(testRevocationList(acme.authority)) },
    ];
    expect(paths(planRound(view(present), [], now))).toEqual(['never', 'long ago', 'now']);
  });

  it('has the places that authorities name, of which nothing is known yet, and deltas last', () => {
    const issuers = new Set(['acme']);
    const named = [
      { id: '1', url: 'http://crl.example/delta', kind: 'delta', issuers } as const,
      { id: '2', url: 'http://crl.example/full', kind: 'full', issuers } as const,
    ];
    const round = planRound(view([]), named, now);
    expect(paths(round)).toEqual(['full', 'delta']);
    expect(round.lists[0]).toMatchObject({ record: { id: '2', failures: 0 }, expected: issuers });
  });

  it('gives up what no authority names and nobody asked for in a month', () => {
    const present = [list('unwanted', { wantedAt: days(-31) }), list('named', { wantedAt: undefined }), list('wanted')];
    const named = [{ id: list('named').id, url: 'http://crl.example/named', kind: 'full', issuers: new Set<string>() }];
    const expired = answer({ certificate: acme.issue({ expired: true }).certificate, id: '1' });
    const unwanted = answer({ wantedAt: days(-31), id: '2' });
    const round = planRound(
      view(present, [expired, unwanted, answer()]),
      named as Parameters<typeof planRound>[1],
      now,
    );
    expect(round.forgottenLists).toEqual([list('unwanted').id]);
    expect(paths(round).sort()).toEqual(['named', 'wanted']);
    expect(round.forgottenAnswers).toEqual(['1', '2']);
    expect(round.answers).toHaveLength(1);
  });

  it('expects the lists of those who name a place, and of the issuers of certificates that do', () => {
    const present = [list('a', { issuers: [acme.authority.certificate] }), list('b')];
    const [a, b] = planRound(view(present), [], now).lists;
    expect(a?.expected).toEqual(new Set([nameKey(acme.authority.certificate.subject)]));
    expect(b?.expected).toBeUndefined();
  });
});

describe('the places that authorities name', () => {
  const found = (...known: TestAuthority[]) =>
    pointsOf({ known: new IssuerIndex(known.map(({ certificate }) => certificate)), revocationLists: new Map() });

  it('are those whose list can be verified: of authorities below one that is known', () => {
    expect(found(root, below).map(({ url }) => url)).toEqual(['http://crl.example/root.crl']);
    expect(found(below)).toEqual([]);
  });

  it('are also where a list says that its deltas are', () => {
    const freshestCRL = [{ names: ['uri:http://crl.example/delta.crl'] }];
    const known = list('a', { list: readRevocationList(testRevocationList(acme.authority, { freshestCRL })) });
    const points = pointsOf({ known: new IssuerIndex(), revocationLists: new Map([[known.id, known]]) });
    expect(points.map(({ url, kind }) => [url, kind])).toEqual([['http://crl.example/delta.crl', 'delta']]);
  });
});

describe('how lists stand', () => {
  it('names the addresses that fail the longest', () => {
    const lastTry = { at: days(0), ok: false, reason: 'time', message: '' };
    const present = Array.from({ length: 5 }, (_, n) => list(`${n}`, { failures: n, lastTry }));
    expect(listStatesText(view(present), usualRefresh, now)).toBe(
      'revocation lists: 5 missing; 5 cannot be read, such as http://crl.example/4 (time), http://crl.example/3 (time), http://crl.example/2 (time)',
    );
  });

  it('is told by kind and state', () => {
    const octets = testOcspResponse(acme.authority, [{ certificate: acme.issue().certificate }]);
    const good = answer();
    const sound = testOcspResponse(acme.authority, [{ certificate: good.certificate }]);
    const answered = {
      ...good,
      answer: { content: '', octets: sound, response: readOcspResponse(sound), takenAt: days(0) },
    };
    const other = { ...answer(), answer: { ...answered.answer, octets, response: readOcspResponse(octets) } };
    const present = [
      list('a'),
      list('b', { list: readRevocationList(testRevocationList(acme.authority)), takenAt: days(0) }),
    ];
    const held = view(present, [answered, other]);
    expect(listStatesOf(held, usualRefresh, now)).toEqual({
      'revocation-list': { current: 1, old: 0, 'too-old': 0, missing: 1 },
      ocsp: { current: 1, old: 0, 'too-old': 0, missing: 1 },
      'trust-list': { current: 0, 'out-of-date': 0, 'never-read': 0 },
    });
    expect(listStatesText(held, usualRefresh, now)).toBe(
      'revocation lists: 1 current, 1 missing; OCSP answers: 1 current, 1 missing',
    );
    expect(listStatesText(view([]), usualRefresh, now)).toBe('none');
    expect(answerView(answered, usualRefresh, now)).toMatchObject({
      kind: 'ocsp',
      state: 'current',
      issuer: expect.any(String),
    });
  });
});
