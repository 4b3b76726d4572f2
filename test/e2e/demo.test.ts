import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { findNatsServer } from '@certlane/runtime/testing';
import { repositoryRoot } from '../support/repository.js';

const program = fileURLToPath(new URL('test/dist/demo/main.js', repositoryRoot));

/** What still runs then is stopped, so that nothing of it stays. */
const PATIENCE_MS = 240_000;

describe('npm run demo', () => {
  it(
    'does the main job with two stations, and every check holds',
    async () => {
      const env = { ...process.env, NATS_SERVER: findNatsServer() };
      const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: PATIENCE_MS });
      expect(stdout).not.toContain('FAIL');
      expect(stdout).toMatch(/All \d\d checks hold/);
    },
    2 * PATIENCE_MS,
  );
});
