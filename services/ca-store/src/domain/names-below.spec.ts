import { IssuerIndex, parseDistinguishedName, summaryOf, type Certificate } from '@certlane/pki';
import { TestAuthority } from '@certlane/pki/testing';
import { expect, it } from '@jest/globals';
import { namesBelow } from './names-below.js';

const now = new Date('2026-06-01T00:00:00Z');
const root = TestAuthority.root('Root', now);
const first = root.subordinate('First');
const second = first.subordinate('Second');
const other = TestAuthority.root('Other', now);
const known = new IssuerIndex([root, first, second, other].map(({ certificate }) => certificate));
const below = ({ certificate }: TestAuthority) => namesBelow({ known }, certificate.fingerprint);
const nameOf = ({ certificate }: TestAuthority) => summaryOf(certificate).subject;

it.each<[string, TestAuthority, TestAuthority[]]>([
  ['all that stand below it, however deep', root, [first, second]],
  ['not those above it', first, [second]],
  ['nobody where it stands lowest', second, []],
  ['nobody of another one', other, []],
])('an authority has below it: %s', (_what, authority, names) => {
  expect(below(authority)).toEqual(names.map(nameOf));
});

it('comes to an end where authorities certify one another', () => {
  const [a, b] = [root.certificate, other.certificate];
  const crossed = (certificate: Certificate, by: Certificate): Certificate => ({
    ...certificate,
    fingerprint: by.fingerprint.replace(/^./, 'x'),
    issuer: by.subject,
  });
  const ring = new IssuerIndex([crossed(a, b), crossed(b, a), a]);
  expect(namesBelow({ known: ring }, a.fingerprint)).toEqual([nameOf(other)]);
});

it.each<[string, number, string, number | undefined]>([
  ['as many as a reply names', 1_000, 'CA', 1_000],
  ['more than that', 1_001, 'CA', undefined],
  ['what is too large for a reply', 100, 'C'.repeat(3_500), undefined],
  ['a name that is longer than can be shown', 1, 'C'.repeat(5_000), undefined],
])('names those below it, unless they are too many: %s', (_what, count, name, named) => {
  const { certificate } = first;
  const many = Array.from({ length: count }, (_, index): Certificate => ({
    ...certificate,
    fingerprint: String(index),
    subject: parseDistinguishedName(`CN=${name} ${index}`),
  }));
  const crowd = new IssuerIndex([root.certificate, ...many]);
  expect(namesBelow({ known: crowd }, root.certificate.fingerprint)?.length).toBe(named);
});

it('names nobody below one that is not known', () => {
  expect(namesBelow({ known }, 'f'.repeat(64))).toEqual([]);
});
