import { describe, expect, it } from '@jest/globals';
import { extension } from '../issuing/extension-values.js';
import type { Certificate } from '../certificate/index.js';
import { sequence } from '../asn1/write.js';
import { generalName } from '../testing/path-extensions.js';
import { TestAuthority } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { testKey } from '../testing/test-keys.js';
import {
  distributionPointsExtension,
  type TestDistributionPoint,
  type TestListOptions,
  testRevocationList,
  unknownListExtension,
} from '../testing/test-revocation-list.js';
import type { RevocationState } from '../validation/revocation-source.js';
import { type CrlRevocationInput, crlRevocation } from './crl-revocation.js';
import { readRevocationList } from './read-revocation-list.js';
import type { RevocationList } from './revocation-list.js';

const now = new Date('2026-03-01T12:00:00Z');
const days = (n: number): Date => new Date(now.getTime() + n * 86_400_000);
const { root, authority } = testCa({ now });
const SERIAL = '2a';
const leafWith = (...points: readonly TestDistributionPoint[]): Certificate =>
  authority.issue({
    serial: SERIAL,
    extensions: points.length === 0 ? [] : [distributionPointsExtension(points)],
  }).certificate;
const leaf = leafWith();
const pathOf = (certificate: Certificate): readonly Certificate[] => [
  certificate,
  authority.certificate,
  root.certificate,
];

const list = (options: TestListOptions = {}, by: TestAuthority = authority): RevocationList =>
  readRevocationList(testRevocationList(by, options));
const held = { serialNumber: SERIAL, reason: 'certificateHold' } as const;
const stolen = { serialNumber: SERIAL, reason: 'keyCompromise' } as const;
const released = { serialNumber: SERIAL, reason: 'removeFromCRL' } as const;

const judge = (
  lists: readonly RevocationList[],
  certificate = leaf,
  rest: Partial<CrlRevocationInput> = {},
  at = now,
): RevocationState => crlRevocation({ lists, ...rest })(pathOf(certificate), at);

const A = 'uri:http://crl.example.com/a.crl';
const B = 'uri:http://crl.example.com/b.crl';

