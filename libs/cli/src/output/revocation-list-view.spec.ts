import { describe, expect, it } from '@jest/globals';
import type { RevocationListView } from '@certlane/contracts';
import { fingerprint } from '../testing/records.js';
import { revocationListTable } from './revocation-list-view.js';
import { styleFor } from './style.js';

const list = (letter: string, parts: Partial<RevocationListView>): RevocationListView => ({
  id: fingerprint(letter),
  issuer: 'CN=Beta CA\u001b',
  url: 'http://crl.example/beta.crl',
  kind: 'full',
  number: '1f',
  thisUpdate: '2026-11-23T10:00:00Z',
  nextUpdate: '2026-11-30T10:00:00Z',
  entries: 1234,
  state: 'current',
  origin: 'fetched',
  lastTry: { at: '2026-11-23T12:00:00Z', ok: true, message: 'taken' },
  nextTry: '2026-11-24T12:00:00Z',
  failures: 0,
  ...parts,
});
const remedied = (reason: string, remedy: string) => ({
  lastTry: { at: '2026-11-23T12:00:00Z', ok: false, reason, message: 'it failed', remedy },
});
const failed = { at: '2026-11-23T12:00:00Z', ok: false, reason: 'time', message: 'no answer within 60 s' };

describe('revocation lists', () => {
  it('are listed with those first that need a look', () => {
    const lists = [
      list('a', {}),
      list('b', { state: 'old' }),
      { id: fingerprint('c'), url: 'http://dead.example/', state: 'missing', failures: 3, lastTry: failed } as const,
      list('d', { state: 'too-old', origin: 'imported' }),
    ];
    const [, ...rows] = revocationListTable(styleFor(false), lists, 'none').split('\n');
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      [
        'cccccccccccc',
        'missing',
        '(not known yet)',
        ...['-', '-', '-', '-', '-'],
        'http://dead.example/',
        '3',
        '-',
        '2026-11-23 12:00Z failed (time): no answer within 60 s',
      ],
      expect.arrayContaining(['dddddddddddd', 'too old', 'imported']),
      expect.arrayContaining(['bbbbbbbbbbbb', 'old']),
      [
        'aaaaaaaaaaaa',
        'current',
        'CN=Beta CA?',
        'full',
        '1f',
        '2026-11-23 10:00Z',
        '2026-11-30 10:00Z',
        '1234',
        'http://crl.example/beta.crl',
        '-',
        '2026-11-24 12:00Z',
        '2026-11-23 12:00Z good: taken',
      ],
    ]);
    expect(revocationListTable(styleFor(false), [], 'none at all')).toBe('none at all');
  });

  it('say once for each reason what can be done about those that failed', () => {
    const lists = [
      list('a', remedied('status', 'import it')),
      list('b', remedied('status', 'import it')),
      list('c', remedied('too-old', 'ask\u001b')),
      list('d', {}),
    ];
    expect(revocationListTable(styleFor(false), lists, 'none').split('\n').slice(5)).toEqual([
      'What to do (status): import it',
      'What to do (too-old): ask?',
    ]);
  });
});
