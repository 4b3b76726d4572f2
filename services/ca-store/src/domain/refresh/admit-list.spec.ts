import { IssuerIndex, nameKey, readRevocationList, type Certificate, type RevocationList } from '@certlane/pki';
import { testCa, testKey, testRevocationList, TestAuthority, type TestListOptions } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { admitList, type KnownSigners, type OfferedList } from './admit-list.js';

const now = new Date('2026-11-20T12:00:00Z');
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);
const acme = testCa({ name: 'Acme', now });
const beta = testCa({ name: 'Beta', now });
/** An authority below the one we trust: only partners' chains bring its certificate. */
const below = acme.authority.subordinate('Acme Issuing CA');
const noSigning = TestAuthority.root('No lists', now, { keyUsage: ['keyCertSign'] });

const list = (authority: TestAuthority, options: TestListOptions = {}): RevocationList =>
  readRevocationList(testRevocationList(authority, options));
const names = (...certificates: Certificate[]) => new Set(certificates.map(({ subject }) => nameKey(subject)));
const signers: KnownSigners = {
  anchors: new IssuerIndex([acme.authority.certificate, beta.authority.certificate]),
  known: new IssuerIndex([acme.authority.certificate, beta.authority.certificate, noSigning.certificate]),
  between: new IssuerIndex([below.certificate]),
};
const inUse = (options: TestListOptions, counts = true) => ({ list: list(acme.authority, options), counts });
const complete = list(acme.authority, { number: 5 });

function decide(offered: RevocationList, changes: Partial<OfferedList> = {}) {
  const expected = names(acme.authority.certificate);
  return admitList({ list: offered, expected, inUse: undefined, bases: [], signers, now, ...changes });
}

describe('a revocation list is taken', () => {
  it.each<[string, RevocationList, Partial<OfferedList>]>([
    ['from the authority whose certificates name its address', list(acme.authority), {}],
    ['from whomever we know, where nobody says whose it is', list(beta.authority), { expected: undefined }],
    ['with a higher number than the one in use', list(acme.authority, { number: 6 }), { inUse: inUse({ number: 5 }) }],
    [
      'with a lower number, once the one in use no longer counts',
      list(acme.authority, { number: 1 }),
      { inUse: inUse({ number: 5, thisUpdate: hours(-500) }, false) },
    ],
    [
      'without a number, if it is not older',
      list(acme.authority, { number: 'none' }),
      { inUse: inUse({ number: 'none', thisUpdate: hours(-20) }) },
    ],
    [
      'although it is out of date, where there is nothing newer',
      list(acme.authority, { thisUpdate: hours(-900), nextUpdate: hours(-800) }),
      {},
    ],
    [
      'from another issuer if it is an indirect one',
      list(beta.authority, { scope: { names: ['uri:http://crl.example/a'], indirectCRL: true } }),
      {},
    ],
    [
      'of all certificates in the place of one of some',
      list(acme.authority, { number: 6 }),
      { inUse: inUse({ number: 5, scope: { onlyContains: 'userCerts' } }) },
    ],
    [
      'of other certificates, once the one in use no longer counts',
      list(acme.authority, { number: 6, scope: { onlyContains: 'userCerts' } }),
      { inUse: inUse({ number: 5, thisUpdate: hours(-500) }, false) },
    ],
    [
      'complete in the place of a delta',
      list(acme.authority, { number: 7 }),
      { inUse: inUse({ number: 6, baseNumber: 5 }) },
    ],
    ['from an authority below one we trust', list(below), { expected: names(below.certificate) }],
    ['as a delta to the list in use', list(acme.authority, { number: 6, baseNumber: 5 }), { bases: [complete] }],
    [
      'as a delta that its base has overtaken',
      list(acme.authority, { number: 4, baseNumber: 3 }),
      { bases: [complete] },
    ],
  ])('%s', (_how, offered, changes) => {
    expect(decide(offered, changes)).toEqual({ taken: true, unchanged: false });
  });

  it('without a change when it comes again', () => {
    expect(decide(complete, { inUse: { list: complete, counts: true } })).toEqual({ taken: true, unchanged: true });
  });
});