describe('revocation by one complete list', () => {
  it.each<[string, TestListOptions, RevocationState['status'], RegExp]>([
    [
      'without the certificate',
      { revoked: ['01', '2b'] },
      'good',
      /does not stand in the revocation list of "Acme OFTP2/,
    ],
    [
      'with the certificate',
      { revoked: ['01', SERIAL] },
      'revoked',
      /stands in the revocation list of "Acme OFTP2 CA"/,
    ],
    ['with the certificate on hold', { revoked: [held] }, 'revoked', /stands in/],
    ['that has the certificate taken off', { revoked: [released] }, 'good', /does not stand in/],
    ['of another issuer', { issuer: 'CN=Other' }, 'undetermined', /there is no revocation list of "Acme OFTP2 CA"/],
    ['signed with another key', { signedWith: testKey('other') }, 'undetermined', /not proven: its signature is not/],
    ['that is a delta', { baseNumber: 1, number: 2 }, 'undetermined', /there is no revocation list/],
    ['of tomorrow', { thisUpdate: days(1) }, 'undetermined', /is of the future/],
    ['within the skew', { thisUpdate: new Date(now.getTime() + 299_000) }, 'good', /does not stand/],
    ['past its nextUpdate', { thisUpdate: days(-3), nextUpdate: days(-1) }, 'undetermined', /was due at 2026-02-28/],
    ['past it within the skew', { nextUpdate: new Date(now.getTime() - 299_000) }, 'good', /does not stand/],
    ['without nextUpdate', { nextUpdate: 'none' }, 'undetermined', /does not say when the next one comes/],
    ['15 days old', { thisUpdate: days(-15), nextUpdate: days(9) }, 'good', /does not stand/],
    ['16 days old', { thisUpdate: days(-16), nextUpdate: days(9) }, 'undetermined', /more than 15 days/],
    [
      'with unknown critical extensions',
      { extensions: [unknownListExtension(true)] },
      'undetermined',
      /unknown critical/,
    ],
    ['with unknown extensions', { extensions: [unknownListExtension(false)] }, 'good', /does not stand/],
    ['out of date that has it stolen', { thisUpdate: days(-40), revoked: [stolen] }, 'revoked', /stands in/],
    ['out of date that has it on hold', { thisUpdate: days(-40), revoked: [held] }, 'undetermined', /was due at/],
    ['of users', { scope: { onlyContains: 'userCerts' } }, 'good', /does not stand/],
    ['of authorities', { scope: { onlyContains: 'cACerts' } }, 'undetermined', /authorities only/],
    ['of attribute certificates', { scope: { onlyContains: 'attributeCerts' } }, 'undetermined', /attribute/],
    ['of a distribution point', { scope: { names: [A] } }, 'undetermined', /that of another distribution point/],
    ['of one reason', { scope: { reasons: ['keyCompromise'] } }, 'undetermined', /do not cover all reasons/],
    [
      'of one reason that revokes',
      { scope: { reasons: ['keyCompromise'] }, revoked: [stolen] },
      'revoked',
      /stands in/,
    ],
    [
      'that is indirect, with an entry of another issuer',
      { scope: { indirectCRL: true }, revoked: [{ ...stolen, issuer: 'CN=X' }] },
      'good',
      /does not/,
    ],
    ['signed over SHA-512', { hash: 'sha512' }, 'good', /does not/],
  ])('%s', (_, options, status, message) => {
    const state = judge([list(options)]);
    expect(state.status).toBe(status);
    expect(state.message).toMatch(message);
  });

  it('tells when and why', () => {
    const at = new Date('2026-01-02T03:04:05Z');
    expect(judge([list({ revoked: [{ ...stolen, at }] })])).toEqual({
      status: 'revoked',
      at,
      reason: 'keyCompromise',
      message: 'stands in the revocation list of "Acme OFTP2 CA" of 2026-03-01T11:00:00.000Z (number 1)',
    });
    expect(judge([list({ revoked: [SERIAL] })])).toMatchObject({ reason: 'unspecified', at: days(-1) });
  });

  it('goes by the age and skew that are set', () => {
    const old = [list({ thisUpdate: days(-2), nextUpdate: days(9) })];
    expect(judge(old, leaf, { maximumAgeDays: 1 }).status).toBe('undetermined');
    expect(
      judge([list({ thisUpdate: days(-99), nextUpdate: days(9) })], leaf, { maximumAgeDays: Infinity }).status,
    ).toBe('good');
    expect(judge([list({ nextUpdate: days(0) })], leaf, { clockSkewSeconds: 0 }, days(0.0001)).status).toBe(
      'undetermined',
    );
  });

  it('is undetermined without lists, and for a certificate whose distribution points cannot be read', () => {
    expect(judge([])).toEqual({ status: 'undetermined', message: 'there is no revocation list of "Acme OFTP2 CA"' });
    const broken = authority.issue({ extensions: [extension('2.5.29.31', false, sequence())] }).certificate;
    expect(judge([list()], broken).message).toMatch(/cannot be read: cRLDistributionPoints is empty/);
    expect(crlRevocation({ lists: [] })([], now).status).toBe('undetermined');
  });

  it('asks the list of authorities for authorities', () => {
    const path = [authority.certificate, root.certificate];
    const ofRoot = (options: TestListOptions) => [list(options, root)];
    const stateOf = (options: TestListOptions) => crlRevocation({ lists: ofRoot(options) })(path, now).status;
    expect(stateOf({ scope: { onlyContains: 'cACerts' } })).toBe('good');
    expect(stateOf({ scope: { onlyContains: 'userCerts' } })).toBe('undetermined');
    expect(stateOf({ revoked: [authority.certificate.serialNumber] })).toBe('revoked');
  });
});

