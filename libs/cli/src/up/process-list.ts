import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { DataFolder } from '../data-folder/layout.js';
import { isRunning, processMark, type ProcessMark } from '../data-folder/process-mark.js';
import { writeWhole } from '../data-folder/write-whole.js';

const listFile = z.record(z.string(), processMark);

/** Name of the embedded nats-server in the list. */
export const BUS = 'nats-server';

const POLITE_MS = 5_000;
const LOOK_MS = 50;

/** The processes of a station, kept in a file so that whoever comes after a killed supervisor can end what it left behind. */
export class ProcessList {
  readonly #path: string;
  readonly #processes = new Map<string, ProcessMark>();
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: DataFolder) {
    this.#path = join(folder.root, 'processes.json');
  }

  /**
   * Remembers a process; the one before of this name is forgotten.
   * @throws what writing the file throws; the next note writes all of them
   */
  note(name: string, mark: ProcessMark): Promise<void> {
    this.#processes.set(name, mark);
    const content = `${JSON.stringify(Object.fromEntries(this.#processes), null, 2)}\n`;
    const written = this.#writing.then(() => writeWhole(this.#path, content, 0o600));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** Everything has ended. */
  async clear(): Promise<void> {
    await this.#writing;
    await rm(this.#path, { force: true });
  }

  /**
   * Ends the processes that a killed supervisor left running.
   * @returns their names
   */
  async endLeftovers(): Promise<string[]> {
    const left: [string, ProcessMark][] = [];
    for (const entry of Object.entries(await this.#read())) if (await isRunning(entry[1])) left.push(entry);
    // The bus goes last here too: services stop faster while they can still say so.
    const isBus = ([name]: [string, ProcessMark]): boolean => name === BUS;
    await Promise.all(left.filter((entry) => !isBus(entry)).map(([, mark]) => end(mark)));
    await Promise.all(left.filter(isBus).map(([, mark]) => end(mark)));
    return left.map(([name]) => name);
  }

  async #read(): Promise<Record<string, ProcessMark>> {
    try {
      return listFile.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }
}

async function end(mark: ProcessMark): Promise<void> {
  signal(mark.pid, 'SIGTERM');
  const deadline = Date.now() + POLITE_MS;
  while (await isRunning(mark)) {
    if (Date.now() > deadline) signal(mark.pid, 'SIGKILL');
    await sleep(LOOK_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (thrown) {
    // It ended between the look and the signal.
    if ((thrown as { code?: unknown }).code !== 'ESRCH') throw thrown;
  }
}
