import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { commandsDocument } from './commands-document.js';

const FILE = new URL('../../../../docs/commands.md', import.meta.url);

describe('docs/commands.md', () => {
  it('is current', () => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, commandsDocument());
    expect(readFileSync(FILE, 'utf8')).toBe(commandsDocument());
  });
});
