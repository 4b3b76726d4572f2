import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { writeWhole } from './write-whole.js';

describe('a file that is written whole', () => {
  it('holds what one of those who write at once wrote, and none of them fails', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'station.json');
      const contents = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(10_000));
      await Promise.all(contents.map((content) => writeWhole(path, content, 0o600)));
      expect(contents).toContain(await readFile(path, 'utf8'));
      expect(await readdir(folder)).toEqual(['station.json']);
    }));
});
