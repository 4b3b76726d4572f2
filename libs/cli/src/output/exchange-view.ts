import type { Exchange } from '@certlane/contracts';
import { certificateFacts } from './certificate-rows.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import { moment, short } from './words.js';

/** `O0177BETA  deliver  3f9a1c…  acknowledged: …` */
export function exchangeLine(style: Style, exchange: Exchange): string {
  const what = exchange.certificate === undefined ? '' : ` of ${short(exchange.certificate.fingerprint)}`;
  return `${exchange.kind}${what} ${towards(exchange)} (${exchange.id}): ${state(style, exchange)}: ${printable(exchange.message)}`;
}

/** Where an exchange stands, for progress. */
export function stateWords(exchange: Exchange): string {
  const { lastFailure } = exchange;
  if (exchange.state !== 'queued' || lastFailure === undefined) return exchange.state;
  const next = lastFailure.next === undefined ? '' : `, next try ${lastFailure.next.slice(11, 19)}Z`;
  return `${exchange.state}: ${printable(lastFailure.message)}${next}`;
}

/** Exchanges as a list. */
export function exchangeTable(style: Style, exchanges: readonly Exchange[]): string {
  const rows = exchanges.map((exchange) => [
    exchange.id,
    moment(exchange.createdAt),
    exchange.direction === 'outbound' ? '→' : '←',
    printable(exchange.partner),
    exchange.kind,
    exchange.certificate === undefined ? '-' : short(exchange.certificate.fingerprint),
    state(style, exchange),
    exchange.reason ?? '-',
  ]);
  const headings = ['EXCHANGE', 'BEGUN', '', 'PARTNER', 'KIND', 'CERTIFICATE', 'STATE', 'REASON'];
  return table(style, headings, rows, 'no exchange yet');
}

/** One exchange with every check of its decision. */
export function exchangeView(style: Style, exchange: Exchange): string {
  const { file, certificate, lastFailure } = exchange;
  const parts = [
    style.strong(`Exchange ${exchange.id}`),
    pairs(style, [
      ['Station', exchange.station],
      ['Partner', printable(exchange.partner)],
      ['What', `${exchange.kind}, ${exchange.direction}`],
      ['State', state(style, exchange)],
      ['Meaning', printable(exchange.message)],
      [
        'Virtual file',
        printable(`${file.datasetName} ${file.date} ${file.time} from ${file.originator} to ${file.destination}`),
      ],
      ['Begun', moment(exchange.createdAt)],
      ['Last change', moment(exchange.updatedAt)],
      ...(exchange.direction === 'outbound' ? ([['Tries', String(exchange.attempts)]] as const) : []),
      ...(exchange.direction === 'inbound'
        ? ([['Answer handed over', exchange.answered ? 'yes' : 'not yet']] as const)
        : []),
      ...(lastFailure === undefined ? [] : ([['Last failure', printable(lastFailure.message)]] as const)),
    ]),
  ];
  if (certificate !== undefined)
    parts.push('', style.strong('Certificate'), indented(pairs(style, certificateFacts(certificate))));
  if (exchange.checks.length > 0) {
    const checks = exchange.checks.map((check) => [
      check.ok ? style.good('yes') : style.bad('no'),
      check.check,
      printable(check.message),
    ]);
    parts.push(
      '',
      style.strong('Checks, in the order they were made'),
      indented(table(style, ['', 'CHECK', 'FOUND'], checks, '')),
    );
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
      return style.bad(exchange.state);
    case 'queued':
    case 'sent':
    case 'received':
      return style.warning(exchange.state);
  }
}

function towards(exchange: Exchange): string {
  return `${exchange.direction === 'outbound' ? 'to' : 'from'} ${printable(exchange.partner)}`;
}
