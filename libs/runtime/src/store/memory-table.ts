import type { RecordBody, RecordTable, Row, Scanned, ScannedKeys } from './record-table.js';
import { patternExpression } from './keys.js';

/** A record and when it was written, milliseconds of the epoch. */
interface Kept {
  readonly row: Row;
  readonly since: number;
}

/** The records themselves: several tables over one of these are several replicas over one database. */
export class MemoryRecords {
  readonly rows = new Map<string, Kept>();
  last = 0;
}

/** Records in memory, with the behaviour of the others: what goes in and what comes out are copies. */
export class MemoryTable implements RecordTable {
  readonly #records: MemoryRecords;
  #timer: NodeJS.Timeout | undefined;

  constructor(records = new MemoryRecords()) {
    this.#records = records;
  }

  read(key: string): Promise<Row | undefined> {
    const kept = this.#records.rows.get(key);
    return Promise.resolve(kept === undefined ? undefined : copy(kept.row));
  }

  write(key: string, expected: string | undefined, body: RecordBody): Promise<string | undefined> {
    if (this.#records.rows.get(key)?.row.position !== expected) return Promise.resolve(undefined);
    this.#records.last += 1;
    const position = String(this.#records.last);
    this.#records.rows.set(key, { row: copy({ ...body, key, position }), since: Date.now() });
    return Promise.resolve(position);
  }

  erase(key: string, expected: string): Promise<boolean> {
    if (this.#records.rows.get(key)?.row.position !== expected) return Promise.resolve(false);
    return Promise.resolve(this.#records.rows.delete(key));
  }

  async scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned> {
    const { keys, next } = await this.keys(pattern, after, limit);
    const rows = keys.flatMap((key) => this.#records.rows.get(key)?.row ?? []).map(copy);
    return next === undefined ? { rows } : { rows, next };
  }

  keys(pattern: string, after: string | undefined, limit: number): Promise<ScannedKeys> {
    const expression = new RegExp(patternExpression(pattern));
    const all = [...this.#records.rows.keys()]
      .filter((key) => expression.test(key) && (after === undefined || key > after))
      .sort();
    const keys = all.slice(0, limit);
    const next = keys.at(-1);
    return Promise.resolve(all.length > limit && next !== undefined ? { keys, next } : { keys });
  }

  watchLeftovers(graceMs: number, settle: (key: string) => Promise<void>): void {
    this.#timer = setInterval(
      () => {
        for (const [key, { row, since }] of this.#records.rows) {
          const left = row.outbox.length > 0 || row.removed === true;
          if (left && Date.now() - since >= graceMs) settle(key).catch(() => undefined);
        }
      },
      Math.max(graceMs / 2, 5),
    ).unref();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }
}

/** Through JSON, as a database would: what JSON cannot say does not survive here either. */
function copy(row: Row): Row {
  return JSON.parse(JSON.stringify(row)) as Row;
}
