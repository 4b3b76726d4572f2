import type { DecisionCheck } from '@certlane/contracts';
import { printable, type Style } from './style.js';
import { table } from './table.js';

/** Checks in the order they were made, each with what was found. */
export function checksTable(style: Style, checks: readonly DecisionCheck[]): string {
  const rows = checks.map(({ check, ok, message }) => [
    ok ? style.good('yes') : style.bad('no'),
    check,
    printable(message),
  ]);
  return table(style, ['', 'CHECK', 'FOUND'], rows, 'none was made');
}
