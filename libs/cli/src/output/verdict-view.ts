import type { ValidationVerdict } from '@certlane/contracts';
import { checksTable } from './checks-table.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { moment, short } from './words.js';

/** Subjects by fingerprint, as far as they are known. */
export type Names = ReadonlyMap<string, string>;

/** The verdict in a few lines: what, why, on whom the path ends, what of revocation, and what it stands on. */
export function verdictLines(style: Style, verdict: ValidationVerdict, names: Names): string {
  const { trusted, reason, message, path, anchor, revocation, notChecked } = verdict;
  return pairs(style, [
    [
      'Verdict',
      trusted ? style.good('trusted') : style.bad(`not trusted${reason === undefined ? '' : ` (${reason})`}`),
    ],
    ['Because', printable(message)],
    ['Path', path.length === 0 ? 'none was found' : path.map((one) => nameOf(one, names)).join('  ←  ')],
    ...(anchor === undefined ? [] : [['Ends at', anchorWords(anchor, names)] as const]),
    ['Revocation', revocationWords(style, revocation)],
    ['Stands on', standsOnWords(verdict)],
    ...(notChecked.length === 0 ? [] : [['Not looked at', notChecked.map(printable).join('; ')] as const]),
  ]);
}

/** Everything behind a verdict: each check, the path with its names, why other paths failed, and the versions it stands on. */
export function verdictDetails(style: Style, verdict: ValidationVerdict, names: Names): string {
  const { checks, path, otherPaths, standsOn } = verdict;
  const steps = path.map((one, index) => [
    index === 0 ? 'certificate' : index === path.length - 1 ? 'trusted end' : 'authority',
    printable(names.get(one) ?? '(name not known here)'),
    one,
  ]);
  const others = otherPaths.map((other) => [
    other.path.map((one) => nameOf(one, names)).join('  ←  ') || '-',
    String(other.failures),
    printable(other.message),
  ]);
  const lists = [
    ...standsOn.trustLists.map(({ name, sequenceNumber }) => ['trust list', name, String(sequenceNumber), '-']),
    ...standsOn.revocationLists.map(({ kind, issuer, number, thisUpdate }) => [
      kind === 'list' ? 'revocation list' : 'OCSP answer',
      printable(issuer),
      number ?? '-',
      moment(thisUpdate),
    ]),
  ];
  return [
    style.strong('Checks, in the order they were made'),
    indented(checksTable(style, checks)),
    '',
    style.strong('Path'),
    indented(table(style, ['', 'SUBJECT', 'FINGERPRINT'], steps, 'none was found')),
    '',
    style.strong('Other paths that were tried'),
    indented(table(style, ['PATH', 'FAILURES', 'WHY'], others, 'none')),
    '',
    style.strong(`Stands on version ${standsOn.version} of the trust state`),
    indented(table(style, ['', 'OF', 'NUMBER', 'MADE'], lists, 'and on no trust list, revocation list or OCSP answer')),
  ].join('\n');
}

/** Every certificate a verdict speaks of, for whoever looks up their names. */
export function fingerprintsIn({ path, otherPaths, anchor }: ValidationVerdict): string[] {
  const all = [
    ...path,
    ...(anchor === undefined ? [] : [anchor.fingerprint]),
    ...otherPaths.flatMap((one) => one.path),
  ];
  return [...new Set(all)];
}

/** `good`, `revoked` …, with its sentence. */
export function revocationWords(style: Style, revocation: ValidationVerdict['revocation']): string {
  const { status, message, at, reason } = revocation;
  const shown = {
    good: style.good,
    revoked: style.bad,
    undetermined: style.warning,
    'not-checked': style.warning,
  }[status](status === 'not-checked' ? 'not checked' : status);
  const facts = [at === undefined ? '' : `since ${moment(at)}`, reason ?? ''].filter((fact) => fact !== '').join(', ');
  return `${shown}${facts === '' ? '' : ` ${facts}`}: ${printable(message)}`;
}

function anchorWords(anchor: NonNullable<ValidationVerdict['anchor']>, names: Names): string {
  const why =
    anchor.by === 'operator'
      ? 'installed by hand'
      : `on trust list ${anchor.list ?? '?'}${anchor.level === undefined ? '' : ` (level ${anchor.level})`}`;
  return `${nameOf(anchor.fingerprint, names)}, ${why}`;
}

function standsOnWords({ standsOn: { version, trustLists, revocationLists } }: ValidationVerdict): string {
  const lists = trustLists.map(({ name, sequenceNumber }) => `trust list ${name} number ${sequenceNumber}`);
  const words = revocationLists.map(
    ({ kind, issuer, number, thisUpdate }) =>
      `${kind === 'list' ? 'revocation list' : 'OCSP answer'} of ${printable(issuer)}${number === undefined ? '' : ` number ${number}`} of ${moment(thisUpdate)}`,
  );
  return [`version ${version}`, ...lists, ...words].join('; ');
}

function nameOf(fingerprint: string, names: Names): string {
  const name = names.get(fingerprint);
  return name === undefined ? short(fingerprint) : printable(name);
}
