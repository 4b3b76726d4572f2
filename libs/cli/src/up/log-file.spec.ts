import { readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { LogFile } from './log-file.js';

describe('the log of a process', () => {
  it('goes on where it ended, and is for its owner only', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'gateway.log');
      for (const line of ['first', 'second']) {
        const log = new LogFile(path);
        log.write(line);
        log.close();
      }
      expect(await readFile(path, 'utf8')).toBe('first\nsecond\n');
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }));

  it('is set aside when it has grown too large', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'gateway.log');
      await writeFile(path, '');
      await truncate(path, 33 * 1024 * 1024);
      const log = new LogFile(path);
      log.write('next');
      log.close();
      expect((await readdir(folder)).sort()).toEqual(['gateway.log', 'gateway.log.1']);
      expect(await readFile(path, 'utf8')).toBe('next\n');
    }));
});
