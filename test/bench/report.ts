/** One figure of a benchmark. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work without ours, measured in the same run; undefined for the limit itself. */
  readonly limit?: number | undefined;
  /** `value` to `limit`. */
  readonly ratio?: number | undefined;
  /** Aim, noise of the machine, what was done. */
  readonly note?: string | undefined;
}

/** The middle of several rounds: one slow round of a shared machine does not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How far rounds lie apart, as part of their middle: the noise of the machine. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/** Prints figures as a table a person can read. */
export function printRows(rows: readonly BenchRow[]): void {
  for (const { name, value, unit, limit, ratio, note } of rows) {
    const figure = `${format(value)} ${unit}`.padEnd(22);
    const against = limit === undefined ? '' : `limit ${format(limit)} ${unit}`;
    const part = ratio === undefined ? '' : `ratio ${ratio.toFixed(2)}`;
    process.stdout.write(`  ${name.padEnd(52)}${figure}${against.padEnd(28)}${part.padEnd(12)}${note ?? ''}\n`);
  }
  process.stdout.write('\n');
}

function format(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
