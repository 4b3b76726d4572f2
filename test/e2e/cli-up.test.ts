import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificateToPem } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { findNatsServer } from '@certlane/runtime/testing';
import { certlane } from '../support/certlane.js';
import { eventually } from '../support/eventually.js';
import { RunningStation } from '../support/running-station.js';

const env = { NATS_SERVER: findNatsServer() };
let folder: string;
/** What is in the folder before anything is refused. */
let found: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certlane-cli-up-'));
  await writeFile(join(folder, 'file'), 'not a folder');
  await writeFile(join(folder, 'empty'), '');
  const authority = certificateToPem(testCa().root.certificate);
  await writeFile(join(folder, 'ca.pem'), authority);
  await writeFile(join(folder, 'bad.pem'), authority + authority.replace(/MII/, 'AAA'));
  await writeFile(join(folder, 'short.key'), 'abc', { mode: 0o600 });
  await writeFile(join(folder, 'open.key'), Buffer.alloc(32, 7));
  await chmod(join(folder, 'open.key'), 0o644);
  for (const [name, content] of [
    ['damaged', '{"certlane":"data-folder","layout":1}'],
    ['foreign', 'something else'],
  ] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'certlane.json'), content);
  }
  found = await readdir(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `certlane up` with free ports, in the folder above all data folders. */
const up = (data: string, ...words: string[]) =>
  certlane(['--data', data, 'up', '--tcp-port', 'auto', '--tls-port', 'auto', ...words], {
    env,
    workingFolder: folder,
  });

/** A port of this machine that nobody listens on any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A NATS that nobody runs. */
const NATS = '--nats nats://127.0.0.1:1';

/** Data folder, options, exit status, and what the one sentence says. */
const refusals: [data: string, words: string, status: number, sentence: string][] = [
  ['new', '--tcp-port 65536', 2, "--tcp-port is '65536': give a port from 1 to 65535"],
  ['new', '--tcp-port 7000 --tls-port 7000', 2, "--tcp-port is '7000': --tls-port has the same number"],
  ['new', '--listen 192.0.2.1', 5, "--listen is '192.0.2.1': this machine has no such address"],
  ['new', '--store mysql://me:geheim@db', 2, '--store: write nats: or mongodb://host/database'],
  ['new', '--nats nats://me:geheim@db', 2, '--nats: write nats://host:port or tls://host:port'],
  ['new', '--nats-passwords file', 2, '--nats-passwords and --nats-ca go with a running NATS'],
  ['new', '--nats nats://127.0.0.1:1 --nats-passwords missing', 2, 'no such file; the folder must hold one such file'],
  [
    'new',
    '--nats nats://127.0.0.1:1',
    7,
    "--nats is 'nats://127.0.0.1:1': no NATS server answers there; check that it runs",
  ],
  ['new', `${NATS} --nats-ca missing`, 2, "missing': no such file; name a file that exists and may be read"],
  ['new', `${NATS} --nats-ca empty`, 2, "empty': the file is empty; name a PEM file with the authorities of that NATS"],
  ['new', `${NATS} --nats-ca file`, 2, "file': the file holds no certificate in PEM; name a PEM file"],
  ['new', `${NATS} --nats-ca bad.pem`, 2, "bad.pem': certificate 2 of the file is damaged; name a PEM file"],
  ['new', `${NATS} --nats-ca ca.pem`, 7, 'no NATS server answers there; check that it runs, its address, and that its'],
  [
    'new',
    '--store mongodb://me:geheim@127.0.0.1:1/acme',
    7,
    "--store is 'mongodb://127.0.0.1:1/acme': no MongoDB server answers there; check that it runs, and its address",
  ],
  ['new', '--store mongodb://me:ge/heim@db/acme', 2, '--store: write nats: or mongodb://host/database, in a user or'],
  ['new', '--store mongodb://me:ge@heim@db/acme', 2, '--store: write nats: or mongodb://host/database, in a user or'],
  [
    'new',
    '--store mongodb://db/acme?geheim=1',
    2,
    "--store is 'mongodb://db/acme?geheim=1': the MongoDB driver cannot",
  ],
  ['new', '--prefix A.b', 2, "--prefix is 'A.b': use 1 to 32 lower-case letters"],
  ['new', '--key-file missing', 2, 'no such file; make one with: head -c 32 /dev/urandom'],
  ['new', '--key-file short.key', 2, 'the file does not hold 32 octets, raw or as base64'],
  ['new', '--key-file open.key', 2, 'others on this machine may open the file; run: chmod 600'],
  ['file', '', 5, 'this is a file, not a folder; name a folder that this user may write to'],
  ['file/below', '', 5, 'this is a file, not a folder'],
  ['/proc/certlane', '', 5, 'the folder cannot be made (ENOENT); name one in a place this user may write to'],
  ['damaged', '', 5, 'certlane.json is damaged; restore it from a backup, or use another folder'],
  ['foreign', '', 5, 'the folder holds other things than a station; name an empty folder'],
];

describe('certlane up with something wrong', () => {
  it.each(refusals)(
    'on %s with %j is refused in one sentence, and makes nothing',
    async (data, words, status, sentence) => {
      const ran = await up(data, ...words.split(' ').filter((word) => word !== ''));
      expect(ran).toEqual({ status, out: '', err: expect.stringContaining(sentence) as unknown });
      expect(ran.err).toMatch(/^certlane: [^\n]+\n$/);
      expect(ran.err).not.toMatch(/geheim@|ge.heim/);
      expect(await readdir(folder)).toEqual(found);
    },
  );

  it('ends although what stands in for a NATS keeps the connection open', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const ran = await up('mute', '--nats', `nats://127.0.0.1:${port}`);
    expect(ran).toMatchObject({ status: 7, out: '' });
    mute.close();
  });

  it('does not bind a new folder to a NATS that was a slip', async () => {
    const port = await closedPort();
    const nats = spawn(env.NATS_SERVER, ['-a', '127.0.0.1', '-p', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    nats.stderr.on('data', (text: Buffer) => (log += text.toString()));
    await eventually(
      () => log,
      (text) => text.includes('Server is ready'),
    );
    const ran = await up('a new one', '--nats', `nats://127.0.0.1:${port}`);
    const ended = once(nats, 'close');
    nats.kill();
    await ended;
    expect(ran.status).toBe(7);
    expect(ran.err).toMatch(/\ncertlane: the streams cannot be made in NATS at .*; it needs JetStream/);
    expect(await readdir(join(folder, 'a new one'))).not.toContain('certlane.json');

    const station = await RunningStation.start(join(folder, 'a new one'), [], { env });
    expect(await station.stop()).toBe(0);
    const late = await certlane(['--data', 'a new one', 'station', 'list'], { workingFolder: folder });
    expect(late).toMatchObject({ status: 7, out: '' });
    expect(late.err).toContain(`start it with: certlane up --data '${join(folder, 'a new one')}'`);
  }, 60_000);
});
