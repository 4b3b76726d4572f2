import type { CertificateStanding, ValidationVerdict } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { aCertificate, ALL, aPartner, aTakeOver, day, fingerprintOf } from '../testing/records.js';
import { addByHand } from './hand-filing.js';
import { LIMITS, type FiledCertificate, type PartnerRecord } from './records.js';
import { keyOfName } from './review-scope.js';
import { isReviewed, keepStandings, sameTerms, type Findings } from './standing.js';
import { takeOver } from './take-over.js';

const one = fingerprintOf('one');
const taken = takeOver(aPartner(), aTakeOver(aCertificate('one')), day(0)).record;
const byHand = addByHand(aPartner(), aCertificate('one'), ALL, day(0)).record;

type Verdict = Pick<ValidationVerdict, 'trusted' | 'reason' | 'message' | 'anchor' | 'authorities'>;
const anchor = (name: string) => ({ fingerprint: fingerprintOf(name), by: 'operator' as const });
const trusted: Verdict = { trusted: true, message: 'It is trusted.', anchor: anchor('root') };
const revoked: Verdict = { trusted: false, reason: 'revoked', message: 'It is revoked.', anchor: anchor('root') };
const unknown: Verdict = { trusted: false, reason: 'issuer-unknown', message: 'Nobody knows its issuer.' };
const finding = (verdict: Verdict): Findings => new Map([[one, verdict]]);

const stands = (since = 1): CertificateStanding => ({
  trusted: true,
  message: 'It was trusted.',
  anchor: fingerprintOf('root'),
  since: day(since).toISOString(),
});
const fell: CertificateStanding = {
  trusted: false,
  reason: 'issuer-unknown',
  message: 'So.',
  since: day(1).toISOString(),
};
const standing = (partner: PartnerRecord, before: CertificateStanding | undefined): PartnerRecord => ({
  ...partner,
  certificates: partner.certificates.map((certificate) =>
    before === undefined ? certificate : { ...certificate, standing: before },
  ),
});

describe('a finding about a certificate on file', () => {
  it.each<[string, PartnerRecord, CertificateStanding | undefined, Verdict, string | undefined, number | undefined]>([
    ['first: that it is trusted', taken, undefined, trusted, undefined, 9],
    ['first: that it is not, though it was when it was taken over', taken, undefined, revoked, 'certificate.fell', 9],
    ['first: that it is not, as an operator may have known', byHand, undefined, unknown, undefined, 9],
    ['that it stands as it stood', taken, stands(), trusted, undefined, undefined],
    ['that it stands on another authority', taken, stands(), { ...trusted, anchor: anchor('other') }, undefined, 1],
    ['that it fell', taken, stands(), revoked, 'certificate.fell', 9],
    ['that it fell, though by hand', byHand, stands(), unknown, 'certificate.fell', 9],
    ['that it lies as it fell', taken, fell, unknown, undefined, undefined],
    ['that it fell for another reason', taken, fell, revoked, 'certificate.fell', 9],
    ['that it stands again', taken, fell, trusted, 'certificate.stood', 9],
  ])('%s', (_name, partner, before, verdict, event, since) => {
    const known = standing(partner, before);
    const { record, facts } = keepStandings(known, known, finding(verdict), day(9));
    expect(facts.map(({ contract }) => contract.name)).toEqual(event === undefined ? [] : [event]);
    const [certificate] = record.certificates;
    if (since === undefined) expect(record).toBe(known);
    else {
      const { anchor: end, ...rest } = verdict;
      const expected = {
        ...rest,
        ...(end === undefined ? {} : { anchor: end.fingerprint }),
        since: day(since).toISOString(),
      };
      expect(certificate?.standing).toEqual(expected);
      if (event !== undefined) {
        const certificate = aCertificate('one').summary;
        const data = { station: partner.station, partner: partner.id, certificate, usages: ALL, standing: expected };
        expect(facts).toMatchObject([{ data }]);
        expect(facts[0]?.contract.data.parse(facts[0].data)).toEqual(data);
      }
    }
    expect(record.lines).toEqual(known.lines);
  });

  it('counts for the terms it was asked with, and for no others', () => {
    const strict = { ...taken, revocation: 'fail' as const };
    expect(keepStandings(strict, taken, finding(revoked), day(9)).record).toBe(strict);
    expect(sameTerms(taken, { ...taken, weakKeys: true })).toBe(false);
    expect(sameTerms(taken, aPartner({ acx: false }))).toBe(true);
  });

  it('is kept with as many words as there is room for', () => {
    const long = finding({ ...revoked, message: 'x'.repeat(4_000) });
    const { record } = keepStandings(taken, taken, long, day(9));
    expect(record.certificates[0]?.standing?.message).toHaveLength(LIMITS.standingMessage);
  });

  it('remembers whose names are above it, also where nothing else is new', () => {
    const through = (authorities: string[]) => finding({ ...trusted, authorities });
    const { record } = keepStandings(taken, taken, through(['CN=Issuer', 'CN=Root']), day(9));
    expect(record.certificates[0]?.under).toEqual([keyOfName('cn=issuer'), keyOfName('CN=Root')]);
    const moved = keepStandings(record, record, through(['CN=Other', 'CN=Root']), day(10));
    expect(moved).toMatchObject({
      facts: [],
      record: { certificates: [{ under: ['CN=Other', 'CN=Root'].map(keyOfName) }] },
    });
    expect(keepStandings(moved.record, moved.record, through(['CN=other', 'CN=Root']), day(11)).record).toBe(
      moved.record,
    );
  });

  it('comes too late for one that is gone', () => {
    const { record } = keepStandings(aPartner(), aPartner(), finding(revoked), day(9));
    expect(record).toEqual(aPartner());
  });
});

it.each<[string, Partial<FiledCertificate>, boolean]>([
  ['in use', {}, true],
  ['recalled', { replaced: { by: one, exchange: 'e', at: day(0).toISOString() } }, false],
  ['expired', { notAfter: day(-1).toISOString() }, false],
  ['valid only later', { notBefore: day(1).toISOString() }, false],
  ['self-signed', { issuer: 'CN=one' }, false],
])('a certificate that is %s is reviewed or not', (_name, changes, reviewed) => {
  const [certificate] = taken.certificates;
  expect(certificate && isReviewed({ ...certificate, ...changes }, day(0))).toBe(reviewed);
});
