import { visibleWidth, type Style } from './style.js';

/** Gap between columns. */
const GAP = '  ';

/**
 * Rows under headings, columns aligned, no trailing blanks.
 * @param empty what stands there instead when there are no rows
 */
export function table(
  style: Style,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  empty: string,
): string {
  if (rows.length === 0) return style.faint(empty);
  const widths = headings.map((heading, column) =>
    Math.max(visibleWidth(heading), ...rows.map((row) => visibleWidth(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - visibleWidth(cell))))
      .join(GAP)
      .trimEnd();
  return [line(headings.map((heading) => style.faint(heading))), ...rows.map(line)].join('\n');
}

/** `name  value` pairs with the values aligned. */
export function pairs(style: Style, rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${style.faint(name.padEnd(width))}${GAP}${value}`.trimEnd()).join('\n');
}

/** Each line moved to the right. */
export function indented(text: string, by = '  '): string {
  return text.replace(/^(?=.)/gm, by);
}
