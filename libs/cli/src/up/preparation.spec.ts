import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dataFolder } from '../data-folder/layout.js';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { prepare } from './preparation.js';
import { upSettings, type UpOptions } from './settings.js';

const options: UpOptions = { tcpPort: 'auto', tlsPort: 'auto', listen: '127.0.0.1' };

/** A folder with a program that answers `--version` like nats-server. */
async function fakeNats(folder: string, version: string): Promise<Record<string, string>> {
  const program = join(folder, 'nats-server');
  await writeFile(program, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  await chmod(program, 0o755);
  return { NATS_SERVER: program };
}

describe('preparing a station', () => {
  it('makes folder, key and passwords once, for the owner only, and finds them again', () =>
    inTemporaryFolder(async (root) => {
      const env = await fakeNats(root, '2.10.7');
      const folder = dataFolder(join(root, 'acme'));
      const first = await prepare(folder, upSettings(options, root), env);
      expect(first.bus).toMatchObject({ kind: 'embedded', program: { version: '2.10.7' } });
      expect(first.tcpPort).toBeGreaterThan(0);
      const key = await readFile(first.sealingKeyFile, 'utf8');
      expect(Buffer.from(key, 'base64')).toHaveLength(32);
      const passwords = await Promise.all(Object.values(first.passwordFiles).map((file) => readFile(file, 'utf8')));
      expect(new Set(passwords).size).toBe(6);
      for (const file of [first.sealingKeyFile, ...Object.values(first.passwordFiles)]) {
        expect((await stat(file)).mode & 0o777).toBe(0o600);
      }
      expect((await stat(folder.secrets)).mode & 0o777).toBe(0o700);
      await first.lock.release();

      const second = await prepare(folder, upSettings(options, root), env);
      expect(await readFile(second.sealingKeyFile, 'utf8')).toBe(key);
      expect(await Promise.all(Object.values(second.passwordFiles).map((file) => readFile(file, 'utf8')))).toEqual(
        passwords,
      );
      await second.lock.release();
    }));

  it('refuses a folder in use', () =>
    inTemporaryFolder(async (root) => {
      const env = await fakeNats(root, '2.9.10');
      const folder = dataFolder(join(root, 'acme'));
      const { lock } = await prepare(folder, upSettings(options, root), env);
      await expect(prepare(folder, upSettings(options, root), env)).rejects.toThrow(
        'a station runs on this folder already',
      );
      await lock.release();
    }));

  it.each([
    [
      'a missing nats-server',
      { NATS_SERVER: '/missing/nats-server' },
      {},
      "NATS_SERVER is '/missing/nats-server': there is no such program",
    ],
    ['a key file that is missing', {}, { keyFile: 'missing.key' }, "missing.key': no such file; make one with"],
    ['a key file that holds no key', {}, { keyFile: 'nats-server' }, 'does not hold 32 octets'],
  ])('refuses %s and makes nothing', (_what, env, more, sentence) =>
    inTemporaryFolder(async (root) => {
      const all = { ...(await fakeNats(root, '2.9.10')), ...env };
      const folder = dataFolder(join(root, 'acme'));
      await expect(prepare(folder, upSettings({ ...options, ...more }, root), all)).rejects.toThrow(sentence);
      expect(await readdir(root)).toEqual(['nats-server']);
    }),
  );

  it.each([
    ['1.4.1', 'is nats-server 1.4.1, but 2.9 is the oldest that serves'],
    ['next', 'is no nats-server'],
  ])('refuses nats-server %s', (version, sentence) =>
    inTemporaryFolder(async (root) => {
      const env = await fakeNats(root, version);
      await expect(prepare(dataFolder(join(root, 'acme')), upSettings(options, root), env)).rejects.toThrow(sentence);
    }),
  );

  it('refuses a port in use and names it', () =>
    inTemporaryFolder(async (root) => {
      await using taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port } = taken.address() as { port: number };
      const settings = upSettings({ ...options, tlsPort: String(port) }, root);
      await expect(
        prepare(dataFolder(join(root, 'acme')), settings, await fakeNats(root, '2.9.10')),
      ).rejects.toMatchObject({
        code: 'failed-precondition',
        message: `--tls-port is '${port}': another program listens on 127.0.0.1:${port}; choose another port, or 0 for not listening`,
      });
      expect(await readdir(root)).toEqual(['nats-server']);
    }));

  it('refuses another key, another store or another NATS than the folder was set up with', () =>
    inTemporaryFolder(async (root) => {
      const env = await fakeNats(root, '2.9.10');
      const folder = dataFolder(join(root, 'acme'));
      const { lock, sealingKeyFile } = await prepare(folder, upSettings(options, root), env);
      await lock.release();
      const again = (more: Partial<UpOptions>) => prepare(folder, upSettings({ ...options, ...more }, root), env);
      await expect(again({ store: 'mongodb://u:p@db/x' })).rejects.toThrow(
        'its documents are in nats:, not in mongodb://db/x; start it with --store nats:',
      );
      await expect(again({ nats: 'nats://127.0.0.1:4222' })).rejects.toThrow(
        'set up with the embedded NATS; leave out --nats',
      );
      await expect(again({ prefix: 'acme' })).rejects.toThrow(
        'it was set up with prefix certlane; start it with --prefix',
      );
      await expect(again({ natsCa: 'ca.pem' })).rejects.toThrow('name it with --nats URL');
      const other = join(root, 'other.key');
      await writeFile(other, Buffer.alloc(32, 7).fill(1, 16), { mode: 0o600 });
      await expect(again({ keyFile: other })).rejects.toThrow('name the file it was set up with in --key-file');
      await writeFile(other, await readFile(sealingKeyFile), { mode: 0o600 });
      await (await again({ keyFile: other })).lock.release();
      await chmod(other, 0o644);
      await expect(again({ keyFile: other })).rejects.toThrow('others on this machine may open the file');
    }));

  it('keeps the networks that lists may be fetched from, until others are named', () =>
    inTemporaryFolder(async (root) => {
      const env = await fakeNats(root, '2.9.10');
      const folder = dataFolder(join(root, 'acme'));
      const allowed = async (fetchAllow?: string[]) => {
        const more = fetchAllow === undefined ? {} : { fetchAllow };
        const prepared = await prepare(folder, upSettings({ ...options, ...more }, root), env);
        await prepared.lock.release();
        return prepared.fetchAllow;
      };
      expect(await allowed()).toEqual([]);
      const createdAt = JSON.parse(await readFile(folder.mark, 'utf8')) as { createdAt: string };
      expect(await allowed(['127.0.0.0/8,::1', '10.1.0.0/16', '::1'])).toEqual(['127.0.0.0/8', '::1', '10.1.0.0/16']);
      expect(await allowed()).toEqual(['127.0.0.0/8', '::1', '10.1.0.0/16']);
      expect(await allowed(['none'])).toEqual([]);
      expect(await allowed()).toEqual([]);
      expect(JSON.parse(await readFile(folder.mark, 'utf8'))).toEqual(createdAt);
      for (const word of ['localhost', '10.0.0.0/33', '', 'none,::1']) {
        await expect(allowed([word])).rejects.toThrow('--fetch-allow is ');
      }
    }));

  it('keeps a MongoDB URL with its password in a file of its own', () =>
    inTemporaryFolder(async (root) => {
      const env = await fakeNats(root, '2.9.10');
      const folder = dataFolder(join(root, 'acme'));
      const answers = (): Promise<void> => Promise.resolve();
      const given = upSettings({ ...options, store: 'mongodb://u:geheim@db/x' }, root);
      const { lock } = await prepare(folder, given, env, answers);
      await lock.release();
      expect(await readFile(folder.mark, 'utf8')).not.toContain('geheim');
      const second = await prepare(folder, upSettings(options, root), env, answers);
      expect(second.store.shown).toBe('mongodb://db/x');
      expect(await readFile(second.store.urlFile ?? '', 'utf8')).toBe('mongodb://u:geheim@db/x\n');
      expect((await stat(second.store.urlFile ?? '')).mode & 0o777).toBe(0o600);
      await second.lock.release();
    }));

  it('refuses a folder of somebody else without touching it', () =>
    inTemporaryFolder(async (root) => {
      await mkdir(join(root, 'letters'));
      await writeFile(join(root, 'letters', 'a.txt'), '');
      await expect(
        prepare(dataFolder(join(root, 'letters')), upSettings(options, root), await fakeNats(root, '2.9.10')),
      ).rejects.toThrow('holds other things than a station');
      expect(await readdir(join(root, 'letters'))).toEqual(['a.txt']);
    }));
});
