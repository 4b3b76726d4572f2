import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

/** A log is set aside as `….1` beyond this; at most two files a process are kept. */
const MAXIMUM_OCTETS = 32 * 1024 * 1024;

/**
 * The log of one process: whole lines, appended, bounded.
 *
 * Writes are synchronous: what a process said last before it died is in the file when the supervisor speaks of it.
 */
export class LogFile {
  readonly path: string;
  #file: number;
  #octets: number;

  /** Opens a log for appending; it is made when missing. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'a', 0o600);
    this.#octets = statSync(path).size;
  }

  write(line: string): void {
    if (this.#octets > MAXIMUM_OCTETS) this.#setAside();
    this.#octets += writeSync(this.#file, `${line}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }

  #setAside(): void {
    closeSync(this.#file);
    renameSync(this.path, `${this.path}.1`);
    this.#file = openSync(this.path, 'a', 0o600);
    this.#octets = 0;
  }
}
