import type { Approval, DecisionRecord } from '@certlane/contracts';
import { certificateFacts } from './certificate-rows.js';
import { decisionView } from './decision-view.js';
import { printable, type Style } from './style.js';
import { indented, pairs, table } from './table.js';
import type { Names } from './verdict-view.js';
import { moment, short } from './words.js';

/** Certificates that wait for a person, and those that were decided until the partner has its answer, as a list. */
export function approvalTable(style: Style, approvals: readonly Approval[]): string {
  const rows = approvals.map((approval) => [
    approval.id,
    moment(approval.since),
    printable(approval.partner),
    approval.exchange,
    short(approval.certificate.fingerprint),
    printable(approval.certificate.subject),
    style.warning(approval.kind),
    printable(approval.message),
    approval.decided === undefined
      ? 'a person decides'
      : `${saidWords(approval.decided)}; ${nextWords(approval.decided)}`,
  ]);
  const headings = ['APPROVAL', 'SINCE', 'PARTNER', 'KIND', 'CERTIFICATE', 'SUBJECT', 'WHY', 'MEANING', 'NEXT'];
  return table(style, headings, rows, 'nothing waits for a person');
}

/** One of them: why it waits, what was found so far, and what can be done; or what was decided, and what comes next. */
export function approvalView(
  style: Style,
  approval: Approval,
  decision: DecisionRecord,
  names: Names = new Map(),
): string {
  return [
    style.strong(`Approval ${approval.id}`),
    pairs(style, [
      ['Station', approval.station],
      ['Partner', printable(approval.partner)],
      ['Kind', approval.exchange],
      ['Waits since', moment(approval.since)],
      ['Why', `${style.warning(approval.kind)}: ${printable(approval.message)}`],
      ...(approval.excluded.length === 0
        ? []
        : [
            [
              'Not to accept it',
              `${approval.excluded.map(printable).join(', ')} (entered the identification data)`,
            ] as const,
          ]),
      ...decidedPairs(approval.decided),
    ]),
    '',
    ...(approval.decided === undefined
      ? [style.strong('What can be done'), indented(remedies(approval).join('\n')), '']
      : []),
    style.strong('Certificate'),
    indented(pairs(style, certificateFacts(approval.certificate))),
    '',
    style.strong(approval.decided?.answer === undefined ? 'The decision so far' : 'The decision'),
    indented(decisionView(style, decision, names)),
  ].join('\n');
}

type Decided = NonNullable<Approval['decided']>;

function decidedPairs(decided: Decided | undefined): (readonly [string, string])[] {
  if (decided === undefined) return [];
  return [
    ['Decided', saidWords(decided)],
    ...(decided.note === undefined ? [] : [[decided.accept ? 'Note' : 'Reason', printable(decided.note)] as const]),
    ['Next', nextWords(decided)],
  ];
}

/** `accepted by operator:anna on 2026-11-23 12:00Z` */
function saidWords({ accept, at, by }: Decided): string {
  return `${accept ? 'accepted' : 'rejected'} by ${printable(by)} on ${moment(at)}`;
}

function nextWords({ answer }: Decided): string {
  return answer === undefined
    ? 'kept, and carried out by itself as soon as every service answers'
    : `${answer.toUpperCase()} goes out in the next session`;
}

/** The commands that end the wait, each with what it leads to. */
export function remedies({ id, kind, entries }: Pick<Approval, 'id' | 'kind' | 'entries'>): string[] {
  const accept = `certlane approval accept ${id}`;
  const choice = {
    manual: '',
    'no-match': ' --usage USAGES [--follows CERTIFICATE]',
    ambiguous: ` --entry ${entries.length === 0 ? 'ENTRY' : entries.join('|')}`,
    'revocation-undetermined': '',
  }[kind];
  return [
    `${accept}${choice}  takes it over; the partner gets EERP in the next session`,
    `certlane approval reject ${id} --reason TEXT  does not; the partner gets NERP with the reason`,
    ...(kind === 'revocation-undetermined'
      ? ['certlane crl refresh  reads the revocation lists now: it is decided by itself once one says']
      : []),
  ];
}
