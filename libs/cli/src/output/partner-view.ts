import type { IdentificationEntry, Partner, PartnerCertificate, UsageResolution } from '@certlane/contracts';
import { extendedKeyUsageWords, keyUsageWords } from '../input/key-usage.js';
import { CERTIFICATE_HEADINGS, certificateCells } from './certificate-rows.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { trustPairs, type TrustStanding } from './trust-settings-view.js';
import { day, moment, short, usageWords } from './words.js';

/** An entry is a mould, a certificate is filled: told apart without colours too. */
const ENTRY_MARK = '◇';
const CERTIFICATE_MARK = '◆';

/** What the view says beyond the partner's own record. */
export interface PartnerStanding extends TrustStanding {
  /** Fingerprints of the authorities that are known: an entry whose issuer is gone can match nothing. */
  readonly installed: ReadonlySet<string>;
  /** Odette IDs whose files come and go in the sessions of this partner. */
  readonly subStations: readonly string[];
}

/** Everything about one partner, what is expected set apart from what is on file. */
export function partnerView(style: Style, partner: Partner, standing: PartnerStanding): string {
  return [
    style.strong(`Partner ${printable(partner.id)} of station ${partner.station}`),
    pairs(style, [
      ...(partner.via === undefined ? sessionPairs(partner) : viaPairs(partner.via)),
      ...(standing.subStations.length === 0 ? [] : [['Sub-stations', standing.subStations.join(', ')] as const]),
      ['Automatic exchange (ACX)', partner.acx ? 'on' : 'off'],
      ...trustPairs(style, partner, standing),
    ]),
    '',
    style.strong('Identification entries') + style.faint(' (what we expect; these are no certificates)'),
    indented(entryTable(style, partner.entries, standing.installed)),
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

type Pair = readonly [string, string];

function sessionPairs(partner: Partner): Pair[] {
  return [
    ['Reached at', reachedAt(partner.connection)],
    ['Secure authentication', partner.secureAuthentication ? 'required' : 'off'],
    ['TLS client certificate', partner.tlsClientAuthentication ? 'required, must be on file' : 'not asked for'],
    ['Challenges', `${partner.challenge.cipher}, ${partner.challenge.keyTransport}`],
    ['Password we send', partner.hasOwnPassword ? 'one of its own' : "the station's"],
  ];
}

function viaPairs(via: string): Pair[] {
  return [['Sub-station', `its files come and go in the sessions of ${via}`]];
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
    standingWords(style, certificate),
  ]);
  const headings = ['', ...CERTIFICATE_HEADINGS, 'STATE', 'FOR', 'CAME', 'TRUSTED'];
  return table(style, headings, rows, 'none: no certificate of this partner has been taken over or put on file');
}

/** Whether a certificate on file is trusted still, as the last review found it; `-` where none has looked yet. */
function standingWords(style: Style, certificate: PartnerCertificate): string {
  const { standing } = certificate;
  if (standing === undefined) return isSelfSigned(certificate) ? 'self-signed' : '-';
  const { trusted, reason, message, since } = standing;
  if (trusted) return style.good('yes');
  return `${style.bad('no')}, ${reason ?? 'path'} since ${day(since)}: ${printable(message)}`;
}

/** Whether a certificate that was put on file just now is trusted, in a sentence. */
export function standingSentence(style: Style, certificate: PartnerCertificate): string {
  const { standing, state, notBefore } = certificate;
  if (standing?.trusted === true) return `It is trusted: ${printable(standing.message)}`;
  if (standing !== undefined) {
    const consequence = state === 'revoked' ? ' It serves nothing.' : ' It serves all the same, as you put it on file.';
    return style.warning(
      `It is not trusted (${standing.reason ?? 'path'}): ${printable(standing.message)}${consequence}`,
    );
  }
  if (isSelfSigned(certificate)) return 'It is self-signed: no authority stands behind it, you vouch for it.';
  if (state === 'scheduled')
    return `It is valid from ${moment(notBefore)} on; whether it is trusted is looked at then.`;
  return style.warning('Whether it is trusted could not be found out at once; certlane partner show tells soon.');
}

/** A name that issued itself: no review looks at it. */
function isSelfSigned({ subject, issuer }: PartnerCertificate): boolean {
  return subject === issuer;
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
    case 'revoked':
      return style.bad(state);
  }
}
