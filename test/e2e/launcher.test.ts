import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../support/repository.js';

const run = promisify(execFile);

let clone: string;

/** A clone that is set up and built, where a script stands for the runtime: it tells what it was started with. */
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'certlane-launcher-'));
  for (const folder of ['scripts', '.tools', 'libs/cli/dist', 'libs/cli/src', 'services/some/src']) {
    await mkdir(join(clone, folder), { recursive: true });
  }
  await copyFile(new URL('certlane', repositoryRoot), join(clone, 'certlane'));
  await writeFile(join(clone, 'scripts/setup.sh'), 'PNPM=false\nCERTLANE_NODE="$PWD/runtime"\nsetup_end() { :; }\n');
  await writeFile(join(clone, 'runtime'), '#!/bin/sh\necho "$(ulimit -H -c) $(ulimit -S -c)"\n');
  await writeFile(join(clone, 'libs/cli/dist/main.js'), '');
  await writeFile(join(clone, '.tools/build.stamp'), '');
  await chmod(join(clone, 'runtime'), 0o755);
});
afterAll(() => rm(clone, { recursive: true }));

describe('the launcher', () => {
  it.each(['up', 'status'])('starts certlane %s so that no process of it leaves a core dump', async (command) => {
    const raised = 'ulimit -S -c "$(ulimit -H -c)" && exec "$0" "$1"';
    const { stdout } = await run('/bin/sh', ['-c', raised, join(clone, 'certlane'), command]);
    expect(stdout).toBe('0 0\n');
  });
});
