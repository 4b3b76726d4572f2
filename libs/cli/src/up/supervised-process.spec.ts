import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { isRunning, type ProcessMark } from '../data-folder/process-mark.js';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { LogFile } from './log-file.js';
import { SupervisedProcess } from './supervised-process.js';

const LASTS = 'console.log("ready"); setInterval(() => {}, 1000);';

interface Seen {
  readonly marks: ProcessMark[];
  readonly lost: string[];
  restarts: number;
}

/** A supervised `node -e program`, and what it told. */
function supervised(folder: string, program: string, startMilliseconds = 10_000) {
  const seen: Seen = { marks: [], lost: [], restarts: 0 };
  const log = new LogFile(join(folder, 'process.log'));
  const supervisedProcess = new SupervisedProcess<string>(
    {
      name: 'sample',
      program: process.execPath,
      arguments: ['-e', program],
      env: {},
      log,
      readyFrom: (line) => (line === 'ready' ? line : undefined),
      stopSignal: 'SIGTERM',
      stopMilliseconds: 300,
      startMilliseconds,
    },
    {
      started: () => undefined,
      ready: (_ready, mark, restarted) => {
        seen.marks.push(mark);
        if (restarted) seen.restarts += 1;
      },
      lost: (how) => seen.lost.push(how),
    },
  );
  return { process: supervisedProcess, seen, log };
}

async function until(met: () => boolean): Promise<void> {
  for (let left = 400; left > 0 && !met(); left -= 1) await sleep(20);
  expect(met()).toBe(true);
}

describe('a supervised process', () => {
  it('is started again when it is killed, and stays stopped when it is stopped', () =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, seen } = supervised(folder, LASTS);
      await sample.start();
      process.kill(seen.marks[0]?.pid ?? 0, 'SIGKILL');
      await until(() => seen.restarts === 1);
      expect(seen.lost).toEqual(['it was ended by SIGKILL']);
      const last = seen.marks[1];
      expect(last).toBeDefined();
      await sample.stop();
      expect(last !== undefined && (await isRunning(last))).toBe(false);
      await sleep(600);
      expect(seen.marks).toHaveLength(2);
    }));

  it('is killed when it does not stop in time', () =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, seen } = supervised(folder, `process.on('SIGTERM', () => {}); ${LASTS}`);
      await sample.start();
      await sample.stop();
      const mark = seen.marks[0];
      expect(mark !== undefined && (await isRunning(mark))).toBe(false);
    }));

  it.each([
    ['ends before it is ready, three times', 'console.log("no store"); process.exit(1)', 'it ended with status 1', 3],
    [
      'is not ready in time, three times',
      'console.log("no store"); setInterval(() => {}, 1000)',
      'it was not ready within 0.5 s',
      3,
    ],
    ['refuses its configuration, once', 'console.log("no store"); process.exit(78)', 'it ended with status 78', 1],
  ])('that %s, is given up with its last words', (_what, program, how, times) =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, log } = supervised(folder, program, 500);
      await expect(sample.start()).rejects.toMatchObject({
        name: 'StartFailure',
        how,
        lastWords: 'no store',
        log: log.path,
      });
      expect((await readFile(log.path, 'utf8')).match(/no store/g)).toHaveLength(times);
    }),
  );
});
