import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { dataFolder, inspectDataFolder, makeFolders, setUpDataFolder } from './layout.js';

const SET_UP = { sealingKey: '0123456789abcdef', nats: 'embedded', store: 'nats:', prefix: 'certlane' };

describe('a data folder', () => {
  it('is new when it is missing or empty, and known once it is set up', () =>
    inTemporaryFolder(async (root) => {
      expect(await inspectDataFolder(dataFolder(join(root, 'missing')))).toBeUndefined();
      const folder = dataFolder(root);
      expect(await inspectDataFolder(folder)).toBeUndefined();
      await setUpDataFolder(folder, SET_UP, new Date('2026-11-23T12:00:00Z'));
      await makeFolders(folder);
      expect(await inspectDataFolder(folder)).toMatchObject(SET_UP);
    }));

  it.each([
    [
      'another version',
      { certlane: 'data-folder', layout: 2 },
      'layout version 2, this program reads version 1; use the program that made it',
    ],
    ['an older version', { certlane: 'data-folder', layout: 0 }, 'layout version 0'],
    ['a damaged one', { certlane: 'data-folder', layout: 1 }, 'is damaged; restore it from a backup'],
    ['something else', { name: 'certlane' }, 'holds other things than a station; name an empty folder'],
  ])('of %s is refused and left as it is', (_what, content, problem) =>
    inTemporaryFolder(async (root) => {
      const folder = dataFolder(root);
      await writeFile(folder.mark, JSON.stringify(content));
      await expect(inspectDataFolder(folder)).rejects.toMatchObject({
        code: 'failed-precondition',
        message: expect.stringContaining(problem) as unknown,
        details: { field: '--data' },
      });
      expect(JSON.parse(await readFile(folder.mark, 'utf8'))).toEqual(content);
    }),
  );

  it('that is a file, or holds files of others, is refused', () =>
    inTemporaryFolder(async (root) => {
      await writeFile(join(root, 'file'), '');
      await expect(inspectDataFolder(dataFolder(join(root, 'file')))).rejects.toThrow('this is a file, not a folder');
      await mkdir(join(root, 'full'));
      await writeFile(join(root, 'full', 'letter.txt'), 'dear');
      await expect(inspectDataFolder(dataFolder(join(root, 'full')))).rejects.toThrow(
        'holds other things than a station',
      );
    }));
});
