import { COMMANDS } from './command.js';
import type { CommandTable, Field } from './field.js';
import { LENIENCIES, type Leniency } from './leniencies.js';
import { SFID_RULES } from './sfid.js';

type Row = readonly string[];

/** A Markdown table with its columns aligned, as the formatter would leave it. */
function table(head: Row, rows: readonly Row[]): string {
  const escaped = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = escaped;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

function rulesOf(field: Field): string {
  const rules = [
    field.role === 'command' ? '' : (field.role ?? ''),
    field.constant === undefined ? '' : `\`${field.constant}\``,
    field.values === undefined ? '' : field.values.join(', '),
    field.listed === undefined ? '' : `sent: ${field.listed.join(', ')}; others go to SFNA`,
    field.range === undefined ? '' : field.range.join(' to '),
    field.reason === undefined ? '' : `reason table of ${field.reason}`,
    field.required ? 'not blank' : '',
    field.charset === undefined ? '' : `sent: ${field.charset}`,
    field.signed ? 'signed' : '',
    field.secret ? 'never logged' : '',
  ];
  return rules.filter((rule) => rule !== '').join('; ');
}

function section(command: CommandTable): string {
  const rows = command.fields.map((field) => [
    field.position === null ? '' : String(field.position),
    field.name,
    field.format,
    field.role === 'command' ? `Command octet, \`${command.octet}\`` : field.meaning,
    rulesOf(field),
  ]);
  return [
    `## ${command.name}: ${command.title}`,
    `RFC 5024 §${command.section}. ${command.direction}.`,
    table(['Position', 'Field', 'Format', 'Meaning', 'Rules'], rows),
  ].join('\n\n');
}

function leniencies(): string {
  const rows = LENIENCIES.map((row: Leniency) => [
    row.name,
    row.fields.join(', ') || 'all numbers',
    row.effect,
    row.source,
    `§${row.section}`,
    row.on ? 'yes' : 'no',
  ]);
  return [
    '## What is accepted beyond the RFC',
    'Each use is reported beside the command. Nothing of this is ever sent.',
    table(['Leniency', 'Fields', 'Effect', 'Why', 'RFC 5024', 'Default'], rows),
  ].join('\n\n');
}

/** `docs/oftp2-commands.md`: the commands on the wire, written from the tables the codec runs on. */
export function commandsDocument(): string {
  return `${[
    '# Commands of ODETTE-FTP 2 on the wire',
    'Written from the tables in `libs/oftp2/src/wire`, which the codec runs on; a test fails when it is not current. Change the tables, then run `npm run generate`.',
    ...Object.values(COMMANDS).map(section),
    [
      '## What must fit together in an SFID we send',
      SFID_RULES.map((rule) => `- ${rule.text} (§${rule.section})`).join('\n'),
    ].join('\n\n'),
    leniencies(),
  ].join('\n\n')}\n`;
}
