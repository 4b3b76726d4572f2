import { describe, expect, it } from '@jest/globals';
import type { Usage, UsageResolution } from '@certlane/contracts';
import { formatDistinguishedName, readClid, type Certificate } from '@certlane/pki';
import { TestAuthority, testCa } from '@certlane/pki/testing';
import { planAnswer, planOrder, type OwnedCertificate, type SendOrder } from './plan.js';

const ca = testCa({ name: 'Acme', now: new Date('2026-03-01T00:00:00.000Z') });
const owned = (certificate: Certificate, activeFor: Usage[]): OwnedCertificate => ({
  fingerprint: certificate.fingerprint,
  subject: formatDistinguishedName(certificate.subject),
  issuer: formatDistinguishedName(certificate.issuer),
  serialNumber: certificate.serialNumber,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
  extendedKeyUsage: [],
  certificate: Buffer.from(certificate.der).toString('base64'),
  activeFor,
});
const one = ca.issue().certificate;
const two = ca.issue().certificate;
const resolved = (ours: Certificate | undefined, oursAccepted: Certificate[] = []): UsageResolution[] =>
  (['tls', 'session-authentication'] as const).map((usage) => ({
    usage,
    accepted: [],
    scheduled: [],
    ...(ours === undefined ? {} : { ours: ours.fingerprint }),
    oursAccepted: oursAccepted.map(({ fingerprint }) => fingerprint),
  }));
const order = (kind: SendOrder['kind'], more: Partial<SendOrder> = {}): SendOrder => ({
  kind,
  station: 'O0013ACME',
  certificate: undefined,
  replaces: undefined,
  ...more,
});
const names = (drafts: ReturnType<typeof planOrder>) => drafts.map((draft) => draft.certificate.fingerprint);
const idle = owned(one, []);
const both = owned(two, ['tls', 'session-authentication']);

describe('the plan of an order', () => {
  it('delivers what the station uses, naming what the partner knew before', () => {
    const drafts = planOrder(order('deliver'), [idle, both], resolved(one));
    expect(names(drafts)).toEqual([two.fingerprint]);
    expect(drafts[0]?.usages).toEqual(['tls', 'session-authentication']);
    expect(readClid(drafts[0]!.description)?.serialNumber).toBe(one.serialNumber);
  });

  it('delivers all again when the partner knows all, naming nothing', () => {
    const drafts = planOrder(order('deliver'), [both], resolved(two));
    expect(names(drafts)).toEqual([two.fingerprint]);
    expect(drafts[0]?.description).toBe('');
  });

  it('delivers only what is new to the partner when certificates serve single usages', () => {
    const tls = owned(one, ['tls']);
    const session = owned(two, ['session-authentication']);
    const rows = resolved(two).map((row) =>
      row.usage === 'tls' ? { ...row, ours: one.fingerprint } : { ...row, ours: undefined },
    );
    expect(names(planOrder(order('deliver'), [tls, session], rows as UsageResolution[]))).toEqual([two.fingerprint]);
  });

  it('requests with the certificate that proves who we are', () => {
    const tls = owned(one, ['tls']);
    const session = owned(two, ['session-authentication']);
    expect(names(planOrder(order('request'), [tls, session], resolved(undefined)))).toEqual([two.fingerprint]);
  });

  it('recalls the one the partner may still use, with the one it knows already', () => {
    const drafts = planOrder(order('replace'), [idle, both], resolved(two, [one]));
    expect(names(drafts)).toEqual([two.fingerprint]);
    expect(readClid(drafts[0]!.description)?.serialNumber).toBe(one.serialNumber);
  });

  it('recalls the one that is named', () => {
    const drafts = planOrder(order('replace', { replaces: one.fingerprint }), [idle, both], resolved(undefined));
    expect(readClid(drafts[0]!.description)?.serialNumber).toBe(one.serialNumber);
  });

  it.each<[string, SendOrder, OwnedCertificate[], RegExp]>([
    ['nothing in use', order('deliver'), [idle], /uses no certificate yet: choose one/],
    ['nothing to replace', order('replace'), [both], /nothing is known that certificate .* replaces/],
    ['a replacement of itself', order('replace', { replaces: two.fingerprint }), [both], /nothing is known/],
    [
      'a certificate that is not ours',
      order('deliver', { certificate: 'f'.repeat(64) }),
      [both],
      /has no certificate ffff/,
    ],
    [
      'a certificate that serves nothing',
      order('deliver', { certificate: one.fingerprint }),
      [idle, both],
      /activate it first/,
    ],
  ])('refuses %s', (_name, asked, certificates, message) => {
    expect(() => planOrder(asked, certificates, resolved(undefined))).toThrow(message);
  });
});

describe('a certificate whose names do not fit into SFIDDESC', () => {
  const long = TestAuthority.root('Long', new Date('2026-03-01T00:00:00.000Z'), { subject: `CN=${'a'.repeat(700)}` });
  const before = long.issue().certificate;
  const certificates = [owned(before, []), both];

  it('is followed by a delivery that does not name it, and never hinders an answer', () => {
    expect(planOrder(order('deliver'), certificates, resolved(before))).toMatchObject([{ description: '' }]);
    expect(planAnswer(certificates, resolved(before))).toMatchObject([{ description: '' }]);
  });

  it('cannot be recalled, and that is said at once', () => {
    expect(() => planOrder(order('replace'), certificates, resolved(before))).toThrow(/does not fit into SFIDDESC/);
  });
});

describe('the answer to a request', () => {
  it('is one file for every certificate in use', () => {
    const drafts = planAnswer([owned(one, ['tls']), owned(two, ['session-authentication'])], resolved(undefined));
    expect(drafts.map(({ kind }) => kind)).toEqual(['deliver', 'deliver']);
    expect(names(drafts)).toEqual([one.fingerprint, two.fingerprint]);
  });

  it('is nothing when nothing is in use', () => {
    expect(planAnswer([idle], [])).toEqual([]);
  });
});
