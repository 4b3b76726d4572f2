import type { Issuer, IssuerPurpose } from '@certlane/contracts';
import { CERTIFICATE_HEADINGS, certificateCells, certificateFacts } from './certificate-rows.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { count, moment, short } from './words.js';

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
  /** Those on file that would not be trusted without it. */
  readonly certificates: readonly {
    /** They would be where the partner sends the chain along. */
    readonly trustedWithChain: boolean;
  }[];
}

/** One authority: what it is, why it is trusted, and who stands on it. */
export function issuerView(style: Style, issuer: Issuer, dependents: readonly Dependent[]): string {
  const rows = dependents.map((one) => [
    printable(one.partner),
    one.station,
    String(one.entries),
    String(one.certificates.length),
    String(withChain(one)),
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
    indented(table(style, ['PARTNER', 'STATION', 'EXPECTED', 'ON FILE', 'CARRIED FROM ABOVE'], rows, 'none')),
    ...(dependents.some((one) => withChain(one) > 0) ? [style.faint(indented(CARRIED))] : []),
  ].join('\n');
}

const CARRIED =
  'carried from above: without it, such a certificate is trusted still where the partner sends the chain along';

const withChain = ({ certificates }: Dependent): number => certificates.filter((one) => one.trustedWithChain).length;

/** `O0177BETA of O0013ACME (2 entries, 3 certificates, 1 of them trusted still where its chain comes along)` */
export function dependentWords(dependent: Dependent): string {
  const { station, partner, entries, certificates } = dependent;
  const carried = withChain(dependent);
  const words = [
    ...(entries === 0 ? [] : [count(entries, 'entry', 'entries')]),
    ...(certificates.length === 0 ? [] : [count(certificates.length, 'certificate')]),
    ...(carried === 0
      ? []
      : [`${carriedWords(carried, certificates.length)} trusted still where the chain comes along`]),
  ];
  return `${printable(partner)} of ${station} (${words.join(', ')})`;
}

const carriedWords = (some: number, all: number): string =>
  some < all ? `${some} of them` : all === 1 ? 'which is' : 'which are';

/** An authority as it was installed, with what it was before. */
export interface AddedIssuer {
  readonly fingerprint: string;
  readonly subject: string;
  readonly formerPurpose?: IssuerPurpose | undefined;
}

/** What became of authorities that were to be installed: how many are new or have another purpose, and each of them. */
export function addedWords(style: Style, issuers: readonly AddedIssuer[], purpose: IssuerPurpose): string {
  const added = issuers.filter(({ formerPurpose }) => formerPurpose === undefined).length;
  const changed = issuers.filter(
    ({ formerPurpose }) => formerPurpose !== undefined && formerPurpose !== purpose,
  ).length;
  const what = purpose === 'oftp2' ? '' : ` for ${purpose}`;
  const did = [
    ...(added === 0 ? [] : [`${count(added, 'issuer')} installed${what}`]),
    ...(changed === 0 ? [] : [`${count(changed, 'issuer')} made ${purpose}`]),
  ];
  const lines = issuers.map((issuer) => {
    const { formerPurpose } = issuer;
    const line = `${short(issuer.fingerprint)}  ${printable(issuer.subject)}`;
    if (formerPurpose === undefined) return line;
    if (formerPurpose === purpose) return `${line}${style.faint(`  (was installed for ${purpose} already)`)}`;
    return `${line}  (was ${formerPurpose}, is now ${purpose})`;
  });
  return [`${did.length === 0 ? 'Nothing changed' : did.join(', ')}.`, ...lines].join('\n');
}

/** What an authority that was taken out carried, and what still may. */
export function removedWords(issuer: Issuer): string {
  const subject = printable(issuer.subject);
  const [first, ...more] = issuer.lists.map(({ name }) => name);
  if (first !== undefined) {
    const names = [first, ...more].join(', ');
    const still = more.length === 0 ? `trust list ${names} still names it` : `trust lists ${names} still name it`;
    return `${subject} removed: ${still}, so it is trusted as ${more.length === 0 ? 'that says' : 'those say'}.`;
  }
  const no =
    issuer.installed?.purpose === 'verification-only' ? 'it completes no path any more' : 'no path ends at it any more';
  const where = issuer.selfSigned ? '' : ', with the chain sent along where that one stands above';
  return `${subject} removed: ${no}. What is below it is trusted only where another authority carries it${where}.`;
}

function installedWords({ installed }: Issuer): string {
  if (installed === undefined) return 'no: only trust lists name it';
  const purpose =
    installed.purpose === 'oftp2'
      ? 'for OFTP2: certificates of partners are trusted on it'
      : 'for verification only: it completes paths, and ends none';
  const by = installed.by === undefined ? '' : ` by ${printable(installed.by)}`;
  return `${moment(installed.at)}${by}, ${purpose}`;
}
