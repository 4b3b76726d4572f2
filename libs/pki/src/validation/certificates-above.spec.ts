import { describe, expect, it } from '@jest/globals';
import { TestAuthority, testCa, testKey } from '../testing/index.js';
import { certificatesAbove } from './certificates-above.js';

const now = new Date('2026-06-01T12:00:00Z');
const company = testCa({ name: 'Company', now });
const other = testCa({ name: 'Other', now });
const { certificate } = company.issue();
const authority = company.authority.certificate;
const root = company.root.certificate;
/** Of the same name as our root, with another key. */
const namesake = TestAuthority.root('Company Root', now, { key: testKey('namesake') }).certificate;

describe('the certificates above a certificate', () => {
  it.each([
    ['in order', [authority, root], [authority, root]],
    ['the other way round', [root, authority], [authority, root]],
    ['twice, with the certificate among them', [root, certificate, authority, root], [authority, root]],
    ['with a gap', [root], []],
    ['without the top', [authority], [authority]],
    ['beside those of others', [...other.chain, authority, company.issue().certificate], [authority]],
    ['with a namesake that did not sign', [authority, namesake], [authority]],
    ['not at all', [], []],
  ])('are found when they are given %s', (_how, given, found) => {
    expect(certificatesAbove(certificate, given).map(({ fingerprint }) => fingerprint)).toEqual(
      found.map(({ fingerprint }) => fingerprint),
    );
  });

  it('are none for one that signed itself', () => {
    expect(certificatesAbove(root, [root, authority])).toEqual([]);
  });
});
