import { describe, expect, it } from '@jest/globals';
import { fingerprint, verdict } from '../testing/records.js';
import { styleFor } from './style.js';
import { fingerprintsIn, revocationWords, verdictDetails, verdictLines } from './verdict-view.js';

const plain = styleFor(false);
const names = new Map([
  [fingerprint('a'), 'CN=oftp.beta.example\u001b[31m'],
  [fingerprint('b'), 'CN=Beta CA'],
]);
const cells = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/));

describe('a verdict', () => {
  it('is told in a few lines, with names where they are known', () => {
    expect(cells(verdictLines(plain, verdict(), names))).toEqual([
      ['Verdict', 'trusted'],
      ['Because', 'a valid path ends at an authority we trust'],
      ['Path', 'CN=oftp.beta.example?[31m', '←', 'CN=Beta CA', '←', 'cccccccccccc'],
      ['Ends at', 'cccccccccccc, installed by hand'],
      ['Revocation', 'good: no list names it'],
      ['Stands on', 'version 12'],
    ]);
  });

  it('says why not, and what nobody looked at', () => {
    const lines = verdictLines(
      plain,
      verdict({
        trusted: false,
        reason: 'not-by-listed-authority',
        message: 'a listed authority did not issue it itself',
        anchor: { fingerprint: fingerprint('c'), by: 'trust-list', list: 'odette', level: 'oftp2' },
        path: [],
        notChecked: ['the revocation of the root'],
        standsOn: {
          version: 13,
          trustLists: [{ name: 'odette', sequenceNumber: 7 }],
          revocationLists: [
            { kind: 'list', issuer: 'CN=Beta CA', number: '1f', thisUpdate: '2026-11-23T10:00:00Z' },
            { kind: 'ocsp', issuer: 'CN=Beta CA', thisUpdate: '2026-11-23T11:00:00Z' },
          ],
        },
      }),
      names,
    );
    expect(cells(lines)).toEqual([
      ['Verdict', 'not trusted (not-by-listed-authority)'],
      ['Because', 'a listed authority did not issue it itself'],
      ['Path', 'none was found'],
      ['Ends at', 'cccccccccccc, on trust list odette (level oftp2)'],
      ['Revocation', 'good: no list names it'],
      [
        'Stands on',
        'version 13; trust list odette number 7; revocation list of CN=Beta CA number 1f of 2026-11-23 10:00Z; OCSP answer of CN=Beta CA of 2026-11-23 11:00Z',
      ],
      ['Not looked at', 'the revocation of the root'],
    ]);
  });

  it('is explained whole: checks, path, other paths, and what it stands on', () => {
    const text = verdictDetails(
      plain,
      verdict({
        checks: [
          { check: 'dates', ok: true, message: 'all are valid now' },
          { check: 'basic-constraints', ok: false, message: 'CN=X is no authority' },
        ],
        otherPaths: [{ path: [fingerprint('a'), fingerprint('d')], message: 'expired in 2020', failures: 2 }],
        standsOn: {
          version: 12,
          trustLists: [{ name: 'odette', sequenceNumber: 7 }],
          revocationLists: [{ kind: 'list', issuer: 'CN=Beta CA', thisUpdate: '2026-11-23T10:00:00Z' }],
        },
      }),
      names,
    );
    expect(cells(text).filter(([first]) => first !== '')).toEqual([
      ['Checks, in the order they were made'],
      ['CHECK', 'FOUND'],
      ['yes', 'dates', 'all are valid now'],
      ['no', 'basic-constraints', 'CN=X is no authority'],
      ['Path'],
      ['SUBJECT', 'FINGERPRINT'],
      ['certificate', 'CN=oftp.beta.example?[31m', fingerprint('a')],
      ['authority', 'CN=Beta CA', fingerprint('b')],
      ['trusted end', '(name not known here)', fingerprint('c')],
      ['Other paths that were tried'],
      ['PATH', 'FAILURES', 'WHY'],
      ['CN=oftp.beta.example?[31m', '←', 'dddddddddddd', '2', 'expired in 2020'],
      ['Stands on version 12 of the trust state'],
      ['OF', 'NUMBER', 'MADE'],
      ['trust list', 'odette', '7', '-'],
      ['revocation list', 'CN=Beta CA', '-', '2026-11-23 10:00Z'],
    ]);
  });

  it.each([
    [{ status: 'good', message: 'fine' }, 'good: fine'],
    [
      { status: 'revoked', message: 'it is on the list', at: '2026-11-20T00:00:00Z', reason: 'keyCompromise' },
      'revoked since 2026-11-20 00:00Z, keyCompromise: it is on the list',
    ],
    [{ status: 'undetermined', message: 'no list was read yet' }, 'undetermined: no list was read yet'],
    [{ status: 'not-checked', message: 'switched off' }, 'not checked: switched off'],
  ] as const)('says of revocation %j', (revocation, words) => {
    expect(revocationWords(plain, revocation)).toBe(words);
  });

  it('names every certificate it speaks of once', () => {
    const otherPaths = [{ path: [fingerprint('a'), fingerprint('d')], message: '', failures: 1 }];
    expect(fingerprintsIn(verdict({ otherPaths }))).toEqual(['a', 'b', 'c', 'd'].map(fingerprint));
  });
});
