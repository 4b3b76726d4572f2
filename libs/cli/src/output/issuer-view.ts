import type { Issuer } from '@certlane/contracts';
import { CERTIFICATE_HEADINGS, certificateCells, certificateFacts } from './certificate-rows.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { count, moment } from './words.js';

/** Authorities as a list: by subject, then the newest first, as a person looks for them. */
export function issuerTable(style: Style, issuers: readonly Issuer[], empty: string): string {
  const rows = issuers
    .toSorted((a, b) => a.subject.localeCompare(b.subject) || b.notBefore.localeCompare(a.notBefore))
    .map((issuer) => [
      ...certificateCells(issuer),
      issuer.selfSigned ? 'root' : 'authority',
      issuer.installed?.purpose ?? '-',
      issuer.installed === undefined ? '-' : moment(issuer.installed.at),
      issuer.lists.map(({ name }) => name).join(', ') || '-',
    ]);
  const headings = ['ID', ...CERTIFICATE_HEADINGS.slice(1), 'KIND', 'PURPOSE', 'INSTALLED', 'ON TRUST LISTS'];
  return table(style, headings, rows, empty);
}

/** A partner that stands on an authority. */
export interface Dependent {
  readonly station: string;
  readonly partner: string;
  /** How many of its identification entries name the authority. */
  readonly entries: number;
  readonly certificates: readonly { readonly subject: string }[];
}

/** One authority: what it is, why it is trusted, and who stands on it. */
export function issuerView(style: Style, issuer: Issuer, dependents: readonly Dependent[]): string {
  const rows = dependents.map((one) => [
    printable(one.partner),
    one.station,
    String(one.entries),
    String(one.certificates.length),
  ]);
  return [
    style.strong(`Issuer ${printable(issuer.subject)}`),
    pairs(style, [
      ...certificateFacts(issuer),
      ['Kind', issuer.selfSigned ? 'root: its own issuer' : 'authority below another one'],
      ['Installed', installedWords(issuer)],
      ['On trust lists', issuer.lists.map(({ name, level }) => `${name} (level ${level})`).join(', ') || 'none'],
    ]),
    '',
    style.strong('Partners that stand on it'),
    indented(table(style, ['PARTNER', 'STATION', 'EXPECTED', 'ON FILE'], rows, 'none')),
  ].join('\n');
}

/** `O0177BETA of O0013ACME (2 entries, 1 certificate)` */
export function dependentWords({ station, partner, entries, certificates }: Dependent): string {
  const words = [
    ...(entries === 0 ? [] : [count(entries, 'entry', 'entries')]),
    ...(certificates.length === 0 ? [] : [count(certificates.length, 'certificate')]),
  ];
  return `${printable(partner)} of ${station} (${words.join(', ')})`;
}

function installedWords({ installed }: Issuer): string {
  if (installed === undefined) return 'no: only trust lists name it';
  const purpose =
    installed.purpose === 'oftp2'
      ? 'for OFTP2: certificates of partners are trusted on it'
      : 'for verification only: no certificate of a partner is trusted on it';
  const by = installed.by === undefined ? '' : ` by ${printable(installed.by)}`;
  return `${moment(installed.at)}${by}, ${purpose}`;
}
