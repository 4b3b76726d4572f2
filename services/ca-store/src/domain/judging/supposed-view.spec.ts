import type { IssuerSupposition } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { anIssuer, aTrustList, aTrustView, type Holding } from '../../testing/a-trust-view.js';
import { judge } from './judge.js';
import { SupposedViews, supposedView } from './supposed-view.js';

const now = new Date('2026-06-01T00:00:00Z');
const acme = testCa({ now });
const { certificate: authority } = acme.authority;
const { certificate: root } = acme.root;
const leaf = acme.issue().certificate;

const both: Holding = { issuers: [anIssuer(root), anIssuer(authority)] };
const one: Holding = { issuers: [anIssuer(authority)] };
const listed: Holding = { ...one, trustLists: [aTrustList('odette', 'oftp2', [[authority, root]])] };
const completed: Holding = { issuers: [anIssuer(root), anIssuer(authority, 'verification-only')] };

const trusts = (held: Holding, are: IssuerSupposition, supposed: Certificate[], chain: Certificate[] = []) =>
  judge({
    certificate: leaf,
    chain,
    view: supposedView(aTrustView(held), { issuers: supposed.map(({ fingerprint }) => fingerprint), are }),
    at: now,
    usage: undefined,
    revocation: 'off',
    weakKeys: false,
    maximumAgeDays: 15,
  }).verdict.trusted;

describe('what would be trusted', () => {
  it.each<[string, Holding, IssuerSupposition, Certificate[], boolean]>([
    ['without the one issuer', one, 'not-installed', [authority], false],
    ['with the one issuer for verification only', one, 'verification-only', [authority], false],
    ['without an issuer that nothing stands on', both, 'not-installed', [root], true],
    ['without the issuer below an installed root', both, 'not-installed', [authority], false],
    ['with it for verification only below an installed root', both, 'verification-only', [authority], true],
    ['with both for verification only', both, 'verification-only', [authority, root], false],
    ['without what only completed the path', completed, 'not-installed', [authority], false],
    ['without the root of such a path', completed, 'not-installed', [root], false],
    ['without what a trust list names too', listed, 'not-installed', [authority], true],
    ['with what a trust list names too for verification only', listed, 'verification-only', [authority], true],
    ['where nobody knows what a trust list names', listed, 'unknown', [authority], false],
    ['without one that nobody knows', one, 'unknown', [root], true],
  ])('%s', (_what, held, are, supposed, trusted) => {
    expect(trusts(held, are, supposed)).toBe(trusted);
  });

  it('an issuer above carries it on where the one between comes along', () => {
    expect(trusts(both, 'not-installed', [authority], [authority])).toBe(true);
    expect(trusts(one, 'not-installed', [authority], [authority])).toBe(false);
  });

  it('changes nothing of what is, and is made once for many questions', () => {
    const view = aTrustView(listed);
    const views = new SupposedViews();
    const supposition = { issuers: [authority.fingerprint], are: 'unknown' } as const;
    const supposed = views.view(view, supposition);
    expect([supposed.anchors.size, view.anchors.size]).toEqual([0, 1]);
    expect([...view.issuers.keys()]).toEqual([authority.fingerprint]);
    expect(views.view(view, { ...supposition })).toBe(supposed);
    expect(views.view(view, { ...supposition, are: 'not-installed' })).not.toBe(supposed);
    expect(views.view(aTrustView(listed), supposition)).not.toBe(supposed);
  });
});
