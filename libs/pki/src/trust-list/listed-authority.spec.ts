import { describe, expect, it } from '@jest/globals';
import type { Certificate } from '../certificate/index.js';
import { TestAuthority, testCa } from '../testing/index.js';
import { compareTrustLists } from './compare-trust-lists.js';
import { authoritiesOf } from './listed-authority.js';
import { judgeListedPath } from './listed-path.js';
import { readTrustList } from './read-trust-list.js';
import { type TestService, testTrustListXml } from './testing/index.js';

const now = new Date('2026-11-20T12:00:00Z');
const { root, authority, chain, issue } = testCa({ now });
const below = authority.subordinate('Below');
const oldRoot = TestAuthority.root('Old Root', now);
const other = testCa({ name: 'Other', now });

const listOf = (...services: TestService[]) =>
  readTrustList(Buffer.from(testTrustListXml(now, { providers: [{ services }] }), 'utf8'));
const oftp2 = (...services: TestService[]) => authoritiesOf(listOf(...services), 'oftp2', now);
const names = (certificates: readonly Certificate[]) => certificates.map(({ fingerprint }) => fingerprint);

describe('the authorities of a trust list', () => {
  it.each<[string, readonly Certificate[], readonly Certificate[], readonly Certificate[]]>([
    ['the authority, not its root', chain, [chain[0]!], [chain[1]!]],
    ['the same in another order', chain.toReversed(), [chain[0]!], [chain[1]!]],
    ['the lowest of three', [root.certificate, below.certificate, authority.certificate], [below.certificate], chain],
    ['an authority alone', [authority.certificate], [authority.certificate], []],
    ['a root alone', [root.certificate], [root.certificate], []],
    ['never a root that stands beside', [...chain, oldRoot.certificate], [chain[0]!], [chain[1]!]],
  ])('are %s', (_, certificates, anchors, above) => {
    const { authorities, unused } = oftp2({ certificates });
    expect(unused).toEqual([]);
    expect(names(authorities.map(({ certificate }) => certificate))).toEqual(names(anchors));
    expect(names(authorities[0]!.above)).toEqual(names(above));
  });

  it.each<[string, TestService]>([
    ['not in accord', { certificates: chain, status: 'http://uri.etsi.org/TrstSvc/Svcstatus/notinaccord' }],
    ['of an unknown status', { certificates: chain, status: 'http://uri.etsi.org/TrstSvc/Svcstatus/inaccord2' }],
    ['of a status in capitals', { certificates: chain, status: 'http://uri.etsi.org/TrstSvc/Svcstatus/INACCORD' }],
    ['of another type', { certificates: chain, type: 'http://uri.etsi.org/TrstSvc/Svctype/TSA' }],
  ])('are none of a service %s', (_, service) => {
    expect(oftp2(service)).toEqual({ authorities: [], unused: [] });
  });

  it.each<[string, TestService, string]>([
    ['whose status is still to come', { certificates: chain, since: '2027-01-01T00:00:00Z' }, 'not-yet-in-force'],
    ['without a certificate', { certificates: [] }, 'no-certificate'],
    ['with an end entity', { certificates: [issue().certificate] }, 'not-an-authority'],
    ['with an end entity and its chain', { certificates: [issue().certificate, ...chain] }, 'not-an-authority'],
  ])('are none of a service %s, and it is told', (_, service, reason) => {
    expect(oftp2(service)).toMatchObject({ authorities: [], unused: [{ service: 'Test OFTP2 CA', reason }] });
  });

  it('do not become roots where one certificate of the chain cannot be read', () => {
    expect(oftp2({ certificates: ['AAAA', root.certificate] }).authorities).toEqual([]);
  });

  it('are each told once', () => {
    expect(oftp2({ certificates: chain }, { certificates: chain }).authorities).toHaveLength(1);
  });
});

describe('a sound path', () => {
  const { authorities } = oftp2({ certificates: chain });
  const basic = authoritiesOf(listOf({ certificates: chain }), 'basic', now).authorities;
  const leaf = issue().certificate;

  it('is vouched for where the listed authority issued the certificate', () => {
    expect(judgeListedPath([leaf, ...chain], authorities)).toEqual({ ok: true, authority: authorities[0] });
  });

  it.each([
    ['issued-above', [root.issue().certificate, root.certificate]],
    ['issued-below', [below.issue().certificate, below.certificate, ...chain]],
    ['not-listed', [other.issue().certificate, ...other.chain]],
    ['not-listed', [authority.certificate]],
  ] as const)('is %s otherwise', (reason, path) => {
    const verdict = judgeListedPath(path, authorities);
    expect(verdict).toMatchObject({ ok: false, reason });
  });

  it('may lead over an authority below at level basic, and never comes from above', () => {
    const path = [below.issue().certificate, below.certificate, ...chain];
    expect(judgeListedPath(path, basic)).toEqual({ ok: true, authority: basic[0] });
    const direct = [root.issue().certificate, root.certificate];
    expect(judgeListedPath(direct, basic)).toMatchObject({ ok: false, reason: 'issued-above' });
  });
});

describe('comparing trust lists', () => {
  const first = oftp2({ certificates: chain }).authorities;
  const second = oftp2({ certificates: other.chain }, { certificates: chain, name: 'Renamed' }).authorities;

  it('tells the authorities that came and went', () => {
    const { added, removed } = compareTrustLists(first, second);
    expect(added.map(({ certificate }) => certificate.fingerprint)).toEqual([other.authority.certificate.fingerprint]);
    expect(removed).toEqual([]);
    expect(compareTrustLists(second, first)).toEqual({ added: [], removed: added });
    expect(compareTrustLists([], first)).toEqual({ added: first, removed: [] });
    expect(compareTrustLists(first, first)).toEqual({ added: [], removed: [] });
  });
});
