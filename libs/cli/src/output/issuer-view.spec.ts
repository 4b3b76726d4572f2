import { describe, expect, it } from '@jest/globals';
import type { Issuer, IssuerPurpose } from '@certlane/contracts';
import { summary } from '../testing/records.js';
import { addedWords, dependentWords, issuerTable, issuerView, removedWords } from './issuer-view.js';
import { styleFor } from './style.js';

const plain = styleFor(false);
const issuer = (letter: string, subject: string, parts: Partial<Issuer> = {}): Issuer => ({
  ...summary(letter, subject),
  certificate: 'AAAA',
  selfSigned: false,
  lists: [],
  ...parts,
});
const installed = { purpose: 'oftp2', at: '2026-11-23T12:00:00Z', by: 'operator:anna' } as const;
const lists: Issuer['lists'] = [{ name: 'odette', level: 'oftp2' }];

describe('authorities', () => {
  it('are listed by name, with why each is trusted', () => {
    const all = [
      issuer('b', 'CN=Beta CA', { lists }),
      issuer('a', 'CN=Alpha Root', { selfSigned: true, installed: { ...installed, purpose: 'verification-only' } }),
      issuer('c', 'CN=Beta CA', { installed, lists, notBefore: '2026-06-01T00:00:00Z' }),
    ];
    const [, ...rows] = issuerTable(plain, all, 'none').split('\n');
    expect(rows.map((row) => row.split(/ {2,}/)).map((cells) => [cells[0], cells[1], ...cells.slice(-4)])).toEqual([
      ['aaaaaaaaaaaa', 'CN=Alpha Root', 'root', 'verification-only', '2026-11-23 12:00Z', '-'],
      ['cccccccccccc', 'CN=Beta CA', 'authority', 'oftp2', '2026-11-23 12:00Z', 'odette'],
      ['bbbbbbbbbbbb', 'CN=Beta CA', 'authority', '-', '-', 'odette'],
    ]);
    expect(issuerTable(plain, [], 'none at all')).toBe('none at all');
  });

  it.each<[string, Partial<Issuer>, RegExp]>([
    [
      'for partners',
      { installed },
      /^Installed +2026-11-23 12:00Z by operator:anna, for OFTP2: certificates of partners are trusted on it$/m,
    ],
    [
      'for verification only',
      { installed: { purpose: 'verification-only', at: installed.at } },
      /^Installed +2026-11-23 12:00Z, for verification only: it completes paths, and ends none$/m,
    ],
    [
      'by a trust list',
      { lists },
      /^Installed +no: only trust lists name it\nOn trust lists +odette \(level oftp2\)$/m,
    ],
  ])('are shown one by one: known %s', (_what, parts, words) => {
    expect(issuerView(plain, issuer('a', 'CN=A', parts), [])).toMatch(words);
  });

  const dependent = (partner: string, entries: number, ...certificates: boolean[]) => ({
    ...{ station: 'O0013ACME', partner, entries },
    certificates: certificates.map((trustedWithChain) => ({ trustedWithChain })),
  });

  it('are shown with the partners that stand on them', () => {
    const view = issuerView(plain, issuer('a', 'CN=A', { installed }), [
      dependent('O0177BETA', 2, false),
      dependent('O0177GAMMA', 0, true, false),
    ]);
    expect(view).toMatch(/O0177BETA +O0013ACME +2 +1 +0$/m);
    expect(view).toMatch(/O0177GAMMA +O0013ACME +0 +2 +1\n +carried from above: without it, .* trusted still where/m);
    expect(issuerView(plain, issuer('a', 'CN=A'), [])).toMatch(/Partners that stand on it\n +none$/);
  });

  it.each([
    [dependent('O0177BETA', 2, false), '2 entries, 1 certificate'],
    [dependent('O0177BETA', 1), '1 entry'],
    [dependent('O0177BETA', 0, true), '1 certificate, which is trusted still where the chain comes along'],
    [dependent('O0177BETA', 0, true, true), '2 certificates, which are trusted still where the chain comes along'],
    [dependent('O0177BETA', 0, true, false), '2 certificates, 1 of them trusted still where the chain comes along'],
  ])('say what a partner loses: %j', (one, words) => {
    expect(dependentWords(one)).toBe(`O0177BETA of O0013ACME (${words})`);
  });

  it.each<[string, IssuerPurpose, (IssuerPurpose | undefined)[], string[]]>([
    ['new', 'oftp2', [undefined], ['1 issuer installed.', 'CN=0']],
    ['new', 'verification-only', [undefined], ['1 issuer installed for verification-only.', 'CN=0']],
    ['the same', 'oftp2', ['oftp2'], ['Nothing changed.', 'CN=0  (was installed for oftp2 already)']],
    [
      'trusted less',
      'verification-only',
      ['oftp2'],
      ['1 issuer made verification-only.', 'CN=0  (was oftp2, is now verification-only)'],
    ],
    [
      'of all kinds',
      'oftp2',
      [undefined, 'verification-only', 'oftp2'],
      [
        '1 issuer installed, 1 issuer made oftp2.',
        'CN=0',
        'CN=1  (was verification-only, is now oftp2)',
        'CN=2  (was installed for oftp2 already)',
      ],
    ],
  ])('say what became of them: %s, for %s', (_what, purpose, former, said) => {
    const issuers = former.map((formerPurpose, index) => ({ ...issuer('a', `CN=${index}`), formerPurpose }));
    expect(addedWords(plain, issuers, purpose).replaceAll('aaaaaaaaaaaa  ', '').split('\n')).toEqual(said);
  });

  const kept = { ...installed, purpose: 'verification-only' } as const;
  it.each<[Partial<Issuer>, string]>([
    [
      { installed },
      'no path ends at it any more. What is below it is trusted only where another authority carries it, with the chain sent along where that one stands above.',
    ],
    [
      { installed, selfSigned: true },
      'no path ends at it any more. What is below it is trusted only where another authority carries it.',
    ],
    [
      { installed: kept, selfSigned: true },
      'it completes no path any more. What is below it is trusted only where another authority carries it.',
    ],
    [{ installed, lists }, 'trust list odette still names it, so it is trusted as that says.'],
    [
      { installed, lists: [...lists, { name: 'more', level: 'basic' }] },
      'trust lists odette, more still name it, so it is trusted as those say.',
    ],
  ])('say what still carries what they carried: %j', (parts, words) => {
    expect(removedWords(issuer('a', 'CN=A', parts))).toBe(`CN=A removed: ${words}`);
  });
});
