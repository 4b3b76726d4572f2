import type { RevocationListView } from '@certlane/contracts';
import { lastTryWords } from './fetch-words.js';
import { printable, type Style } from './style.js';
import { table } from './table.js';
import { moment, short } from './words.js';

/** Revocation lists and the places where one should be, those that need a look first. */
export function revocationListTable(style: Style, lists: readonly RevocationListView[], empty: string): string {
  const rows = lists
    .toSorted(byUrgency)
    .map((list) => [
      short(list.id),
      stateWord(style, list.state),
      printable(list.issuer ?? '(not known yet)'),
      list.kind ?? '-',
      list.number ?? '-',
      list.thisUpdate === undefined ? '-' : moment(list.thisUpdate),
      list.nextUpdate === undefined ? '-' : moment(list.nextUpdate),
      list.entries === undefined ? '-' : String(list.entries),
      list.origin === 'imported' ? 'imported' : printable(list.url ?? '-'),
      list.failures === 0 ? '-' : style.bad(String(list.failures)),
      list.nextTry === undefined ? '-' : moment(list.nextTry),
      lastTryWords(style, list.lastTry),
    ]);
  return [table(style, HEADINGS, rows, empty), ...remedies(lists)].join('\n');
}

/** What can be done about those that failed: once for each reason, however many there are. */
function remedies(lists: readonly RevocationListView[]): string[] {
  const byReason = new Map(
    lists.flatMap(({ lastTry }) =>
      lastTry?.remedy === undefined ? [] : [[lastTry.reason ?? 'failed', lastTry.remedy] as const],
    ),
  );
  return [...byReason].map(([reason, remedy]) => `What to do (${reason}): ${printable(remedy)}`);
}

/** FAILED counts tries in a row that came to nothing. */
const HEADINGS = [
  'ID',
  'STATE',
  'ISSUER',
  'KIND',
  'NUMBER',
  'MADE',
  'NEXT BY',
  'REVOKED',
  'FROM',
  'FAILED',
  'NEXT TRY',
  'LAST TRY',
] as const;

const URGENCY = { missing: 0, 'too-old': 1, old: 2, current: 3 } as const;

function byUrgency(a: RevocationListView, b: RevocationListView): number {
  return URGENCY[a.state] - URGENCY[b.state] || (a.issuer ?? '').localeCompare(b.issuer ?? '');
}

function stateWord(style: Style, state: RevocationListView['state']): string {
  return { missing: style.bad, 'too-old': style.bad, old: style.warning, current: style.good }[state](
    state === 'too-old' ? 'too old' : state,
  );
}
