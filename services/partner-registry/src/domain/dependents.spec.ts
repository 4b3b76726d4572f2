import { formatDistinguishedName, summaryOf, type Certificate } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { anEntry, aPartner, day, fingerprintOf } from '../testing/records.js';
import { Authorities, type SupposedAuthority } from './dependents.js';
import type { FiledCertificate } from './records.js';

const company = testCa({ name: 'Beta', now: day(0) });
const { certificate: authority } = company.authority;
const { certificate: root } = company.root;
/** Of the same name and with another key, as an authority that follows another one. */
const successor: Certificate = { ...authority, fingerprint: fingerprintOf('successor'), subjectKeyIdentifier: '00' };
const issued = company.issue().certificate;
const foreign = testCa({ name: 'Gamma', now: day(0) }).issue().certificate;

const filed = (certificate: Certificate, changes: Partial<FiledCertificate> = {}): FiledCertificate => ({
  ...summaryOf(certificate),
  certificate: Buffer.from(certificate.der).toString('base64'),
  usages: ['tls'],
  origin: { by: 'operator' },
  addedAt: day(0).toISOString(),
  ...changes,
});
const supposed = (certificate: Certificate, changes: Partial<SupposedAuthority> = {}): SupposedAuthority => ({
  fingerprint: certificate.fingerprint,
  certificate,
  below: [],
  stillCarries: false,
  ...changes,
});
const standing = { trusted: true, message: 'It is.', anchor: authority.fingerprint, since: day(0).toISOString() };
const replaced = { by: fingerprintOf('next'), exchange: 'e', at: day(0).toISOString() };
const entry = { ...anEntry, issuer: { fingerprint: authority.fingerprint, subject: 'CN=Beta' } };
const selfIssued = { subject: 'CN=it', issuer: 'CN=it' };
const name = formatDistinguishedName(authority.subject);

describe('what may depend on an authority', () => {
  const both = [filed(issued), filed(foreign)];
  it.each<[string, FiledCertificate[], SupposedAuthority[], { readonly fingerprint: string }[]]>([
    ['nothing', [], [supposed(authority)], []],
    ['what it issued', both, [supposed(authority)], [issued]],
    ['not what another of its name issued', both, [supposed(successor)], []],
    ['what is issued below it', both, [supposed(root, { below: [name] })], [issued]],
    ['nothing where nobody stands below it', both, [supposed(root)], []],
    ['anything where those below it are too many to name', both, [supposed(root, { below: undefined })], both],
    ['what ends at it', [filed(foreign, { standing })], [supposed(authority)], [foreign]],
    [
      'what ends at it, when nobody has it any more',
      [filed(foreign, { standing }), filed(issued)],
      [{ fingerprint: authority.fingerprint, stillCarries: false }],
      [foreign],
    ],
    ['what depends on either of two', both, [supposed(successor), supposed(authority)], [issued]],
    ['nothing that was recalled', [filed(issued, { replaced, standing })], [supposed(authority)], []],
    ['nothing that has expired', [filed(issued, { notAfter: day(-1).toISOString() })], [supposed(authority)], []],
    ['what is valid only later', [filed(issued, { notBefore: day(1).toISOString() })], [supposed(authority)], [issued]],
    ['nothing that is its own issuer', [filed(issued, { ...selfIssued, standing })], [supposed(authority)], []],
  ])('%s', (_name, certificates, all, candidates) => {
    const found = new Authorities(all).candidates(aPartner({ certificates }), day(0));
    expect(found.map(({ fingerprint }) => fingerprint)).toEqual(candidates.map(({ fingerprint }) => fingerprint));
  });

  it('an authority without a key identifier carries whatever names it as issuer', () => {
    const bare: Certificate = { ...successor, subjectKeyIdentifier: undefined };
    const partner = aPartner({ certificates: [filed(issued)] });
    expect(new Authorities([supposed(bare)]).candidates(partner, day(0))).toHaveLength(1);
  });

  it('identification entries that name it, unless what it issues is trusted even so', () => {
    const partner = aPartner({ entries: [entry, anEntry, entry] });
    expect(new Authorities([supposed(authority)]).entries(partner)).toBe(2);
    expect(new Authorities([supposed(authority, { stillCarries: true })]).entries(partner)).toBe(0);
    expect(new Authorities([supposed(successor)]).entries(partner)).toBe(0);
  });
});
