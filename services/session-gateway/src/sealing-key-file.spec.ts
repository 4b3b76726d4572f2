import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealingKeyFile } from './sealing-key-file.js';

let folder: string;
const key = randomBytes(32);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certlane-key-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: string | Buffer, mode = 0o600): Buffer | string {
  const path = join(folder, 'key');
  writeFileSync(path, content);
  chmodSync(path, mode);
  const result = sealingKeyFile().safeParse(path);
  return result.success ? result.data : (result.error.issues[0]?.message ?? '');
}

describe('sealingKeyFile', () => {
  it.each([
    ['raw', key],
    ['as base64', key.toString('base64')],
    ['as base64 with a line break', `${key.toString('base64')}\n`],
  ])('reads 32 octets %s', (_form, content) => {
    expect(read(content)).toEqual(key);
  });

  it.each([0o640, 0o440, 0o400])('reads a file of mode %o', (mode) => {
    expect(read(key, mode)).toEqual(key);
  });

  it.each([0o644, 0o606, 0o601])('refuses a file of mode %o, which others may use', (mode) => {
    expect(read(key, mode)).toBe('the file must not be open to others: run chmod 600 on it');
  });

  it.each([
    ['31 octets', randomBytes(31)],
    ['base64 of 31 octets', randomBytes(31).toString('base64')],
    ['nothing', ''],
    ['64 hex digits', key.toString('hex')],
  ])('refuses %s without quoting them', (_what, content) => {
    expect(read(content)).toBe('the file must hold 32 octets, raw or as base64');
  });

  it('names why a file cannot be read', () => {
    expect(sealingKeyFile().safeParse(join(folder, 'missing')).error?.issues[0]?.message).toContain('ENOENT');
  });
});
