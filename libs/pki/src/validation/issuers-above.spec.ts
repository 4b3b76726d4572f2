import { describe, expect, it } from '@jest/globals';
import { TestAuthority, testCa } from '../testing/index.js';
import { IssuerIndex } from './issuer-index.js';
import { issuersAbove } from './issuers-above.js';

const now = new Date('2026-06-01T12:00:00Z');
const { root, authority, issue } = testCa({ name: 'Company', now });
const { certificate } = issue();
const others = testCa({ name: 'Other', now });
const fingerprints = (certificates: readonly { readonly fingerprint: string }[]) =>
  certificates.map(({ fingerprint }) => fingerprint);

describe('the issuers above a certificate', () => {
  it('are those its names lead to, over several indexes, each once', () => {
    const lower = new IssuerIndex([others.authority.certificate, authority.certificate]);
    const upper = new IssuerIndex([root.certificate, authority.certificate]);
    expect(fingerprints(issuersAbove(certificate, lower, upper))).toEqual(
      fingerprints([authority.certificate, root.certificate]),
    );
    expect(issuersAbove(certificate, upper, lower)).toHaveLength(2);
    expect(issuersAbove(others.root.certificate, upper)).toEqual([]);
  });

  it('are 64 at most', () => {
    const name = 'Many of one name';
    const namesakes = Array.from({ length: 70 }, () => TestAuthority.root(name, now).certificate);
    const below = TestAuthority.root(name, now).issue().certificate;
    expect(new IssuerIndex(namesakes).size).toBe(70);
    expect(issuersAbove(below, new IssuerIndex(namesakes))).toHaveLength(64);
  });
});