describe('several complete lists', () => {
  it('newer ones go before older ones', () => {
    const older = list({ thisUpdate: days(-2), revoked: [held] });
    const newer = list({ number: 2 });
    expect(judge([older, newer]).status).toBe('good');
    expect(judge([newer, older]).status).toBe('good');
    expect(judge([list({ thisUpdate: days(-2) }), list({ number: 2, revoked: [held] })]).status).toBe('revoked');
    expect(judge([older, list({ number: 2, signedWith: testKey('other') })]).status).toBe('revoked');
  });

  it('cover all reasons together, each for its own', () => {
    const one = { reasons: ['keyCompromise', 'cACompromise'] } as const;
    const rest = {
      reasons: [
        'affiliationChanged',
        'superseded',
        'cessationOfOperation',
        'certificateHold',
        'privilegeWithdrawn',
        'aACompromise',
      ],
    } as const;
    const used: RevocationList[] = [];
    const lists = [list({ scope: one }), list({ scope: rest })];
    expect(judge(lists, leaf, { onUse: (each) => used.push(each) }).status).toBe('good');
    expect(new Set(used)).toEqual(new Set(lists));
    expect(judge(lists.slice(0, 1)).status).toBe('undetermined');
    expect(judge(lists.slice(1)).status).toBe('undetermined');
    expect(judge([list({ scope: one }), list({ scope: rest, revoked: [held] })]).status).toBe('revoked');
  });

  it('are those of the distribution points of the certificate', () => {
    const partitioned = leafWith({ names: [A] }, { names: [B], reasons: ['keyCompromise'] });
    expect(judge([list({ scope: { names: [A] } })], partitioned).status).toBe('good');
    expect(judge([list({ scope: { names: [B] } })], partitioned).message).toMatch(/do not cover all reasons/);
    expect(
      judge([list({ scope: { names: [B], onlyContains: 'userCerts' }, revoked: [stolen] })], partitioned).status,
    ).toBe('revoked');
    expect(judge([list({ scope: { names: ['uri:HTTP://CRL.example.com/a.crl'] } })], partitioned).status).toBe('good');
    expect(judge([list({ scope: { names: ['uri:http://crl.example.com/A.crl'] } })], partitioned).status).toBe(
      'undetermined',
    );
  });
});

describe('an indirect list', () => {
  const issuerName = 'CN=List Issuer,O=Certlane Test,C=DE';
  const listIssuer = root.subordinate('List Issuer', { keyUsage: ['cRLSign'], basicConstraints: 'none' });
  const served = leafWith({ names: [A], cRLIssuer: issuerName });
  const issuer = 'CN=Acme OFTP2 CA,O=Certlane Test,C=DE';
  const indirect = (options: TestListOptions = {}, by = listIssuer): RevocationList =>
    list({ scope: { names: [A], indirectCRL: true }, ...options }, by);
  const rest = { certificates: [listIssuer.certificate] };
  const ofRoot = list({}, root);

  it('serves if the certificate names its issuer and he has a path to the same anchor', () => {
    expect(judge([indirect(), ofRoot], served, rest).status).toBe('good');
    const revoked = [{ ...stolen, issuer }];
    expect(judge([indirect({ revoked }), ofRoot], served, rest).status).toBe('revoked');
    expect(judge([indirect({ revoked: [stolen] }), ofRoot], served, rest).status).toBe('good');
    expect(judge([indirect(), ofRoot], leafWith({ names: [A] }), rest).status).toBe('undetermined');
  });

  it.each<[string, readonly RevocationList[], RegExp, Partial<CrlRevocationInput>?]>([
    ['is not marked as one', [indirect({ scope: { names: [A] } }), ofRoot], /is not an indirect one/],
    [
      'lacks the certificate of its issuer',
      [indirect(), ofRoot],
      /no certificate of "List Issuer"/,
      { certificates: [] },
    ],
    ['has an issuer whose revocation nobody knows', [indirect()], /there is no revocation list of "Acme Root"/],
    [
      'has an issuer who is revoked',
      [indirect(), list({ revoked: [listIssuer.certificate.serialNumber] }, root)],
      /"List Issuer" was revoked/,
    ],
  ])('does not serve if it %s', (_, lists, message, other = {}) => {
    const state = judge(lists, served, { ...rest, ...other });
    expect(state.status).toBe('undetermined');
    expect(state.message).toMatch(message);
  });

  it.each<[string, TestAuthority, RegExp]>([
    ['leads to another anchor', TestAuthority.root('Other Root', now).subordinate('List Issuer'), /is not installed/],
    ['may not sign lists', root.subordinate('List Issuer', { keyUsage: ['digitalSignature'] }), /cRLSign is missing/],
    ['has expired', root.subordinate('List Issuer', { expired: true }), /was valid until/],
  ])('does not serve if its issuer %s', (_, by, message) => {
    const state = judge([indirect({}, by), ofRoot], served, { certificates: [by.certificate] });
    expect(state.status).toBe('undetermined');
    expect(state.message).toMatch(message);
  });

  it('goes by what `authorize` says', () => {
    const lists = [indirect()];
    expect(judge(lists, served, { ...rest, authorize: () => ({ ok: true }) }).status).toBe('good');
    const refused = judge(lists, served, { ...rest, authorize: () => ({ ok: false, message: 'nobody asked him' }) });
    expect(refused.message).toMatch(/nobody asked him/);
  });

  it('vouches for its own issuer only if his certificate says so', () => {
    const named = root.subordinate('List Issuer', {
      keyUsage: ['cRLSign'],
      extensions: [distributionPointsExtension([{ names: [A], cRLIssuer: issuerName }])],
    });
    const own = { certificates: [named.certificate] };
    expect(judge([indirect({}, named)], served, own).status).toBe('good');
    const revoked = [{ serialNumber: named.certificate.serialNumber, issuer: 'CN=Acme Root,O=Certlane Test,C=DE' }];
    expect(judge([indirect({ revoked }, named)], served, own).status).toBe('undetermined');
    const unnamed = authority.subordinate('x', { subject: authority.certificate.subject, key: testKey('list key') });
    const direct = list({ signedWith: testKey('list key') });
    const state = judge([direct, ofRoot], leaf, { certificates: [unnamed.certificate] });
    expect(state.message).toMatch(/would have to vouch for itself/);
  });
});

