import type { Exchange } from '@certlane/contracts';
import { remedies } from './approval-view.js';
import { certificateFacts } from './certificate-rows.js';
import { checksTable } from './checks-table.js';
import { decisionView } from './decision-view.js';
import { partyWords, subStationOf } from './exchange-party.js';
import { nextStep, standingOf } from './exchange-standing.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import type { Names } from './verdict-view.js';
import { clockTime, moment, short } from './words.js';

/** `deliver of 3f9a1c… to O0177BETA (out-…): ` and where it stands. */
export function exchangeLine(style: Style, exchange: Exchange, now: Date): string {
  const what = exchange.certificate === undefined ? '' : ` of ${short(exchange.certificate.fingerprint)}`;
  const { sentence } = standingOf(exchange, now);
  // Only the first word, which is the state, stands out.
  const shown = `${state(style, exchange)}${sentence.slice(exchange.state.length)}`;
  return `${exchange.kind}${what} ${towards(exchange)} (${exchange.id}): ${shown}`;
}

/** Exchanges as a list. */
export function exchangeTable(style: Style, exchanges: readonly Exchange[], now: Date): string {
  const rows = exchanges.map((exchange) => [
    exchange.id,
    moment(exchange.createdAt),
    exchange.direction === 'outbound' ? '→' : '←',
    partyWords(exchange),
    exchange.kind,
    exchange.certificate === undefined ? '-' : short(exchange.certificate.fingerprint),
    state(style, exchange),
    moment(exchange.since),
    String(exchange.attempts),
    nextStep(exchange, now),
    printable(exchange.reason ?? exchange.lastFailure?.message ?? '-'),
  ]);
  return table(style, HEADINGS, rows, 'no exchange yet');
}

/** FAILED counts tries that came to nothing; WHY is the reason, or what the last of them met. */
const HEADINGS = [
  'EXCHANGE',
  'BEGUN',
  '',
  'PARTNER',
  'KIND',
  'CERTIFICATE',
  'STATE',
  'SINCE',
  'FAILED',
  'NEXT',
  'WHY',
] as const;

/** One exchange with the whole of its decision, and what a person can do where it waits for one. */
export function exchangeView(style: Style, exchange: Exchange, now: Date, names: Names = new Map()): string {
  const { file, certificate, lastFailure } = exchange;
  const subStation = subStationOf(exchange);
  const parts = [
    style.strong(`Exchange ${exchange.id}`),
    pairs(style, [
      ['Station', exchange.station],
      ['Partner', printable(exchange.partner)],
      ...(subStation === undefined ? [] : ([['Sub-station', printable(subStation)]] as const)),
      ['What', `${exchange.kind}, ${exchange.direction}`],
      ['State', state(style, exchange)],
      ['Meaning', printable(exchange.message)],
      ['Next', nextStep(exchange, now)],
      [
        'Virtual file',
        printable(`${file.datasetName} ${file.date} ${file.time} from ${file.originator} to ${file.destination}`),
      ],
      ['Begun', moment(exchange.createdAt)],
      ['In this state since', moment(exchange.since)],
      ...(exchange.direction === 'inbound'
        ? ([['Answer handed over', exchange.answered ? 'yes' : 'not yet']] as const)
        : []),
      ['Failed tries', String(exchange.attempts)],
      ...(lastFailure === undefined
        ? []
        : ([['Last failure', `${clockTime(lastFailure.at, now)}: ${printable(lastFailure.message)}`]] as const)),
    ]),
  ];
  if (certificate !== undefined)
    parts.push('', style.strong('Certificate'), indented(pairs(style, certificateFacts(certificate))));
  if (exchange.awaits === 'approval' && exchange.approval !== undefined) {
    const waiting = { id: exchange.id, kind: exchange.approval, entries: exchange.decision?.match?.entries ?? [] };
    parts.push('', style.strong('Waits for a person'), indented(remedies(waiting).join('\n')));
  }
  if (exchange.decision !== undefined) {
    parts.push('', style.strong('Decision'), indented(decisionView(style, exchange.decision, names)));
  } else if (exchange.checks.length > 0) {
    const title = style.strong('Checks, in the order they were made');
    parts.push('', title, indented(checksTable(style, exchange.checks)));
  }
  return parts.join('\n');
}

function state(style: Style, exchange: Exchange): string {
  switch (exchange.state) {
    case 'acknowledged':
    case 'accepted':
      return style.good(exchange.state);
    case 'rejected':
    case 'refused':
    case 'failed':
      return style.bad(exchange.state);
    case 'queued':
    case 'sent':
    case 'received':
    case 'held':
      return style.warning(exchange.state);
  }
}

function towards(exchange: Exchange): string {
  return `${exchange.direction === 'outbound' ? 'to' : 'from'} ${partyWords(exchange)}`;
}
