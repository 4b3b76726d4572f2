import { serviceNames, type AuditEntry, type OpenIntent } from '@certlane/contracts';
import type { TrailVerdict } from '../station/audit-trails.js';
import { printable, type Style } from './style.js';
import { indented, table } from './table.js';
import { short } from './words.js';

const SERVICE_WIDTH = Math.max(...serviceNames.map((name) => name.length));
const NUMBER_WIDTH = 6;
const PHASE_WIDTH = 'intended'.length;
const ACT_WIDTH = 24;

/** An entry as one line for a person: when, where in which trail, what, who, about what, and why. */
export function auditLine(style: Style, entry: AuditEntry): string {
  const { at, service, number, phase, act, actor, reason, intent } = entry;
  const facts = [aboutWords(entry.about), serialWords(entry.serialNumbers)].filter((words) => words !== '').join(', ');
  const closes = intent === undefined ? '' : style.faint(` (closes ${intent})`);
  return [
    style.faint(`${at.slice(0, 10)} ${at.slice(11, 19)}Z`),
    service.padEnd(SERVICE_WIDTH),
    String(number).padStart(NUMBER_WIDTH),
    phaseWord(style, phase),
    style.strong(act.padEnd(ACT_WIDTH)),
    `${printable(actor)}: ${printable(facts === '' ? '-' : facts)}${reason === undefined ? '' : `: ${printable(reason)}`}${closes}`,
  ].join('  ');
}

/** What was there before and after an act, for whoever wants to see it, below its line. */
export function auditDetails(style: Style, { before, after }: AuditEntry): string {
  const line = (name: string, value: unknown): string[] =>
    value === undefined ? [] : [`${style.faint(name)} ${printable(JSON.stringify(value))}`];
  return indented([...line('before', before), ...line('after ', after)].join('\n'), '    ');
}

/** What the verification of the trails found. */
export function verificationView(style: Style, verdicts: readonly TrailVerdict[]): string {
  const rows = verdicts.map(({ service, entries, ok, broken, open, head }) => [
    service,
    String(entries),
    ok ? style.good('yes') : style.bad('no'),
    broken === undefined ? '-' : style.bad(`entry ${broken.number}, ${broken.fault}: ${printable(broken.message)}`),
    open.length === 0 ? '-' : style.warning(String(open.length)),
    head === undefined ? '-' : `${head.number}.${head.hash}`,
  ]);
  const parts = [
    table(style, ['SERVICE', 'GOOD ENTRIES', 'WHOLE', 'FIRST BROKEN', 'OPEN', 'LAST GOOD ENTRY'], rows, ''),
  ];
  if (verdicts.some(({ ok }) => !ok)) parts.push('', style.bad(WHEN_BROKEN));
  const open = verdicts.flatMap(({ service, open: intents }) => intents.map((intent) => openLine(service, intent)));
  if (open.length > 0) {
    parts.push('', style.strong('Acts of which nobody knows the end'));
    parts.push(indented(open.join('\n')));
    parts.push(indented(style.faint('each is under way, or its process was killed: look what became of it')));
  }
  return parts.join('\n');
}

const WHEN_BROKEN =
  'Somebody has changed the store past the service, or it is damaged: rely on nothing from the broken entry on, and compare it with a backup of the store.';

function openLine(service: string, { number, at, actor, act, about }: OpenIntent): string {
  return printable(
    `${at.slice(0, 10)} ${at.slice(11, 19)}Z  ${service} ${number}  ${act} by ${actor}: ${aboutWords(about)}`,
  );
}

function phaseWord(style: Style, phase: AuditEntry['phase']): string {
  const word = phase.padEnd(PHASE_WIDTH);
  return { intended: style.warning, done: style.good, failed: style.bad }[phase](word);
}

function aboutWords(about: AuditEntry['about']): string {
  const { station, partner, exchange, certificate, issuer, list, approval } = about;
  const place = partner === undefined ? station : `${partner}${station === undefined ? '' : ` of ${station}`}`;
  return [
    place,
    exchange === undefined ? undefined : `exchange ${exchange}`,
    approval === undefined || approval === exchange ? undefined : `approval ${approval}`,
    certificate === undefined ? undefined : `certificate ${short(certificate)}`,
    issuer === undefined ? undefined : `issuer ${short(issuer)}`,
    list === undefined ? undefined : `list ${list.length === 64 ? short(list) : list}`,
  ]
    .filter((word) => word !== undefined)
    .join(', ');
}

/** Many certificates may be concerned; the entry names them all. */
const SERIALS = 3;

function serialWords(serials: readonly string[]): string {
  if (serials.length === 0) return '';
  const more = serials.length > SERIALS ? ` and ${serials.length - SERIALS} more` : '';
  return `serial ${serials.slice(0, SERIALS).join(', ')}${more}`;
}
