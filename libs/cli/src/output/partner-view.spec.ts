import { describe, expect, it } from '@jest/globals';
import type { Partner, PartnerCertificate } from '@certlane/contracts';
import { partnerView, reachedAt, standingSentence } from './partner-view.js';
import { styleFor } from './style.js';

const certificate = (letter: string, state: PartnerCertificate['state']): PartnerCertificate => ({
  fingerprint: letter.repeat(64),
  subject: 'CN=oftp.beta.example,O=Beta',
  issuer: 'CN=Beta CA',
  serialNumber: '0123456789abcdef',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-01-01T00:00:00Z',
  keyUsage: 'a0',
  extendedKeyUsage: [],
  certificate: 'AAAA',
  usages: ['tls', 'session-authentication'],
  origin: { by: 'exchange', exchange: 'in-0123456789abcdef', kind: 'deliver' },
  addedAt: '2026-01-02T00:00:00Z',
  state,
});

const partner: Partner = {
  station: 'O0013ACME',
  id: 'O0177BETA',
  connection: null,
  secureAuthentication: true,
  acx: true,
  tlsClientAuthentication: false,
  challenge: { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' },
  acceptance: 'known',
  selfSigned: 'never',
  revocation: 'warn',
  twoPerson: false,
  weakKeys: false,
  bypassLimits: { days: 30, attempts: null, addresses: [] },
  bypass: { open: false, since: '2026-01-01T00:00:00Z', until: '2026-01-31T00:00:00Z' },
  hasOwnPassword: true,
  entries: [
    {
      id: 'e1',
      subject: 'CN=oftp.beta.example\u001b[31m',
      issuer: { fingerprint: 'f'.repeat(64), subject: 'CN=Beta CA' },
      keyUsage: 'a0',
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      usages: ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'],
      createdAt: '2026-01-01T00:00:00Z',
    },
  ],
  certificates: [certificate('a', 'current'), certificate('b', 'accepted'), certificate('c', 'replaced')],
  usages: [
    {
      usage: 'tls',
      current: 'a'.repeat(64),
      accepted: [{ fingerprint: 'b'.repeat(64), until: '2027-01-01T12:30:45Z' }],
      scheduled: [{ fingerprint: 'd'.repeat(64), from: '2026-06-01T00:00:00Z' }],
      ours: '1'.repeat(64),
      oursAccepted: ['2'.repeat(64)],
    },
  ],
  createdAt: '2026-01-01T00:00:00Z',
  revision: '7',
};

const known = { now: new Date('2026-01-10T00:00:00Z'), installed: new Set(['f'.repeat(64)]), subStations: [] };
const lines = (changes: Partial<Partner> = {}): string =>
  partnerView(styleFor(false), { ...partner, ...changes }, known);

describe('what partner show prints', () => {
  it('tells what is expected from what is on file, by headings and marks', () => {
    const view = lines();
    expect(view.indexOf('Identification entries')).toBeLessThan(view.indexOf('◇'));
    expect(view.indexOf('◇')).toBeLessThan(view.indexOf('Certificates on file'));
    expect(view.indexOf('Certificates on file')).toBeLessThan(view.indexOf('◆'));
    expect(view).toMatch(/◇ +e1 .*all +digitalSignature, keyEncipherment, serverAuth/);
    expect(view.match(/◆/g)).toHaveLength(3);
    expect(view).toMatch(/◆ +cccccccccccc .*0123456789a… .*replaced/);
    expect(view).toMatch(/deliver in-012345678/);
  });

  it('says for each usage what serves it, what is still accepted until when, and what is to come', () => {
    expect(lines().split('What serves each usage now\n')[1]).toBe(
      [
        '  USAGE  CERTIFICATE   STANDING         UNTIL',
        '  tls    aaaaaaaaaaaa  serves it        2027-01-01 00:00Z',
        '         bbbbbbbbbbbb  still accepted   2027-01-01 12:30Z',
        '         dddddddddddd  from 2026-06-01  -',
        '',
        'What we use towards it',
        '  USAGE  OURS          IT MAY STILL USE',
        '  tls    111111111111  222222222222',
      ].join('\n'),
    );
  });

  it('says of a revoked certificate that it is so, and that nothing serves', () => {
    const since = '2026-01-05T00:00:00Z';
    const standing = { trusted: false, reason: 'revoked', message: 'on a list of 5 January', since } as const;
    const view = lines({
      certificates: [{ ...certificate('a', 'revoked'), standing }],
      usages: [{ usage: 'tls', accepted: [], scheduled: [], oursAccepted: [] }],
    });
    expect(view).toMatch(/◆ +aaaaaaaaaaaa .* revoked .*no, revoked since 2026-01-05: on a list of 5 January/);
    expect(view).toMatch(/tls +nothing +- +-\n/);
    expect(view).toContain('closed: a certificate for session authentication is on file');
  });

  it('says where nothing serves a usage although something is to come', () => {
    const usages = [
      { usage: 'tls' as const, accepted: [], scheduled: [{ fingerprint: 'd', from: '2026-06-01' }], oursAccepted: [] },
    ];
    expect(lines({ usages })).toMatch(/tls +nothing +- +-\n +d +from 2026-06-01/);
  });

  it('marks an entry whose issuer is not installed any more', () => {
    expect(lines()).not.toContain('not installed');
    const gone = partnerView(styleFor(false), partner, { ...known, installed: new Set() });
    expect(gone).toMatch(/◇ +e1 .*CN=Beta CA \(not installed\) +tls|◇ +e1 .*CN=Beta CA \(not installed\) +all/);
  });

  const since = { since: '2026-01-01T00:00:00Z' };
  const nothing = { certificates: [], usages: [] };
  it.each<[string, Partial<Partner>, string]>([
    [
      'open',
      { bypass: { open: true, ...since, until: '2026-01-31T00:00:00Z' } },
      'open: nothing is on file for session authentication, certificate files may pass without it; since 2026-01-01 00:00Z, until 2026-01-31 00:00Z',
    ],
    ['open without an end', { bypass: { open: true, ...since } }, 'pass without it; since 2026-01-01 00:00Z\n'],
    [
      'out of time',
      { ...nothing, bypass: { open: false, ...since, until: '2026-01-09T12:00:00Z' } },
      'over since 2026-01-09 12:00Z: no session may run in it; certlane partner bypass reopen begins anew',
    ],
    ['closed', {}, 'closed: a certificate for session authentication is on file'],
    ['without ACX', { acx: false }, 'closed: there is one only with automatic exchange and secure authentication on'],
    ['unsecured', { secureAuthentication: false }, 'closed: there is one only with automatic exchange'],
    ['not identified', { ...nothing, entries: [] }, 'closed: no identification entry says which certificate'],
    ['of a sub-station', { via: 'O0177BETA' }, 'none of its own: that of O0177BETA counts'],
  ])('says how the bypass stands: %s', (_what, changes, words) => {
    expect(lines(changes)).toContain(words);
  });

  it.each([
    [0, null, /without it; since 2026-01-01 00:00Z$/],
    [2, 3, /since 2026-01-01 00:00Z; 2 sessions ran in it so far$/],
    [3, 3, /^used up: 3 sessions of 3 have run in it; certlane partner bypass reopen begins anew$/],
    [undefined, 1, /without it; since 2026-01-01 00:00Z$/],
  ])('says how far the bypass is used up: %s of %s', (uses, attempts, words) => {
    const bypassLimits = { days: null, attempts, addresses: [] };
    const open = { ...partner, ...nothing, bypassLimits, bypass: { open: true, ...since } };
    const view = partnerView(styleFor(false), open, { ...known, ...(uses === undefined ? {} : { bypassUses: uses }) });
    expect(/^Trust bypass +(.*)$/m.exec(view)?.[1]).toMatch(words);
  });

  it('says how far the partner is trusted', () => {
    const limits = { days: 1, attempts: 3, addresses: ['192.0.2.0/24', '198.51.100.7'] };
    const strict = { acceptance: 'manual', revocation: 'fail', twoPerson: true, bypassLimits: limits } as const;
    const words = lines(strict)
      .split('\n')
      .filter((line) => /^(?:Accept|Self|Revo|Appr|Weak|Bypass)/.test(line));
    expect(words.map((line) => line.split(/ {2,}/))).toEqual([
      ['Acceptance', 'manual: nothing without a person'],
      ['Self-signed certificates', 'never taken over'],
      ['Revocation', 'fail: what is revoked is refused, what cannot be determined waits'],
      ['Approvals', 'by another person than the one who entered what to expect'],
      ['Weak keys', 'refused'],
      ['Bypass limits', '1 day; 3 sessions; from 192.0.2.0/24, 198.51.100.7'],
    ]);
    expect(lines({ bypassLimits: { days: null, attempts: null, addresses: [] }, weakKeys: true })).toMatch(
      /Weak keys +taken over all the same\n(?:.*\n)?Bypass limits +no end; any number of sessions; from anywhere/,
    );
  });

  it('says of each certificate on file whether it is trusted still', () => {
    const since = '2026-01-05T00:00:00Z';
    const fell = { trusted: false, reason: 'revoked', message: 'revoked on 5 January\u001b', since } as const;
    const certificates = [
      { ...certificate('a', 'current'), standing: { trusted: true, message: 'trusted', since } },
      { ...certificate('b', 'accepted'), standing: fell },
      certificate('c', 'replaced'),
      { ...certificate('d', 'current'), issuer: certificate('d', 'current').subject },
    ];
    const rows = lines({ certificates })
      .split('\n')
      .filter((line) => line.includes('◆'));
    expect(rows.map((row) => row.split(/ {2,}/).at(-1))).toEqual([
      'yes',
      'no, revoked since 2026-01-05: revoked on 5 January?',
      '-',
      'self-signed',
    ]);
  });

  it.each<[string, Partial<PartnerCertificate>, RegExp]>([
    [
      'trusted',
      { standing: { trusted: true, message: 'It ends at Beta CA.', since: '' } },
      /^It is trusted: It ends at/,
    ],
    [
      'not trusted',
      { standing: { trusted: false, reason: 'issuer-unknown', message: 'No authority.', since: '' } },
      /^It is not trusted \(issuer-unknown\): No authority\. It serves all the same/,
    ],
    [
      'revoked',
      { state: 'revoked', standing: { trusted: false, reason: 'revoked', message: 'On a list.', since: '' } },
      /^It is not trusted \(revoked\): On a list\. It serves nothing\.$/,
    ],
    ['self-signed', { issuer: 'CN=oftp.beta.example,O=Beta' }, /^It is self-signed: no authority stands behind it/],
    [
      'valid only later',
      { state: 'scheduled' },
      /^It is valid from 2026-01-01 00:00Z on; whether it is trusted is looked/,
    ],
    ['not looked at', {}, /could not be found out at once; certlane partner show tells soon/],
  ])('says in a sentence how one stands that is %s', (_name, changes, words) => {
    expect(standingSentence(styleFor(false), { ...certificate('a', 'current'), ...changes })).toMatch(words);
  });

  it('sets a sub-station apart, and names those of a partner', () => {
    const view = lines({ via: 'O0177BETA' });
    expect(view).toMatch(/^Sub-station +its files come and go in the sessions of O0177BETA$/m);
    expect(view).not.toMatch(/Reached at|Password|Challenges|Bypass limits/);
    const subStations = ['O0177PLANT', 'O0177STORE'];
    expect(partnerView(styleFor(false), partner, { ...known, subStations })).toMatch(
      /^Sub-stations +O0177PLANT, O0177STORE$/m,
    );
  });

  it('lets no partner command the terminal', () => {
    expect(lines()).not.toContain('\u001b');
    expect(lines()).toContain('CN=oftp.beta.example?[31m');
  });

  it.each([
    [null, 'it calls us'],
    [{ host: 'oftp.beta.example', port: 6619, transport: 'tls' as const }, 'oftp.beta.example:6619 (tls)'],
    [{ host: '2001:db8::7', port: 3305, transport: 'tcp' as const }, '[2001:db8::7]:3305 (tcp)'],
  ])('writes the address %j as %s', (connection, words) => {
    expect(reachedAt(connection)).toBe(words);
  });
});
