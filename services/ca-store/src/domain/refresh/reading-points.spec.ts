import { createHash } from 'node:crypto';
import { nameKey, readRevocationList } from '@certlane/pki';
import { distributionPointsExtension, testCa, testRevocationList } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { importedId, pointId, readingPointsOf } from './reading-points.js';

const now = new Date('2026-11-20T12:00:00Z');
const acme = testCa({ name: 'Acme', now });
const beta = testCa({ name: 'Beta', now });
const naming = (ca: typeof acme, ...urls: string[]) =>
  ca.issue({ extensions: [distributionPointsExtension([{ names: urls.map((url) => `uri:${url}`) }])] }).certificate;
const withDelta = (url: string) =>
  acme.issue({ extensions: [distributionPointsExtension([{ names: [`uri:${url}`] }], 'freshestCRL')] }).certificate;

describe('the places where revocation lists are read', () => {
  it('are those that certificates name, with the authorities that name them', () => {
    const points = readingPointsOf([
      naming(acme, 'http://crl.example/a.crl', 'ldap://crl.example/a'),
      naming(acme, 'http://crl.example/a.crl'),
      naming(beta, 'http://crl.example/a.crl', 'http://crl.example/b.crl'),
      acme.issue().certificate,
    ]);
    const [a, b] = [acme, beta].map(({ authority }) => nameKey(authority.certificate.subject));
    expect(points).toEqual([
      {
        id: pointId('http://crl.example/a.crl'),
        url: 'http://crl.example/a.crl',
        kind: 'full',
        issuers: new Set([a, b]),
      },
      { id: pointId('http://crl.example/b.crl'), url: 'http://crl.example/b.crl', kind: 'full', issuers: new Set([b]) },
    ]);
    expect(points[0]?.id).toBe(createHash('sha256').update('http://crl.example/a.crl').digest('hex'));
  });

  it('are those of deltas too, behind the complete ones', () => {
    const freshest = [{ issuer: 'acme', freshest: ['http://crl.example/more.crl'] }];
    const points = readingPointsOf(
      [withDelta('http://crl.example/delta.crl'), naming(acme, 'http://crl.example/a.crl')],
      freshest,
    );
    expect(points.map(({ url, kind }) => [url, kind])).toEqual([
      ['http://crl.example/a.crl', 'full'],
      ['http://crl.example/delta.crl', 'delta'],
      ['http://crl.example/more.crl', 'delta'],
    ]);
  });

  it('are not those whose address nobody could be shown', () => {
    expect(readingPointsOf([naming(acme, `http://crl.example/${'x'.repeat(1_100)}`)])).toEqual([]);
  });
});

describe('an imported list', () => {
  const id = (options: Parameters<typeof testRevocationList>[1], ca = acme) =>
    importedId(readRevocationList(testRevocationList(ca.authority, options)));

  it('is named by its issuer and by what it is about', () => {
    const ids = [
      id({}),
      id({}, beta),
      id({ number: 2, baseNumber: 1 }),
      id({ scope: { onlyContains: 'userCerts' } }),
      id({ scope: { onlyContains: 'cACerts' } }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes the place of an earlier one', () => {
    expect(id({ number: 7, revoked: ['01'] })).toBe(id({ number: 6 }));
  });
});
