import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@certlane/runtime/testing';
import { describe, expect, it } from '@jest/globals';
import { isRunning, type ProcessMark } from '../data-folder/process-mark.js';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { LogFile } from './log-file.js';
import { SupervisedProcess } from './supervised-process.js';

/** A program with its arguments; the shell begins at once, also where a busy machine lets Node take its time. */
type Command = readonly [string, ...string[]];
const node = (script: string): Command => [process.execPath, '-e', script];
const shell = (script: string): Command => ['/bin/sh', '-c', script];

const LASTS = 'console.log("ready"); setInterval(() => {}, 1000);';

interface Seen {
  readonly marks: ProcessMark[];
  readonly ready: string[];
  readonly lost: string[];
  restarts: number;
}

/** A supervised process, and what it told. */
function supervised(folder: string, [program, ...words]: Command, startMilliseconds = 40_000) {
  const seen: Seen = { marks: [], ready: [], lost: [], restarts: 0 };
  const log = new LogFile(join(folder, 'process.log'));
  const supervisedProcess = new SupervisedProcess<string>(
    {
      name: 'sample',
      program,
      arguments: words,
      env: { PORT: '0' },
      envAgain: (first) => ({ PORT: first.slice('ready '.length) }),
      log,
      readyFrom: (line) => (line.startsWith('ready') ? line : undefined),
      stopSignal: 'SIGTERM',
      stopMilliseconds: 300,
      startMilliseconds,
    },
    {
      started: () => undefined,
      ready: (ready, mark, restarted) => {
        seen.ready.push(ready);
        seen.marks.push(mark);
        if (restarted) seen.restarts += 1;
      },
      lost: (how) => seen.lost.push(how),
    },
  );
  return { process: supervisedProcess, seen, log };
}

describe('a supervised process', () => {
  it('is started again when it is killed, and stays stopped when it is stopped', () =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, seen } = supervised(folder, node(LASTS));
      await sample.start();
      process.kill(seen.marks[0]?.pid ?? 0, 'SIGKILL');
      await until('it runs again', () => seen.restarts === 1);
      expect(seen.lost).toEqual(['it was ended by SIGKILL']);
      const last = seen.marks[1];
      expect(last).toBeDefined();
      await sample.stop();
      expect(last !== undefined && (await isRunning(last))).toBe(false);
      // Longer than the 400 ms after which it would be back.
      await sleep(600);
      expect(seen.marks).toHaveLength(2);
    }));

  const LISTENS = `const server = require('node:net').createServer();
    server.on('error', () => process.exit(1));
    server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready ' + server.address().port));`;

  it('gets the port it had at first whenever it is started again', () =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, seen } = supervised(folder, node(LISTENS));
      await sample.start();
      for (const restarts of [1, 2]) {
        process.kill(seen.marks.at(-1)?.pid ?? 0, 'SIGKILL');
        await until('it runs again', () => seen.restarts === restarts);
      }
      await sample.stop();
      expect(new Set(seen.ready).size).toBe(1);
    }));

  it('gets another port rather than none where a program has taken its own', () =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, seen } = supervised(folder, node(LISTENS));
      await sample.start();
      const [first = ''] = seen.ready;
      const thief = createServer();
      const taken = new Promise<void>((resolve) => {
        const take = (): void => void thief.listen(Number(first.slice('ready '.length)), '127.0.0.1', resolve);
        thief.on('error', () => setTimeout(take, 5));
        take();
      });
      process.kill(seen.marks[0]?.pid ?? 0, 'SIGKILL');
      await taken;
      await until('it runs again', () => seen.restarts === 1, 20_000);
      await sample.stop();
      await new Promise((resolve) => thief.close(resolve));
      expect(seen.ready).toHaveLength(2);
      expect(seen.ready[1]).not.toBe(first);
    }));

  it('is killed when it does not stop in time', () =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, seen } = supervised(folder, node(`process.on('SIGTERM', () => {}); ${LASTS}`));
      await sample.start();
      await sample.stop();
      const mark = seen.marks[0];
      expect(mark !== undefined && (await isRunning(mark))).toBe(false);
    }));

  it.each([
    ['ends before it is ready, three times', 'echo no store; exit 1', 40_000, 'it ended with status 1', 3],
    ['is not ready in time, three times', 'echo no store; exec sleep 1000', 1_000, 'it was not ready within 1 s', 3],
    ['refuses its configuration, once', 'echo no store; exit 78', 40_000, 'it ended with status 78', 1],
  ])('that %s, is given up with its last words', (_what, script, startMilliseconds, how, times) =>
    inTemporaryFolder(async (folder) => {
      const { process: sample, log } = supervised(folder, shell(script), startMilliseconds);
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
