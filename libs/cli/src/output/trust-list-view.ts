import type { ca, ParsedReplyOf, TrustListView } from '@certlane/contracts';
import { lastTryWords } from './fetch-words.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { day, moment, shellWord, short } from './words.js';

type Authority = ParsedReplyOf<typeof ca.trustListGet>['authorities'][number];
type Signer = TrustListView['signers'][number];

/** The trust lists that are followed. */
export function trustListTable(style: Style, lists: readonly TrustListView[]): string {
  const rows = lists.map((list) => [
    list.name,
    stateWord(style, list.state),
    list.level,
    list.sequenceNumber === undefined ? '-' : String(list.sequenceNumber),
    list.nextUpdate === undefined ? '-' : day(list.nextUpdate),
    String(list.authorities),
    list.broken.length === 0 ? '-' : style.warning(String(list.broken.length)),
    signerWords(style, list.signers),
    list.url === undefined ? 'by hand' : printable(list.url),
    lastTryWords(style, list.lastTry),
  ]);
  const headings = [
    'NAME',
    'STATE',
    'LEVEL',
    'NUMBER',
    'NEXT BY',
    'AUTHORITIES',
    'BROKEN',
    'SIGNER',
    'READ AT',
    'LAST TRY',
  ];
  return table(style, headings, rows, 'no trust list is followed');
}

/** One trust list: where it stands, who signs it, whom it names, and what on it is broken. */
export function trustListView(style: Style, list: TrustListView, authorities: readonly Authority[]): string {
  const parts = [
    style.strong(`Trust list ${list.name}`),
    pairs(style, trustListFacts(style, list)),
    '',
    style.strong('Signers'),
    indented(signerTable(style, list.signers)),
    ...signerRemarks(style, list).map((remark) => indented(remark)),
    '',
    style.strong('Authorities in accord'),
    indented(authorityTable(style, authorities)),
  ];
  if (list.broken.length > 0) {
    const rows = list.broken.map(({ place, reason, message }) => [printable(place), reason, printable(message)]);
    parts.push('', style.strong('Entries passed over because they are broken'));
    parts.push(indented(table(style, ['PLACE', 'WHY', 'FOUND'], rows, 'none')));
  }
  return parts.join('\n');
}

/** Name and value of each thing worth knowing of a trust list. */
export function trustListFacts(style: Style, list: TrustListView): (readonly [string, string])[] {
  const optional = (name: string, value: string | undefined) => (value === undefined ? [] : [[name, value] as const]);
  return [
    ['State', `${stateWord(style, list.state)}${STATES[list.state]}`],
    ['Level', `${list.level}: ${LEVELS[list.level]}`],
    ['Read at', list.url === undefined ? 'nowhere: its editions are imported by hand' : printable(list.url)],
    ...optional('Scheme', list.schemeName && printable(list.schemeName)),
    ...optional('Operator', list.operatorName && printable(list.operatorName)),
    ...optional('Sequence number', list.sequenceNumber === undefined ? undefined : String(list.sequenceNumber)),
    ...optional('Issued', list.issuedAt && moment(list.issuedAt)),
    ...optional('Next one due by', list.nextUpdate && moment(list.nextUpdate)),
    ...optional('In use since', list.takenAt && moment(list.takenAt)),
    ['Authorities in accord', String(list.authorities)],
    ['Last try', list.url !== undefined && list.lastTry === undefined ? UNDER_WAY : lastTryWords(style, list.lastTry)],
    ...optional('What to do', list.lastTry?.remedy && printable(list.lastTry.remedy)),
    ...optional('Next try', list.nextTry && moment(list.nextTry)),
  ];
}

const UNDER_WAY = 'none has come to an end yet: it is being read';

const STATES = {
  'never-read': ': none was good yet, nothing is trusted on it',
  current: '',
  'out-of-date': ': the next one is overdue; its authorities stay in use',
} as const satisfies Record<TrustListView['state'], string>;

const LEVELS = {
  basic: 'also what authorities below a listed one issued is trusted',
  oftp2: 'only what a listed authority issued itself is trusted',
} as const satisfies Record<TrustListView['level'], string>;

function stateWord(style: Style, state: TrustListView['state']): string {
  return { 'never-read': style.bad, current: style.good, 'out-of-date': style.warning }[state](state);
}

/** `first-import` is worth a look, `staged` waits for somebody. */
function signerWords(style: Style, signers: readonly Signer[]): string {
  const words = signers.map(({ signer, pinned, confirmedBy }) => {
    const waits = pinned === 'staged' && confirmedBy === undefined;
    const remark = waits ? ' (staged)' : pinned === 'first-import' ? ' (from the first list)' : '';
    return `${short(signer.fingerprint)}${remark === '' ? '' : style.warning(remark)}`;
  });
  return words.join(', ') || style.warning('none yet');
}

function signerTable(style: Style, signers: readonly Signer[]): string {
  const rows = signers.map((one) => [
    printable(one.signer.subject),
    day(one.signer.notAfter),
    pinnedWords(style, one),
    moment(one.at),
    one.signer.fingerprint,
  ]);
  const headings = ['SUBJECT', 'VALID UNTIL', 'PINNED', 'SINCE', 'SHA-256 FINGERPRINT'];
  return table(style, headings, rows, 'none yet: the first list that is read pins its signer');
}

function pinnedWords(style: Style, { pinned, by, confirmedBy }: Signer): string {
  const who = by === undefined ? '' : ` by ${printable(by)}`;
  const confirmed = confirmedBy === undefined ? undefined : `staged${who}, confirmed by ${printable(confirmedBy)}`;
  switch (pinned) {
    case 'given':
      return confirmed ?? `given${who}`;
    case 'first-import':
      return style.warning('by the first list');
    case 'staged':
      return confirmed ?? style.warning(`staged${who}, not confirmed yet`);
  }
}

/** What a person should do about the signers: nobody has vouched for one that the first list brought. */
function signerRemarks(style: Style, { name, signers }: TrustListView): string[] {
  const word = shellWord(name);
  const first = signers
    .filter(({ pinned }) => pinned === 'first-import')
    .flatMap(({ signer }) => [
      '',
      style.warning(
        `Nobody has vouched for ${short(signer.fingerprint)}: it was pinned because the first list was signed with it.`,
      ),
      'Compare the fingerprint above with the one that the operator of the list publishes or tells you by telephone;',
      'of a certificate in a file it is shown by: openssl x509 -noout -fingerprint -sha256 -in FILE',
      `If they differ: certlane tsl remove ${word}, then certlane tsl add ${word} … --signer FILE with the right one.`,
    ]);
  const staged = signers
    .filter(({ pinned, confirmedBy }) => pinned === 'staged' && confirmedBy === undefined)
    .flatMap(({ signer, by }) => [
      '',
      style.warning(
        `${short(signer.fingerprint)} waits to be confirmed by another person than ${printable(by ?? 'whoever staged it')}:`,
      ),
      `certlane tsl signer confirm ${word}`,
    ]);
  return [...first, ...staged];
}

function authorityTable(style: Style, authorities: readonly Authority[]): string {
  const rows = authorities
    .toSorted((a, b) => a.subject.localeCompare(b.subject))
    .map((one) => [
      short(one.fingerprint),
      printable(one.subject),
      day(one.notBefore),
      day(one.notAfter),
      printable(one.service),
    ]);
  return table(style, ['ID', 'SUBJECT', 'VALID FROM', 'UNTIL', 'SERVICE'], rows, 'none');
}
