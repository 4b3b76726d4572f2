import { describe, expect, it } from '@jest/globals';
import type { Issuer } from '@certlane/contracts';
import { summary } from '../testing/records.js';
import { dependentWords, issuerTable, issuerView } from './issuer-view.js';
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
      /^Installed +2026-11-23 12:00Z, for verification only: no certificate of a partner is trusted on it$/m,
    ],
    [
      'by a trust list',
      { lists },
      /^Installed +no: only trust lists name it\nOn trust lists +odette \(level oftp2\)$/m,
    ],
  ])('are shown one by one: known %s', (_what, parts, words) => {
    expect(issuerView(plain, issuer('a', 'CN=A', parts), [])).toMatch(words);
  });

  it('are shown with the partners that stand on them', () => {
    const dependents = [
      { station: 'O0013ACME', partner: 'O0177BETA', entries: 2, certificates: [{ subject: 'CN=b' }] },
      { station: 'O0013ACME', partner: 'O0177GAMMA', entries: 0, certificates: [] },
    ];
    const view = issuerView(plain, issuer('a', 'CN=A', { installed }), dependents);
    expect(view).toMatch(/O0177BETA +O0013ACME +2 +1$/m);
    expect(dependents.map(dependentWords)[0]).toBe('O0177BETA of O0013ACME (2 entries, 1 certificate)');
    expect(issuerView(plain, issuer('a', 'CN=A'), [])).toMatch(/Partners that stand on it\n +none$/);
  });
});
