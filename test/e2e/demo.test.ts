import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { findNatsServer } from '@certlane/runtime/testing';
import { repositoryRoot } from '../support/repository.js';

const program = fileURLToPath(new URL('test/dist/demo/main.js', repositoryRoot));

describe('npm run demo', () => {
  it('does the main job with two stations, and every check holds', async () => {
    const env = { ...process.env, NATS_SERVER: findNatsServer() };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
    expect(stdout).not.toContain('FAIL');
    expect(stdout).toMatch(/All \d\d checks hold/);
  }, 180_000);
});