describe('a delta', () => {
  const base = (options: TestListOptions = {}) => list({ number: 5, ...options });
  const delta = (options: TestListOptions = {}) => list({ number: 7, baseNumber: 5, ...options });
  const past = { thisUpdate: days(-3), nextUpdate: days(-1) };
  const scope = { names: [A] };

  it.each<[string, readonly RevocationList[], RevocationState['status'], Certificate?]>([
    ['adds', [base(), delta({ revoked: [stolen] })], 'revoked'],
    ['takes off', [base({ revoked: [held] }), delta({ revoked: [released] })], 'good'],
    ['says nothing of what the base has', [base({ revoked: [held] }), delta()], 'revoked'],
    ['makes an outdated base current', [base(past), delta()], 'good'],
    ['makes an old base current', [base({ thisUpdate: days(-20), nextUpdate: days(9) }), delta()], 'good'],
    ['makes nothing current when it is outdated itself', [base(past), delta(past)], 'undetermined'],
    [
      'takes nothing off when it is outdated',
      [base({ revoked: [held] }), delta({ ...past, revoked: [released] })],
      'revoked',
    ],
    ['still says what is stolen when it is outdated', [base(), delta({ ...past, revoked: [stolen] })], 'revoked'],
    [
      'leaves doubt when it is outdated and has it on hold',
      [base(), delta({ ...past, revoked: [held] })],
      'undetermined',
    ],
    ['is of no use if it begins after the base', [base({ number: 4 }), delta({ revoked: [stolen] })], 'good'],
    ['is of no use if it is older than the base', [base({ number: 7 }), delta({ revoked: [stolen] })], 'good'],
    ['is of no use if the base has no number', [base({ number: 'none' }), delta({ revoked: [stolen] })], 'good'],
    ['is of no use with another key', [base(), delta({ revoked: [stolen], signedWith: testKey('other') })], 'good'],
    [
      'is of no use with another scope',
      [base(), delta({ revoked: [stolen], scope: { onlyContains: 'userCerts' } })],
      'good',
    ],
    [
      'is of no use with unknown critical extensions',
      [base(), delta({ revoked: [stolen], extensions: [unknownListExtension(true)] })],
      'good',
    ],
    [
      'is of use with the same scope',
      [base({ scope }), delta({ scope, revoked: [stolen] })],
      'revoked',
      leafWith(scope),
    ],
    ['keeps on hold what an outdated base has', [base({ ...past, revoked: [held] }), delta()], 'revoked'],
    [
      'no longer has on hold what an older delta had',
      [base(), delta({ revoked: [held] }), delta({ number: 8 })],
      'good',
    ],
    [
      'still has stolen what an older delta had',
      [base(), delta({ revoked: [stolen] }), delta({ number: 8 })],
      'revoked',
    ],
    [
      'leaves doubt when a newer one is outdated',
      [base(), delta(), delta({ ...past, number: 8, revoked: [held] })],
      'undetermined',
    ],
    ['goes by the newest', [base(), delta({ revoked: [held] }), delta({ number: 8, revoked: [released] })], 'good'],
  ])('%s', (_, lists, status, certificate = leaf) => {
    expect(judge(lists, certificate).status).toBe(status);
    expect(judge(lists.toReversed(), certificate).status).toBe(status);
  });

  it('counts among the lists a state stands on', () => {
    const used: RevocationList[] = [];
    const lists = [base(), delta()];
    judge(lists, leaf, { onUse: (each) => used.push(each) });
    expect(used).toEqual(lists);
  });
});

