import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Certificate, certificateToPem } from '../certificate/index.js';
import { crlRevocation } from '../revocation/index.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { pkits, PKITS_TIME, pkitsIsHere, readable } from '../testing/pkits.js';
import { PKITS_TESTS, type PkitsTest } from '../testing/pkits-tests.js';
import type { PathVerdict } from './verdict.js';

const { certificates, intermediates, judge, lists, named } = pkits();

const refusalOf = (verdict: PathVerdict | 'unreadable'): string =>
  verdict === 'unreadable' ? verdict : (verdict.checks.find(({ ok }) => !ok)?.check ?? 'valid');

const label = ({ number, name, initial }: PkitsTest): string => {
  const inputs = Object.keys(initial).length === 0 ? '' : ` with ${JSON.stringify(initial)}`;
  return `${number} ${name}${inputs}`;
};
const rows = (wanted: (test: PkitsTest) => boolean): [string, PkitsTest][] =>
  PKITS_TESTS.filter(wanted).map((test) => [label(test), test]);

const withData = pkitsIsHere ? describe : describe.skip;

it('departs from PKITS exactly where docs/divergences.md says so', () => {
  const document = readFileSync(new URL('../../../../docs/divergences.md', import.meta.url), 'utf8');
  const listed = document.matchAll(
    /^\| (4\.[0-9.]+) +\| (valid|invalid) +\| refused, `([a-z-]+)` +\| [^|]*[a-z][^|]*\|$/gm,
  );
  const departures = PKITS_TESTS.filter(({ diverges }) => diverges !== undefined);
  expect([...listed].map(([, ...row]) => row)).toEqual(
    departures.map(({ number, expected, diverges }) => [number, expected, diverges]),
  );
});

withData('PKITS (needs ../shared/reference/pkits)', () => {
  it.each(rows(({ needs }) => needs !== 'revocation'))('%s', (_, test) => {
    const verdict = judge(test);
    expect(refusalOf(verdict)).toBe(test.diverges ?? test.expected);
    if (verdict === 'unreadable') return;
    expect(verdict.trusted).toBe((test.diverges ?? test.expected) === 'valid');
    if (test.under !== undefined) expect(verdict.policies).toEqual(test.under);
  });

  it.each(rows(({ needs }) => needs === 'revocation'))('%s: nothing but revocation is against it', (_, test) => {
    const verdict = judge(test);
    expect(refusalOf(verdict)).toBe('valid');
    expect(verdict).toHaveProperty('notChecked', expect.arrayContaining(['revocation']));
  });

  const source = crlRevocation({ lists: readable(lists), certificates: intermediates, maximumAgeDays: Infinity });
  it.each(rows(() => true))('%s, under its official conditions: all lists at hand, none may lack', (_, test) => {
    const verdict = judge(test, { source, mode: 'fail' });
    expect(refusalOf(verdict)).toBe(test.diverges ?? test.expected);
    if (verdict !== 'unreadable' && verdict.trusted) expect(verdict.revocation).toBe('good');
  });

  it('uses every end entity certificate of the suite', () => {
    const used = new Set(PKITS_TESTS.map(({ certificate }) => certificate));
    const left = [...certificates.keys()].filter((name) => name.endsWith('EE') && !used.has(name));
    expect(left).toEqual([]);
  });
});

const withOpenssl = pkitsIsHere && opensslVersion !== undefined ? describe : describe.skip;

withOpenssl('openssl verify agrees on PKITS (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });
  const pem = (all: readonly (Certificate | 'unreadable')[]): string =>
    all.map((one) => (one === 'unreadable' ? '' : certificateToPem(one))).join('');

  it.each(rows(({ number }) => /^4\.(?:8|9|1[0-3])\./.test(number)))('%s', (_, test) => {
    bench.file('leaf', pem([named(test.certificate)]));
    bench.file('intermediates', pem(intermediates));
    bench.file('anchors', pem([named('TrustAnchorRootCertificate')]));
    const { accepted, explicit, inhibitMapping, inhibitAny } = test.initial;
    const { status } = bench.try(
      'verify',
      ...['-attime', String(PKITS_TIME.getTime() / 1000), '-no-CApath', '-no-CAstore'],
      ...['-CAfile', 'anchors', '-untrusted', 'intermediates', '-policy_check'],
      ...(accepted ?? ['anyPolicy']).flatMap((policy) => ['-policy', policy]),
      ...(explicit === true ? ['-explicit_policy'] : []),
      ...(inhibitMapping === true ? ['-inhibit_map'] : []),
      ...(inhibitAny === true ? ['-inhibit_any'] : []),
      'leaf',
    );
    expect(status === 0).toBe(test.expected === 'valid' || test.expected === 'revocation');
  });
});
