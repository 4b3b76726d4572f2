import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { generatedFiles } from './generated-files.js';

describe('generated files', () => {
  it('are what `npm run generate` writes', async () => {
    for (const { url, content } of await generatedFiles()) {
      expect({ file: url.pathname, current: (await readFile(url, 'utf8')) === content }).toEqual({
        file: url.pathname,
        current: true,
      });
    }
  });
});