describe('names of the issuer', () => {
  it('are those of its alternative names, too, for a list that names its distribution point by them', () => {
    const names = ['dns:ca.example.com'];
    const named = authority.issue({
      serial: SERIAL,
      extensions: [extension('2.5.29.18', false, sequence(...names.map(generalName)))],
    }).certificate;
    const lists = [list({ scope: { names: ['dns:CA.example.com'] } })];
    expect(judge(lists, named).status).toBe('good');
    expect(judge(lists).status).toBe('undetermined');
    expect(judge([list({ scope: { names: ['dn:CN=acme  oftp2 ca,O=Certlane Test,C=DE'] } })]).status).toBe('good');
  });
});

describe('an authority with a list for each few certificates', () => {
  const name = (n: number): string => `uri:http://crl.example.com/${n}.crl`;
  const lists = Array.from({ length: 300 }, (_, n) =>
    list({ scope: { names: [name(n)] }, ...(n === 7 ? { revoked: [SERIAL] } : {}) }),
  );

  it('is asked by the one that the certificate names', () => {
    expect(judge(lists, leafWith({ names: [name(299)] })).status).toBe('good');
    expect(judge(lists, leafWith({ names: [name(0)] })).status).toBe('good');
    expect(judge(lists, leafWith({ names: [name(7)] })).status).toBe('revoked');
    expect(judge(lists, leafWith({ names: [name(300)] })).status).toBe('undetermined');
  });
});

describe('lists that point to one another', () => {
  const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `CN=${name},O=Certlane Test,C=DE`);
  const everyone = NAMES.map((cRLIssuer) => ({ names: [A], cRLIssuer }));
  const key = testKey('circle');
  const extensions = [distributionPointsExtension([...everyone, ...everyone, ...everyone])];
  const circle = NAMES.flatMap((subject) =>
    ['1', '2', '3'].map((serial) => root.subordinate('x', { subject, key, serial: `7${serial}`, extensions })),
  );
  const lists = circle.flatMap((by) =>
    [1, 2, 3].map((number) => list({ number, scope: { names: [A], indirectCRL: true, reasons: ['superseded'] } }, by)),
  );

  it('cost a bounded time and prove nothing', () => {
    const certificates = circle.map(({ certificate }) => certificate);
    const start = process.hrtime.bigint();
    const state = judge(lists, leafWith(...everyone), { certificates });
    expect(state.status).toBe('undetermined');
    expect(state.message.length).toBeLessThan(1000);
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(20);
  });

  it('are asked a bounded number of times', () => {
    const point = { names: [A], cRLIssuer: NAMES[0]! };
    const many = Array.from({ length: 32 }, () => point);
    const others = Array.from({ length: 64 }, (_, number) =>
      list({ number, scope: { names: [A], indirectCRL: true }, signedWith: testKey('other') }, circle[0]),
    );
    expect(judge(others, leafWith(...many)).message).toMatch(/more than 512 lists/);
  });
});
