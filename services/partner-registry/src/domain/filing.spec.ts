import type { Usage } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { aCertificate, aPartner, day } from '../testing/records.js';
import { hasAuthenticationCertificate } from './bypass.js';
import { fileCertificate } from './filing.js';
import { LIMITS, type FiledCertificate, type PartnerRecord } from './records.js';
import { announce } from './usage-line.js';

const filed = (name: string, from: number, to: number, changes: Partial<FiledCertificate> = {}): FiledCertificate => ({
  ...aCertificate(name, from, to).summary,
  certificate: 'MAA=',
  usages: ['tls'],
  origin: { by: 'operator' },
  addedAt: day(from).toISOString(),
  ...changes,
});

const replaced = { by: 'b', exchange: 'e', at: day(0).toISOString() };
const authenticates: { usages: Usage[] } = { usages: ['session-authentication'] };
const names = (partner: PartnerRecord) => partner.certificates.map(({ subject }) => subject.slice(3));

/** A file that is full: the certificates given, and good ones up to the limit. */
function full(...certificates: readonly FiledCertificate[]): PartnerRecord {
  const rest = LIMITS.partnerCertificates - certificates.length;
  const good = Array.from({ length: rest }, (_, n) => filed(`good ${n}`, -10, 365));
  const all = [...certificates, ...good];
  const inLine = all.filter((one) => one.replaced === undefined && one.usages.includes('tls'));
  return aPartner({ certificates: all, lines: { tls: inLine.map(({ fingerprint }) => fingerprint) } });
}

const added = filed('added', -1, 365);

describe('a full file', () => {
  it('lets go of the oldest expired certificate', () => {
    const partner = full(filed('younger', -30, -1), filed('older', -50, -1));
    const after = fileCertificate(partner, added, announce, day(0));
    expect(names(after)).toHaveLength(LIMITS.partnerCertificates);
    expect(names(after)).toEqual(expect.arrayContaining(['younger', 'added']));
    expect(names(after)).not.toContain('older');
    expect(after.lines.tls).toHaveLength(LIMITS.partnerCertificates);
  });

  it('lets go of expired ones before recalled ones, so that a recall is remembered as long as possible', () => {
    const partner = full(filed('recalled', -50, 365, { replaced }), filed('expired', -30, -1));
    const once = fileCertificate(partner, added, announce, day(0));
    expect(names(once)).not.toContain('expired');
    const twice = fileCertificate(once, filed('another', -1, 365), announce, day(0));
    expect(names(twice)).not.toContain('recalled');
  });

  it('keeps the last certificate for session authentication although it has expired: the bypass stays closed', () => {
    const partner = full(filed('authenticates', -50, -1, authenticates), filed('expired', -30, -1));
    const once = fileCertificate(partner, added, announce, day(0));
    expect(names(once)).toContain('authenticates');
    expect(hasAuthenticationCertificate(once)).toBe(true);
    expect(() => fileCertificate(once, filed('another', -1, 365), announce, day(0))).toThrow(/is full/);
  });

  it('lets that one go when the new certificate serves session authentication itself', () => {
    const partner = full(filed('authenticates', -50, -1, authenticates));
    const after = fileCertificate(partner, { ...added, ...authenticates }, announce, day(0));
    expect(names(after)).not.toContain('authenticates');
    expect(hasAuthenticationCertificate(after)).toBe(true);
  });

  it('refuses another one when all are still good', () => {
    expect(() => fileCertificate(full(), added, announce, day(0))).toThrow(
      expect.objectContaining({ code: 'failed-precondition', message: expect.stringContaining('is full') }),
    );
  });

  it('is one that holds too much text as well', () => {
    const large = 'A'.repeat(LIMITS.partnerCertificateOctets / 2);
    const certificates = [filed('one', -10, 365, { certificate: large }), filed('two', -9, -1, { certificate: large })];
    const after = fileCertificate(aPartner({ certificates }), added, announce, day(0));
    expect(names(after)).toEqual(['one', 'added']);
  });
});