describe('a revocation list is not taken', () => {
  it.each<[string, RevocationList, Partial<OfferedList>, reason: string, message: RegExp]>([
    [
      'of another authority than is expected',
      list(beta.authority),
      {},
      'issuer-unexpected',
      /Beta OFTP2 CA.*issued no certificate that names this address/,
    ],
    [
      'in the place of the list of another authority',
      list(beta.authority),
      { expected: undefined, inUse: inUse({}) },
      'issuer-unexpected',
      /the list in use is one of "CN=Acme/,
    ],
    [
      'of somebody unknown',
      list(testCa({ name: 'X', now }).authority),
      { expected: undefined },
      'signer-unknown',
      /verification-only/,
    ],
    [
      'of an authority that may not sign lists',
      list(noSigning),
      { expected: undefined },
      'signer-unknown',
      /cRLSign is missing/,
    ],
    [
      'signed by somebody of the same name',
      list(acme.authority, { signedWith: testKey('stranger') }),
      {},
      'signature-invalid',
      /not signed by its issuer/,
    ],
    [
      'of an authority in the middle of no path',
      list(below),
      { expected: undefined, signers: { ...signers, anchors: new IssuerIndex([beta.authority.certificate]) } },
      'signer-not-trusted',
      /no path to an authority we trust/,
    ],
    ['of the future', list(acme.authority, { thisUpdate: hours(1) }), {}, 'of-the-future', /in the future/],
    [
      'with a lower number',
      list(acme.authority, { number: 10 }),
      { inUse: inUse({ number: 11 }) },
      'older',
      /its number is 10, lower than 11/,
    ],
    [
      'issued before the one in use, even if that no longer counts',
      list(acme.authority, { thisUpdate: hours(-30) }),
      { inUse: inUse({ thisUpdate: hours(-20) }, false) },
      'older',
      /before the list in use/,
    ],
    [
      'as a delta in the place of the complete list',
      list(acme.authority, { number: 6, baseNumber: 5 }),
      { bases: [complete], inUse: { list: complete, counts: true } },
      'scope-narrower',
      /it is a delta/,
    ],
    [
      'of other certificates than the one in use',
      list(acme.authority, { number: 6, scope: { onlyContains: 'cACerts' } }),
      { inUse: inUse({ number: 5, scope: { onlyContains: 'userCerts' } }) },
      'scope-narrower',
      /other certificates or reasons/,
    ],
    [
      'of some certificates in the place of one of all',
      list(acme.authority, { number: 6, scope: { reasons: ['superseded'] } }),
      { inUse: inUse({ number: 5 }) },
      'scope-narrower',
      /other certificates or reasons/,
    ],
    ['as a delta without base', list(acme.authority, { number: 6, baseNumber: 5 }), {}, 'base-missing', /since list 5/],
    [
      'as a delta to a later list than the one in use',
      list(acme.authority, { number: 9, baseNumber: 8 }),
      { bases: [complete] },
      'base-missing',
      /since list 8/,
    ],
    [
      'with an extension that must not be passed over',
      list(acme.authority, { extensions: [unknownCritical()] }),
      {},
      'critical-extension',
      /1\.3\.6\.1\.4\.1\.55555/,
    ],
  ])('%s', (_what, offered, changes, reason, message) => {
    expect(decide(offered, changes)).toEqual({ taken: false, reason, message: expect.stringMatching(message) });
  });
});

/** SEQUENCE { 1.3.6.1.4.1.55555.2, TRUE, OCTET STRING { NULL } } */
function unknownCritical(): Uint8Array {
  return Buffer.from('30120609 2b0601040183b20302 0101ff 04020500'.replaceAll(' ', ''), 'hex');
}
