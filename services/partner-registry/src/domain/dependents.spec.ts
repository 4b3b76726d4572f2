import { summaryOf, type Certificate } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { expect, it } from '@jest/globals';
import { anEntry, aPartner, day, fingerprintOf } from '../testing/records.js';
import { Authority } from './dependents.js';
import type { FiledCertificate } from './records.js';

const company = testCa({ name: 'Beta', now: day(0) });
const { certificate: authority } = company.authority;
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
const standing = { trusted: true, message: 'It is.', anchor: authority.fingerprint, since: day(0).toISOString() };
const replaced = { by: fingerprintOf('next'), exchange: 'e', at: day(0).toISOString() };
const entry = { ...anEntry, issuer: { fingerprint: authority.fingerprint, subject: 'CN=Beta' } };

it.each([
  ['nothing', {}, authority, 0, []],
  ['entries that name it', { entries: [entry, anEntry, entry] }, authority, 2, []],
  ['what it issued', { certificates: [filed(issued), filed(foreign)] }, authority, 0, [issued]],
  ['not what another of its name issued', { certificates: [filed(issued)] }, successor, 0, []],
  ['what ends at it', { certificates: [filed(foreign, { standing })] }, authority, 0, [foreign]],
  [
    'what ends at it, when nobody has it any more',
    { certificates: [filed(foreign, { standing })] },
    undefined,
    0,
    [foreign],
  ],
  ['nothing that was recalled', { certificates: [filed(issued, { replaced, standing })] }, authority, 0, []],
  [
    'nothing that has expired',
    { certificates: [filed(issued, { notAfter: day(-1).toISOString() })] },
    authority,
    0,
    [],
  ],
])('on an authority stands %s', (_name, changes, known, entries, certificates) => {
  const partner = aPartner({ entries: [], ...changes });
  const dependence = new Authority((known ?? authority).fingerprint, known).dependence(partner, day(0));
  if (entries === 0 && certificates.length === 0) expect(dependence).toBeUndefined();
  else expect(dependence).toEqual({ entries, certificates: certificates.map(summaryOf) });
});

it('an authority without a key identifier carries whatever names it as issuer', () => {
  const bare: Certificate = { ...successor, subjectKeyIdentifier: undefined };
  const partner = aPartner({ entries: [], certificates: [filed(issued)] });
  const dependence = new Authority(bare.fingerprint, bare).dependence(partner, day(0));
  expect(dependence).toEqual({ entries: 0, certificates: [summaryOf(issued)] });
});
