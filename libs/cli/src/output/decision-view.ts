import type { DecisionRecord } from '@certlane/contracts';
import { checksTable } from './checks-table.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { verdictDetails, verdictLines, type Names } from './verdict-view.js';
import { count, moment, short, usageWords } from './words.js';

/** The whole of a decision: outcome, who and when, what it was known by, every check, what they stood on, and ca-store's verdict. */
export function decisionView(style: Style, decision: DecisionRecord, names: Names = new Map()): string {
  const { match, validation, inputs } = decision;
  const parts = [
    pairs(style, [
      ['Outcome', outcomeWords(style, decision)],
      ['Because', printable(decision.message)],
      ['Decided', `${moment(decision.at)} by ${printable(decision.by)}`],
      ...(decision.note === undefined ? [] : [['Note', printable(decision.note)] as const]),
      ...(match === undefined ? [] : matchPairs(match)),
    ]),
    '',
    style.strong('Checks, in the order they were made'),
    indented(checksTable(style, decision.checks)),
    '',
    style.strong('What they stood on'),
    indented(inputPairs(style, inputs)),
    '',
    style.strong('Certificates on file then'),
    indented(
      table(
        style,
        ['CERTIFICATE', 'STATE'],
        inputs.onFile.map(({ fingerprint, state }) => [short(fingerprint), printable(state)]),
        'none',
      ),
    ),
  ];
  if (validation !== undefined) {
    parts.push('', style.strong("The authorities' side (ca-store)"), indented(verdictLines(style, validation, names)));
    parts.push('', indented(verdictDetails(style, validation, names)));
  }
  return parts.join('\n');
}

/** `accepted`, `refused (revoked)`, `held (ambiguous): waits for a person`. */
export function outcomeWords(style: Style, { outcome, reason }: Pick<DecisionRecord, 'outcome' | 'reason'>): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  switch (outcome) {
    case 'accepted':
      return style.good(outcome);
    case 'refused':
      return style.bad(`${outcome}${why}`);
    case 'held':
      return `${style.warning(`${outcome}${why}`)}: waits for a person`;
  }
}

function matchPairs(match: NonNullable<DecisionRecord['match']>): (readonly [string, string])[] {
  const follows = match.predecessors.map(short).join(', ');
  return [
    ['Known by', `${MATCHES[match.by]}: ${printable(match.message)}`],
    ...(match.entries.length === 0 ? [] : [['Identification entries', match.entries.join(', ')] as const]),
    ['For', usageWords(match.usages)],
    ['Follows', follows === '' ? 'no certificate on file' : follows],
  ];
}

const MATCHES = {
  same: 'it is on file already',
  clid: 'CLID',
  'logical-identity': 'logical identity',
  entry: 'identification entry',
  'trust-list': 'trust list',
  approval: 'approval',
} as const satisfies Record<NonNullable<DecisionRecord['match']>['by'], string>;

function inputPairs(style: Style, inputs: DecisionRecord['inputs']): string {
  return pairs(style, [
    ['Kind', inputs.kind],
    ['Originator (SFIDORIG)', printable(inputs.originator)],
    [
      'Description (SFIDDESC)',
      inputs.description === '' ? 'empty' : printable(inputs.description.replace(/\r?\n/g, ' ')),
    ],
    ['Came in the bypass', inputs.inBypass ? 'yes' : 'no'],
    ['Automatic exchange (ACX)', inputs.acx ? 'on' : 'off'],
    ['Acceptance', inputs.acceptance],
    ['Self-signed', inputs.selfSigned],
    ['Revocation', inputs.revocation],
    ['Two persons', inputs.twoPerson ? 'yes' : 'no'],
    ['Weak keys', inputs.weakKeys ? 'taken' : 'refused'],
    ['Identification data', count(inputs.entries, 'entry', 'entries')],
    ['Revision of the partner', inputs.revision],
  ]);
}
