import { isDeepStrictEqual } from 'node:util';

/** One thing that was read back from a running service. */
export interface Check {
  readonly step: string;
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly ok: boolean;
}

/** Collects what was checked, and prints each as it comes. */
export class Checks {
  readonly all: Check[] = [];
  #step = '';
  readonly #begun = performance.now();

  constructor(private readonly print: (line: string) => void) {}

  /** From now on checks belong to this step. */
  step(name: string): void {
    this.#step = name.split(' ')[0] ?? name;
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    this.print(`\n${name}  [${seconds} s]`);
  }

  /** The value must be exactly this. */
  equal(what: string, seen: unknown, expected: unknown): void {
    this.#add(what, text(expected), text(seen), isDeepStrictEqual(seen, expected));
  }

  /** The text must match. */
  matches(what: string, seen: string, expected: RegExp): void {
    this.#add(what, String(expected), seen, expected.test(seen));
  }

  /** The condition must hold; `seen` says what it was judged by. */
  holds(what: string, expected: string, seen: unknown, ok: boolean): void {
    this.#add(what, expected, text(seen), ok);
  }

  #add(what: string, expected: string, seen: string, ok: boolean): void {
    this.all.push({ step: this.#step, what, expected, seen, ok });
    this.print(`  ${ok ? 'ok  ' : 'FAIL'}  ${what}${ok ? '' : `: expected ${expected}, seen ${seen}`}`);
  }
}

const WIDEST = 64;

/** The checks as a table: what, expected, seen, ok. */
export function checkTable(checks: readonly Check[]): string {
  const headings = ['STEP', 'CHECK', 'EXPECTED', 'SEEN', 'OK'];
  const rows = checks.map(({ step, what, expected, seen, ok }) => [
    step,
    what,
    cut(expected),
    cut(seen),
    ok ? 'yes' : 'NO',
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cut(cell: string): string {
  return cell.length <= WIDEST ? cell : `${cell.slice(0, WIDEST - 1)}…`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
