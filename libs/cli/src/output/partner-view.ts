import type { IdentificationEntry, Partner, PartnerCertificate, UsageResolution } from '@certlane/contracts';
import { extendedKeyUsageWords, keyUsageWords } from '../input/key-usage.js';
import { CERTIFICATE_HEADINGS, certificateCells } from './certificate-rows.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { day, moment, short, usageWords } from './words.js';

/** An entry is a mould, a certificate is filled: told apart without colours too. */
const ENTRY_MARK = '◇';
const CERTIFICATE_MARK = '◆';

/** What the view says beyond the partner's own record. */
export interface PartnerStanding {
  readonly bypassOpen: boolean;
  /** Fingerprints of the installed issuers: an entry whose issuer is gone can match nothing. */
  readonly installed: ReadonlySet<string>;
}

/** Everything about one partner, what is expected set apart from what is on file. */
export function partnerView(style: Style, partner: Partner, { bypassOpen, installed }: PartnerStanding): string {
  return [
    style.strong(`Partner ${printable(partner.id)} of station ${partner.station}`),
    pairs(style, [
      ['Reached at', reachedAt(partner.connection)],
      ['Automatic exchange (ACX)', partner.acx ? 'on' : 'off'],
      ['Secure authentication', partner.secureAuthentication ? 'required' : 'off'],
      ['TLS client certificate', partner.tlsClientAuthentication ? 'required, must be on file' : 'not asked for'],
      ['Challenges', `${partner.challenge.cipher}, ${partner.challenge.keyTransport}`],
      ['Password we send', partner.hasOwnPassword ? 'one of its own' : "the station's"],
      ['Trust bypass', bypassWords(style, partner, bypassOpen)],
    ]),
    '',
    style.strong('Identification entries') + style.faint(' (what we expect; these are no certificates)'),
    indented(entryTable(style, partner.entries, installed)),
    '',
    style.strong('Certificates on file'),
    indented(partnerCertificateTable(style, partner.certificates)),
    '',
    style.strong('What serves each usage now'),
    indented(usageTable(style, partner)),
    '',
    style.strong('What we use towards it'),
    indented(oursTable(style, partner.usages)),
  ].join('\n');
}

/** `oftp.beta.example:6619 (tls)` */
export function reachedAt(connection: Partner['connection']): string {
  if (connection === null) return 'it calls us';
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host;
  return `${host}:${connection.port} (${connection.transport})`;
}

/** The certificates of a partner, each with its state. */
export function partnerCertificateTable(style: Style, certificates: readonly PartnerCertificate[]): string {
  const rows = certificates.map((certificate) => [
    style.good(CERTIFICATE_MARK),
    ...certificateCells(certificate),
    stateWord(style, certificate.state),
    usageWords(certificate.usages),
    certificate.origin.by === 'operator'
      ? 'by hand'
      : `${certificate.origin.kind} ${short(certificate.origin.exchange)}`,
  ]);
  const headings = ['', ...CERTIFICATE_HEADINGS, 'STATE', 'FOR', 'CAME'];
  return table(style, headings, rows, 'none: no certificate of this partner has been taken over or put on file');
}

function entryTable(style: Style, entries: readonly IdentificationEntry[], installed: ReadonlySet<string>): string {
  const rows = entries.map((entry) => [
    style.expected(ENTRY_MARK),
    style.expected(entry.id),
    style.expected(printable(entry.subject)),
    printable(entry.issuer.subject) + (installed.has(entry.issuer.fingerprint) ? '' : style.bad(' (not installed)')),
    usageWords(entry.usages),
    requiredWords(entry),
  ]);
  return table(style, ['', 'ENTRY', 'SUBJECT', 'ISSUER', 'FOR', 'MUST HAVE'], rows, 'none');
}

function requiredWords(entry: IdentificationEntry): string {
  const words = [
    entry.keyUsage === undefined ? '' : keyUsageWords(entry.keyUsage),
    extendedKeyUsageWords(entry.extendedKeyUsage ?? []),
  ];
  return words.filter((word) => word !== '').join(', ') || '-';
}

/** One line a certificate, so that many accepted ones stay readable. */
function usageTable(style: Style, { usages, certificates }: Partner): string {
  const end = (fingerprint: string): string => {
    const found = certificates.find((certificate) => certificate.fingerprint === fingerprint);
    return found === undefined ? '-' : moment(found.notAfter);
  };
  const rows = usages.flatMap(({ usage, current, accepted, scheduled }) => {
    const lines = [
      current === undefined
        ? [style.warning('nothing'), '-', '-']
        : [style.good(short(current)), style.good('serves it'), end(current)],
      ...accepted.map(({ fingerprint, until }) => [short(fingerprint), 'still accepted', moment(until)]),
      ...scheduled.map(({ fingerprint, from }) => [short(fingerprint), `from ${day(from)}`, end(fingerprint)]),
    ];
    return lines.map((cells, index) => [index === 0 ? usage : '', ...cells]);
  });
  return table(style, ['USAGE', 'CERTIFICATE', 'STANDING', 'UNTIL'], rows, 'nothing is known for any usage');
}

function oursTable(style: Style, usages: readonly UsageResolution[]): string {
  const rows = usages.map((row) => [
    row.usage,
    row.ours === undefined ? style.warning('nothing') : short(row.ours),
    row.oursAccepted.map(short).join(', ') || '-',
  ]);
  return table(style, ['USAGE', 'OURS', 'IT MAY STILL USE'], rows, 'nothing is known for any usage');
}

function stateWord(style: Style, state: PartnerCertificate['state']): string {
  switch (state) {
    case 'current':
      return style.good(state);
    case 'accepted':
    case 'scheduled':
      return state;
    case 'replaced':
    case 'expired':
      return style.bad(state);
  }
}

function bypassWords(style: Style, partner: Partner, open: boolean): string {
  if (open) {
    return `${style.warning('open')}: nothing is on file for session authentication, certificate files may pass without it`;
  }
  if (!partner.acx || !partner.secureAuthentication) {
    return 'closed: there is one only with automatic exchange and secure authentication on';
  }
  return 'closed: a certificate for session authentication is on file';
}
