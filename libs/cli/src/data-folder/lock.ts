import { randomUUID } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CertlaneError } from '@certlane/contracts';
import { z } from 'zod';
import type { DataFolder } from './layout.js';
import { isRunning, markOf, processMark } from './process-mark.js';
import { writeWhole } from './write-whole.js';

const lockFile = z.object({ machine: z.string(), process: processMark });
type LockFile = z.infer<typeof lockFile>;

/** A data folder held by this process. */
export interface FolderLock {
  readonly release: () => Promise<void>;
}

const NAME = /^lock\.[0-9a-f-]{36}\.json$/;
/** Two that start in the same moment see each other and both step back; one of them then comes first. */
const TRIES = 5;
const STEP_BACK_MS = 100;

/**
 * Takes a data folder for this process.
 *
 * Each contender puts down a file of its own that names its process by number and start, then looks for others: a file of a
 * process that does not run any more holds nothing. So at most one holds the folder, whoever is killed at whatever moment.
 * @throws {CertlaneError} `failed-precondition` when a running station holds it
 */
export async function lockDataFolder(folder: DataFolder): Promise<FolderLock> {
  const mark = await markOf(process.pid);
  if (mark === undefined) throw new CertlaneError('internal', 'this process cannot find its own start time');
  const content = `${JSON.stringify({ machine: hostname(), process: mark } satisfies LockFile)}\n`;
  for (let left = TRIES; ; left -= 1) {
    const mine = `lock.${randomUUID()}.json`;
    const path = join(folder.root, mine);
    await writeWhole(path, content, 0o600);
    try {
      const stale = await staleBeside(folder, mine);
      for (const name of stale) await rm(join(folder.root, name), { force: true });
      return { release: () => rm(path, { force: true }) };
    } catch (thrown) {
      await rm(path, { force: true });
      if (left === 1) throw thrown;
      await sleep(Math.random() * STEP_BACK_MS);
    }
  }
}

/**
 * Looks whether a data folder is free, without changing anything.
 * @throws {CertlaneError} `failed-precondition` when a running station holds it
 */
export async function assertFree(folder: DataFolder): Promise<void> {
  await staleBeside(folder, undefined);
}

/** Names of the locks that hold nothing any more; refuses when one does. */
async function staleBeside(folder: DataFolder, mine: string | undefined): Promise<string[]> {
  const names = await readdir(folder.root).catch(() => []);
  const stale: string[] = [];
  for (const name of names.filter((name) => NAME.test(name) && name !== mine)) {
    const held = await readLock(join(folder.root, name));
    if (held !== undefined) await assertEnded(folder, name, held);
    stale.push(name);
  }
  return stale;
}

async function assertEnded(folder: DataFolder, name: string, { machine, process }: LockFile): Promise<void> {
  const refused = (problem: string): CertlaneError =>
    new CertlaneError('failed-precondition', `--data is '${folder.root}': ${problem}`, {
      details: { field: '--data' },
    });
  if (machine !== hostname()) {
    const remedy = `if that one has ended, remove ${join(folder.root, name)}`;
    throw refused(`a station on machine '${machine}' holds this folder (process ${process.pid}); ${remedy}`);
  }
  if (await isRunning(process)) {
    throw refused(
      `a station runs on this folder already (process ${process.pid}); stop it first, or name another folder`,
    );
  }
}

/** What cannot be read holds nothing: a lock is written whole or not at all, and may just have been given back. */
async function readLock(path: string): Promise<LockFile | undefined> {
  try {
    return lockFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
