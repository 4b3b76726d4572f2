import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** The last places the command looks at; where one is there, none can be missing. */
const installed = ['/usr/sbin', '/usr/local/bin', '/usr/bin', '/bin'].some((folder) =>
  existsSync(join(folder, 'nats-server')),
);

describe('the launcher where no nats-server can be had', () => {
  let folder: string;

  /** The clone itself, set up and built but for nats-server, on a machine whose apt-get gets nothing. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certlane-no-nats-'));
    const ours = ['certlane', 'scripts', '.tools', '.git'];
    for (const name of await readdir(repositoryRoot)) {
      if (!ours.includes(name)) await symlink(fileURLToPath(new URL(name, repositoryRoot)), join(folder, name));
    }
    for (const name of ['scripts', '.tools', 'bin', 'a-folder']) await mkdir(join(folder, name));
    for (const name of ['certlane', 'scripts/setup.sh'])
      await copyFile(new URL(name, repositoryRoot), join(folder, name));
    for (const name of await readdir(new URL('.tools', repositoryRoot))) {
      if (name.startsWith('pnpm-'))
        await symlink(fileURLToPath(new URL(`.tools/${name}`, repositoryRoot)), join(folder, '.tools', name));
    }
    const manifests = 'pnpm-lock.yaml pnpm-workspace.yaml package.json libs/*/package.json services/*/package.json';
    const stamp = `printf %s "$(cat ${manifests} test/package.json | cksum)" >.tools/dependencies.stamp; touch .tools/setup.lock`;
    await run('/bin/sh', ['-c', stamp], { cwd: folder });
    await writeFile(join(folder, '.tools/build.stamp'), '');
    // Whatever is edited meanwhile, nothing is built here.
    await utimes(join(folder, '.tools/build.stamp'), 4e9, 4e9);
    for (const name of ['apt-get', 'dpkg-deb']) await script(`bin/${name}`, 'exit 100');
    await script('not-nats', 'echo something else');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const script = async (name: string, line: string): Promise<void> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(folder, name), 0o755);
  };

  const wrong = (path: string): string =>
    `certlane: NATS_SERVER names '${path}', which is no executable file: correct it or unset it, or use a running NATS with --nats URL\n`;

  type Refusal = [what: string, named: string, words: string[], status: number, says: string | RegExp];
  const fetched: Refusal = [
    'is fetched in vain',
    '',
    [],
    5,
    'certlane: fetching nats-server ...\n' +
      'certlane: nats-server is missing and could not be fetched; install it (Debian: apt-get install nats-server), ' +
      'name it in NATS_SERVER, or use a running one with --nats URL\n',
  ];

  it.each<Refusal>([
    ...(installed ? [] : [fetched]),
    ['is named where there is none', '/missing/nats-server', [], 1, wrong('/missing/nats-server')],
    ['is a folder', 'a-folder', [], 1, wrong('a-folder')],
    [
      'is another program',
      './not-nats',
      [],
      5,
      /^certlane: '.*not-nats' is no nats-server; set NATS_SERVER to the path of one\n$/,
    ],
    [
      'is not wanted at all',
      '/missing',
      ['--nats', 'http://x'],
      2,
      /^certlane: --nats is 'http:\/\/x': write nats:\/\/host:port [^\n]+\n$/,
    ],
  ])('one that %s makes nothing and says what helps', async (_what, named, words, status, says) => {
    const before = [await readdir(folder), await readdir(join(folder, '.tools'))];
    const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, ...(named === '' ? {} : { NATS_SERVER: named }) };
    const ended = await run(join(folder, 'certlane'), ['--data', 'station', 'up', ...words], { cwd: folder, env }).then(
      () => 'it started',
      (thrown: unknown) => thrown,
    );
    const stderr: unknown = typeof says === 'string' ? says : expect.stringMatching(says);
    expect(ended).toMatchObject({ code: status, stdout: '', stderr });
    expect([await readdir(folder), await readdir(join(folder, '.tools'))]).toEqual(before);
  });
});
