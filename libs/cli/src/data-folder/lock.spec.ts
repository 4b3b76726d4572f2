import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { dataFolder } from './layout.js';
import { assertFree, lockDataFolder } from './lock.js';
import { isRunning, markOf } from './process-mark.js';

/** Where a lock of another process would be. */
const staleLock = (root: string): string => join(root, 'lock.00000000-0000-4000-8000-000000000000.json');
const GONE = { pid: 2_147_483_000, started: 'never' };

describe('the lock of a data folder', () => {
  it('is held by one, given back, and leaves nothing behind', () =>
    inTemporaryFolder(async (root) => {
      const folder = dataFolder(root);
      const lock = await lockDataFolder(folder);
      await expect(lockDataFolder(folder)).rejects.toThrow(
        `--data is '${root}': a station runs on this folder already (process ${process.pid}); stop it first`,
      );
      await lock.release();
      await expect(assertFree(folder)).resolves.toBeUndefined();
      expect(await readdir(root)).toEqual([]);
    }));

  it('is taken by at most one of many at once, and by the next one afterwards', () =>
    inTemporaryFolder(async (root) => {
      const folder = dataFolder(root);
      await writeFile(staleLock(root), JSON.stringify({ machine: hostname(), process: GONE }));
      const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder)));
      const held = tries.filter((one) => one.status === 'fulfilled');
      expect(held.length).toBeLessThanOrEqual(1);
      for (const one of held) await one.value.release();
      await (await lockDataFolder(folder)).release();
    }));

  it('of a killed process is taken over', () =>
    inTemporaryFolder(async (root) => {
      const folder = dataFolder(root);
      await writeFile(staleLock(root), JSON.stringify({ machine: hostname(), process: GONE }));
      await lockDataFolder(folder);
      const [name = ''] = await readdir(root);
      expect(JSON.parse(await readFile(join(root, name), 'utf8'))).toMatchObject({ process: { pid: process.pid } });
    }));

  it('of a later process with the same number does not count', () =>
    inTemporaryFolder(async (root) => {
      const folder = dataFolder(root);
      await writeFile(
        staleLock(root),
        JSON.stringify({ machine: hostname(), process: { pid: process.pid, started: 'earlier' } }),
      );
      await expect(assertFree(folder)).resolves.toBeUndefined();
    }));

  it('of another machine is respected, since that one cannot be asked', () =>
    inTemporaryFolder(async (root) => {
      const folder = dataFolder(root);
      await writeFile(staleLock(root), JSON.stringify({ machine: 'elsewhere', process: GONE }));
      await expect(assertFree(folder)).rejects.toThrow("a station on machine 'elsewhere' holds this folder");
    }));
});

describe('the mark of a process', () => {
  it('is that of this process only, and ends with it', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const mark = await markOf(child.pid ?? 0);
    expect(mark).toBeDefined();
    if (mark === undefined) return;
    expect(await isRunning(mark)).toBe(true);
    expect(await isRunning({ ...mark, started: 'another time' })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isRunning(mark)).toBe(false);
  });
});
