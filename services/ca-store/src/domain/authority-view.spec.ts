import { issuer } from '@certlane/contracts';
import { TestAuthority, testCa } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { anIssuer, aTrustList, aTrustView } from '../testing/a-trust-view.js';
import { authoritiesIn, authorityView, isSelfSigned } from './authority-view.js';

const now = new Date('2026-06-01T00:00:00Z');
const { root, authority } = testCa({ now });
const kept = TestAuthority.root('Kept', now).certificate;
const by = 'operator:anna';
const view = aTrustView({
  issuers: [{ ...anIssuer(root.certificate), by }, anIssuer(kept, 'verification-only')],
  trustLists: [
    aTrustList('odette', 'oftp2', [[authority.certificate, root.certificate]]),
    aTrustList('more', 'basic', [[authority.certificate]]),
  ],
});

describe('an authority that is known', () => {
  it('is one that is installed, or in accord on a trust list; what stands above a listed one is none', () => {
    const all = [root.certificate, authority.certificate, kept].map(({ fingerprint }) => fingerprint).sort();
    expect(authoritiesIn(view, false)).toEqual(all);
    expect(authoritiesIn(view, true)).toEqual(all.filter((one) => one !== kept.fingerprint));
    expect(authorityView(aTrustView({ trustLists: [...view.trustLists.values()] }), root.certificate.fingerprint)).toBe(
      undefined,
    );
  });

  it.each([
    ['installed', root.certificate, { selfSigned: true, lists: [], installed: { purpose: 'oftp2', by } }],
    ['kept for verification', kept, { installed: { purpose: 'verification-only' } }],
    [
      'listed',
      authority.certificate,
      {
        selfSigned: false,
        lists: [
          { name: 'odette', level: 'oftp2' },
          { name: 'more', level: 'basic' },
        ],
      },
    ],
  ])('is shown as it is %s', (_how, { fingerprint, der }, expected) => {
    const shown = issuer.parse(authorityView(view, fingerprint));
    expect(shown).toMatchObject({ ...expected, fingerprint, certificate: Buffer.from(der).toString('base64') });
    expect('installed' in shown).toBe('installed' in expected);
  });

  it('that only claims to be self-signed is not taken for it', () => {
    const claims = root.subordinate('Claims', { subject: root.certificate.subject });
    expect([claims.certificate, root.certificate].map(isSelfSigned)).toEqual([false, true]);
  });
});
