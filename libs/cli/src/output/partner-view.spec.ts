import { describe, expect, it } from '@jest/globals';
import type { Partner, PartnerCertificate } from '@certlane/contracts';
import { partnerView, reachedAt } from './partner-view.js';
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

const lines = (bypassOpen: boolean, changes: Partial<Partner> = {}): string =>
  partnerView(styleFor(false), { ...partner, ...changes }, { bypassOpen, installed: new Set(['f'.repeat(64)]) });

describe('what partner show prints', () => {
  it('tells what is expected from what is on file, by headings and marks', () => {
    const view = lines(false);
    expect(view.indexOf('Identification entries')).toBeLessThan(view.indexOf('◇'));
    expect(view.indexOf('◇')).toBeLessThan(view.indexOf('Certificates on file'));
    expect(view.indexOf('Certificates on file')).toBeLessThan(view.indexOf('◆'));
    expect(view).toMatch(/◇ +e1 .*all +digitalSignature, keyEncipherment, serverAuth/);
    expect(view.match(/◆/g)).toHaveLength(3);
    expect(view).toMatch(/◆ +cccccccccccc .*0123456789a… .*replaced/);
    expect(view).toMatch(/deliver in-012345678/);
  });

  it('says for each usage what serves it, what is still accepted until when, and what is to come', () => {
    expect(lines(false).split('What serves each usage now\n')[1]).toBe(
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

  it('says where nothing serves a usage although something is to come', () => {
    const usages = [
      { usage: 'tls' as const, accepted: [], scheduled: [{ fingerprint: 'd', from: '2026-06-01' }], oursAccepted: [] },
    ];
    expect(lines(false, { usages })).toMatch(/tls +nothing +- +-\n +d +from 2026-06-01/);
  });

  it('marks an entry whose issuer is not installed any more', () => {
    expect(lines(false)).not.toContain('not installed');
    const gone = partnerView(styleFor(false), partner, { bypassOpen: false, installed: new Set() });
    expect(gone).toMatch(/◇ +e1 .*CN=Beta CA \(not installed\) +tls|◇ +e1 .*CN=Beta CA \(not installed\) +all/);
  });

  it.each([
    [true, {}, 'open: nothing is on file for session authentication'],
    [false, {}, 'closed: a certificate for session authentication is on file'],
    [false, { acx: false }, 'closed: there is one only with automatic exchange and secure authentication on'],
    [false, { secureAuthentication: false }, 'closed: there is one only with automatic exchange'],
  ])('says how the bypass stands (%s, %j)', (open, changes, words) => {
    expect(lines(open, changes)).toContain(words);
  });

  it('lets no partner command the terminal', () => {
    expect(lines(false)).not.toContain('\u001b');
    expect(lines(false)).toContain('CN=oftp.beta.example?[31m');
  });

  it.each([
    [null, 'it calls us'],
    [{ host: 'oftp.beta.example', port: 6619, transport: 'tls' as const }, 'oftp.beta.example:6619 (tls)'],
    [{ host: '2001:db8::7', port: 3305, transport: 'tcp' as const }, '[2001:db8::7]:3305 (tcp)'],
  ])('writes the address %j as %s', (connection, words) => {
    expect(reachedAt(connection)).toBe(words);
  });
});
