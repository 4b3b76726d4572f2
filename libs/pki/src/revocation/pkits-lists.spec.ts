import { describe, expect, it } from '@jest/globals';
import { pkits, pkitsIsHere, readable } from '../testing/pkits.js';
import { PKITS_TESTS, type PkitsTest } from '../testing/pkits-tests.js';
import { crlRevocation } from './crl-revocation.js';

const { intermediates, judge, lists } = pkits();
const source = crlRevocation({
  lists: readable(lists),
  certificates: intermediates,
  maximumAgeDays: Infinity,
});

const withData = pkitsIsHere ? describe : describe.skip;

const rows = PKITS_TESTS.filter(({ needs }) => needs === 'revocation').map((test): [string, PkitsTest] => [
  `${test.number} ${test.name}`,
  test,
]);

// validation/pkits.spec.ts runs the suite. Here: whether a certificate is refused for being revoked, or because nobody knows.
withData('lists of PKITS (needs ../shared/reference/pkits)', () => {
  it.each(rows)('%s', (_, test) => {
    const verdict = judge(test, { source, mode: 'fail' });
    const revocation = UNDETERMINED.has(test.number) ? 'undetermined' : 'revoked';
    expect(verdict).toMatchObject({ trusted: false, revocation });
  });

  it('refuses one list for its DER', () => {
    const unreadable = [...lists].flatMap(([name, list]) => (list === 'unreadable' ? [name] : []));
    expect(unreadable).toEqual(['BadCRLSignatureCACRL']);
  });
});

/** Tests in which no list tells of the certificate; in all others that refuse, one says that it is revoked. */
const UNDETERMINED: ReadonlySet<string> = new Set([
  // No list, a bad signature, another issuer's list, unknown critical extensions, nextUpdate passed, the signer revoked.
  ...['4.4.1', '4.4.4', '4.4.5', '4.4.6', '4.4.8', '4.4.9', '4.4.10', '4.4.11', '4.4.12', '4.4.21'],
  // No cRLSign.
  ...['4.7.4', '4.7.5'],
  // Another distribution point, only other certificates, too few reasons, not indirect.
  ...['4.14.3', '4.14.8', '4.14.9', '4.14.11', '4.14.12', '4.14.14', '4.14.17', '4.14.26', '4.14.27', '4.14.35'],
  // A delta alone, and one that begins after the list.
  ...['4.15.1', '4.15.10'],
]);
