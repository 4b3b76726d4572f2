import { describe, expect, it } from '@jest/globals';
import { CertlaneError, type Issuer } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import { BusTlsStore } from './bus-tls-store.js';

const FINGERPRINT = 'a'.repeat(64);
const issuer = (standing: Pick<Issuer, 'installed' | 'lists'>): Issuer => ({
  fingerprint: FINGERPRINT,
  subject: 'CN=CA',
  issuer: 'CN=CA',
  serialNumber: '1',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  extendedKeyUsage: [],
  certificate: Buffer.from('DER').toString('base64'),
  selfSigned: true,
  ...standing,
});
const by = (purpose: 'oftp2' | 'verification-only') => ({ purpose, at: '2026-01-01T00:00:00.000Z' });
const LIST = { name: 'odette', level: 'oftp2' } as const;

/** ca-store as far as it is asked here. */
function storeWith(found: Issuer | undefined, asked: unknown[] = []): BusTlsStore {
  const request = (contract: { name: string }, input: unknown) => {
    asked.push(input);
    if (found === undefined) return Promise.reject(new CertlaneError('not-found', 'no such issuer'));
    return Promise.resolve(contract.name === 'issuer.get' ? { issuer: found } : { issuers: [found] });
  };
  return new BusTlsStore({ request } as unknown as Bus);
}

describe('BusTlsStore', () => {
  it.each<[string, Issuer | undefined, string | undefined]>([
    ['installed for partners', issuer({ installed: by('oftp2'), lists: [] }), 'DER'],
    ['in accord on a trust list', issuer({ lists: [LIST] }), 'DER'],
    [
      'installed to complete paths, and in accord',
      issuer({ installed: by('verification-only'), lists: [LIST] }),
      'DER',
    ],
    ['installed to complete paths only', issuer({ installed: by('verification-only'), lists: [] }), undefined],
    ['not there', undefined, undefined],
  ])('trusts an issuer or not: %s', async (_name, found, expected) => {
    const der = await storeWith(found).issuer(FINGERPRINT);
    expect(der === undefined ? undefined : Buffer.from(der).toString()).toBe(expected);
  });

  it('asks for those on which certificates of partners are trusted', async () => {
    const asked: unknown[] = [];
    const ders = await storeWith(issuer({ lists: [LIST] }), asked).issuers();
    expect(ders.map((der) => Buffer.from(der).toString())).toEqual(['DER']);
    expect(asked).toMatchObject([{ usableByPartners: true }]);
  });
});
