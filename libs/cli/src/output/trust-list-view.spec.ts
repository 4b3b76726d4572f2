import { describe, expect, it } from '@jest/globals';
import type { TrustListView } from '@certlane/contracts';
import { fingerprint, summary } from '../testing/records.js';
import { styleFor } from './style.js';
import { trustListTable, trustListView } from './trust-list-view.js';

const plain = styleFor(false);
const list = (parts: Partial<TrustListView> = {}): TrustListView => ({
  name: 'odette',
  level: 'oftp2',
  url: 'https://lists.example/tsl.xml',
  state: 'current',
  signers: [
    { signer: summary('s', 'CN=TSL Signer'), pinned: 'given', at: '2026-11-01T00:00:00Z', by: 'operator:anna' },
  ],
  schemeName: 'EN:Example scheme\u001b',
  operatorName: 'Example operator',
  sequenceNumber: 7,
  issuedAt: '2026-11-01T00:00:00Z',
  nextUpdate: '2026-12-01T00:00:00Z',
  takenAt: '2026-11-02T10:20:30Z',
  authorities: 2,
  broken: [],
  lastTry: { at: '2026-11-23T12:00:00Z', ok: true, message: 'the same edition as before' },
  nextTry: '2026-11-24T12:00:00Z',
  ...parts,
});
const rows = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/));
const pinned = (parts: Partial<TrustListView['signers'][number]>): TrustListView['signers'] => [
  { signer: summary('s', 'CN=TSL Signer'), pinned: 'given', at: '2026-11-01T00:00:00Z', ...parts },
];

describe('the trust lists that are followed', () => {
  it.each<[string, Partial<TrustListView>, string[]]>([
    [
      'a current one',
      {},
      [
        'odette',
        'current',
        'oftp2',
        '7',
        '2026-12-01',
        '2',
        '-',
        'ssssssssssss',
        'https://lists.example/tsl.xml',
        '2026-11-23 12:00Z good: the same edition as before',
      ],
    ],
    [
      'one that was never read',
      {
        state: 'never-read',
        signers: [],
        authorities: 0,
        broken: [],
        lastTry: { at: '2026-11-23T12:00:00Z', ok: false, reason: 'status', message: 'HTTP 404' },
      },
      [
        'odette',
        'never-read',
        'oftp2',
        '7',
        '2026-12-01',
        '0',
        '-',
        'none yet',
        'https://lists.example/tsl.xml',
        '2026-11-23 12:00Z failed (status): HTTP 404',
      ],
    ],
  ])('are told in a row: %s', (_what, parts, row) => {
    expect(rows(trustListTable(plain, [list(parts)]))[1]).toEqual(row);
  });

  it('are none at first', () => {
    expect(trustListTable(plain, [])).toBe('no trust list is followed');
  });

  it('are by hand where they have no address', () => {
    const { url: _url, ...byHand } = list();
    expect(trustListTable(plain, [byHand])).toContain('by hand');
    expect(trustListView(plain, byHand, [])).toMatch(/Read at +nowhere: its editions are imported by hand/);
  });
});

describe('one trust list', () => {
  it('is shown with authorities by name and broken entries by place', () => {
    const authorities = [
      { ...summary('b', 'CN=Second'), service: 'OFTP2 issuing' },
      { ...summary('a', 'CN=First'), service: 'OFTP2 issuing' },
    ];
    const broken = [{ place: 'provider 3, service 1', reason: 'certificate', message: 'it is no DER' }];
    const view = rows(trustListView(plain, list({ broken }), authorities));
    expect(view).toEqual(
      expect.arrayContaining([
        ['Scheme', 'EN:Example scheme?'],
        ['Level', 'oftp2: only what a listed authority issued itself is trusted'],
        ['Sequence number', '7'],
        ['In use since', '2026-11-02 10:20Z'],
        ['provider 3, service 1', 'certificate', 'it is no DER'],
        ['CN=TSL Signer', '2027-01-01', 'given by operator:anna', '2026-11-01 00:00Z', fingerprint('s')],
      ]),
    );
    const names = view.map(([, subject]) => subject).filter((word) => /^CN=(?:First|Second)$/.test(word ?? ''));
    expect(names).toEqual(['CN=First', 'CN=Second']);
    expect(view.flat()).not.toContain('by the first list');
  });

  it('says that nobody vouched for a signer that the first list brought, and how to check it', () => {
    const text = trustListView(plain, list({ signers: pinned({ pinned: 'first-import' }) }), []);
    expect(text).toContain('by the first list');
    expect(text).toContain('Nobody has vouched for ssssssssssss');
    expect(text).toContain('openssl x509 -noout -fingerprint -sha256 -in FILE');
    expect(text).toContain('certlane tsl remove odette, then certlane tsl add odette … --signer FILE');
    expect(text).toContain(fingerprint('s'));
  });

  it('says who staged a signer, and what another person does', () => {
    const staged = trustListView(plain, list({ signers: pinned({ pinned: 'staged', by: 'operator:anna' }) }), []);
    expect(staged).toContain('staged by operator:anna, not confirmed yet');
    expect(staged).toContain('waits to be confirmed by another person than operator:anna:');
    expect(staged).toContain('certlane tsl signer confirm odette');
    const done = pinned({ pinned: 'given', by: 'operator:anna', confirmedBy: 'operator:bert' });
    const confirmed = trustListView(plain, list({ signers: done }), []);
    expect(confirmed).toContain('staged by operator:anna, confirmed by operator:bert');
    expect(confirmed).not.toContain('waits to be confirmed');
  });

  it('says what can be done about a try that failed, and that the first one is not over', () => {
    const lastTry = { at: '2026-11-23T12:00:00Z', ok: false, reason: 'status', message: 'HTTP 404', remedy: 'do this' };
    expect(trustListView(plain, list({ lastTry }), [])).toMatch(/^What to do +do this$/m);
    expect(trustListView(plain, list(), [])).not.toContain('What to do');
    const { lastTry: _tried, ...untried } = list();
    expect(trustListView(plain, untried, [])).toMatch(/^Last try +none has come to an end yet: it is being read$/m);
  });

  it.each([
    ['never-read', 'none was good yet, nothing is trusted on it'],
    ['out-of-date', 'the next one is overdue; its authorities stay in use'],
  ] as const)('that is %s says what follows from it', (state, words) => {
    expect(trustListView(plain, list({ state }), [])).toContain(`${state}: ${words}`);
  });
});
