import { describe, expect, it } from '@jest/globals';
import { formatDistinguishedName, parseDistinguishedName as dn } from '../names/index.js';
import { refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { entryMatches, type IdentificationEntry, parseIdentifiedSubject } from './identification-entry.js';

const ca = testCa({ now: new Date('2026-03-01T00:00:00Z') });
const { certificate } = ca.issue({ host: 'oftp2.example.com', odetteId: 'O0013ACME' });
const issuer = ca.authority.certificate.subject;

const match = (entry: Partial<IdentificationEntry>): string => {
  const result = entryMatches({ subject: dn('CN=oftp2.example.com'), issuer, ...entry }, certificate);
  return result.matches ? result.exactness : result.reason;
};

describe('entryMatches', () => {
  it.each([
    ['CN=oftp2.example.com,serialNumber=O0013ACME,O=Example,C=DE', 'full'],
    ['C=DE,O=EXAMPLE,serialNumber=o0013acme,CN=oftp2.example.com', 'full'],
    ['CN=oftp2.example.com,C=DE', 'partial'],
    ['serialNumber=O0013ACME', 'partial'],
    ['CN=OFTP2.example.com', 'common-name'],
    ['CN=oftp2.example.org', 'subject'],
    ['CN=oftp2.example.com,O=Other', 'subject'],
    ['CN=oftp2.example.com,serialNumber=O0013ACME,O=Example,C=DE,L=Hof', 'subject'],
    ['', 'subject'],
  ])('answers the subject %j with %s', (subject, answer) => {
    expect(match({ subject: dn(subject) })).toBe(answer);
  });

  it.each<[string, Partial<IdentificationEntry>, string]>([
    ['the issuer in another order', { issuer: dn('C=DE,CN=Acme OFTP2 CA,O=Certlane Test') }, 'common-name'],
    ['the issuer in part', { issuer: dn('CN=Acme OFTP2 CA') }, 'issuer'],
    ["the issuer's issuer", { issuer: ca.root.certificate.subject }, 'issuer'],
    ['a key usage the certificate has', { keyUsage: '80' }, 'common-name'],
    ['all its key usages', { keyUsage: 'A0' }, 'common-name'],
    ['no key usage in particular', { keyUsage: '' }, 'common-name'],
    ['a key usage it has not', { keyUsage: 'c0' }, 'key-usage'],
    ['a purpose it has', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }, 'common-name'],
    ['a purpose it has not', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.4'] }, 'extended-key-usage'],
  ])('minds %s', (_, entry, answer) => {
    expect(match(entry)).toBe(answer);
  });

  it('says what it found and what was wanted', () => {
    expect(entryMatches({ subject: dn('CN=b'), issuer }, certificate)).toEqual({
      matches: false,
      reason: 'subject',
      message:
        'The certificate\'s subject is "CN=oftp2.example.com,serialNumber=O0013ACME,O=Example,C=DE"; the identification data wants "CN=b".',
    });
  });

  it('never matches with an empty subject, not even a certificate that has none', () => {
    const nameless = { ...certificate, subject: [] };
    expect(entryMatches({ subject: [], issuer }, nameless)).toMatchObject({ matches: false, reason: 'subject' });
  });

  it('takes a certificate without key usage for one that lacks the usage', () => {
    const bare = ca.issue({ keyUsage: 'none' }).certificate;
    expect(entryMatches({ subject: dn('CN=oftp2.example.com'), issuer, keyUsage: '80' }, bare)).toMatchObject({
      matches: false,
      reason: 'key-usage',
    });
  });
});

describe('parseIdentifiedSubject', () => {
  it.each([
    ['oftp2.example.com', 'CN=oftp2.example.com'],
    ['  Example, Inc. ', 'CN=Example\\, Inc.'],
    ['CN=a,C=DE', 'CN=a,C=DE'],
  ])('reads %j as %s', (text, name) => {
    expect(formatDistinguishedName(parseIdentifiedSubject(text))).toBe(name);
  });

  it.each(['', '  ', 'XY=a', 'CN=a,'])('refuses %j', (text) => {
    expect(refusalOf(() => parseIdentifiedSubject(text))).toBe('name-malformed');
  });
});
