import { writeFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.js';

// Writes every file that derives from code; a test fails where one is not current.
for (const { url, content } of await generatedFiles()) {
  await writeFile(url, content);
  process.stdout.write(`${url.pathname}\n`);
}
