import { afterEach, describe, expect, it } from '@jest/globals';
import { ca } from '@certlane/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBus } from './bus.js';
import { connectNats } from './connect.js';
import { provisionNats } from './provision.js';
import { natsServerVersion, startNatsServer } from './server-process.js';
import { Secret } from '../config/secret.js';
import { findNatsServer } from '../testing/find-nats-server.js';
import { testNats, type TestNats } from '../testing/test-nats.js';

describe('a nats-server of ours', () => {
  let nats: TestNats | undefined;
  const folders: string[] = [];

  afterEach(async () => {
    await nats?.stop();
    nats = undefined;
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  it('starts on a port of its own, says its version and what its data outlives', async () => {
    nats = await testNats();
    const { url, version, durability } = nats.server;
    expect(url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(durability.survives).toBe(version.startsWith('2.9.') ? 'process-kill' : 'power-cut');
    expect(durability.why).toContain(version);
  });

  it('keeps its passwords to its owner', async () => {
    nats = await testNats();
    expect((await stat(join(nats.dataDir, 'nats.conf'))).mode & 0o077).toBe(0);
  });

  it('ends well when it is stopped', async () => {
    nats = await testNats();
    await nats.server.stop();
    expect(await nats.server.exited).toEqual({ code: 0, signal: null });
    await nats.restart();
  });

  it('keeps streams, documents and port when it is killed and started again; clients come back by themselves', async () => {
    nats = await testNats();
    const connection = await nats.connect('ca-store');
    const bus = createBus(connection, nats.prefix);
    const message = { id: 'one', kind: 'event' as const, subject: 'certlane.events.v1.issuer.added._', payload: {} };
    await bus.publish(message);
    const { url } = nats.server;
    await nats.server.kill();
    const meanwhile = bus.publish({ ...message, id: 'two' });
    await expect(bus.request(ca.issuerList, {}, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
    await nats.restart();
    await meanwhile;
    expect(nats.server.url).toBe(url);
    await bus.publish(message);
    const manager = await jetstreamManager(await nats.connect('operator'), { checkAPI: false });
    expect((await manager.streams.info('certlane_events')).state.messages).toBe(2);
  });

  it('fails those at once who wait for an answer when it dies', async () => {
    nats = await testNats();
    const operator = createBus(await nats.connect('operator'), nats.prefix);
    const silent = await nats.connect('ca-store');
    silent.subscribe('certlane.ca.v1.issuer.list', { queue: 'ca-store', callback: () => undefined });
    await silent.flush();
    // Were the answer waited for, this test would not end in time.
    const asked = operator.request(ca.issuerList, {}, { timeoutMs: 600_000 });
    asked.catch(() => undefined);
    await nats.server.kill();
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    await nats.restart();
  });

  it('is provided with the same streams again without a change, and follows new settings', async () => {
    nats = await testNats();
    const connection = await nats.connect('provisioner');
    expect(await provisionNats(connection, nats.prefix)).toEqual({ created: [], changed: [] });
    expect(await provisionNats(connection, nats.prefix, { eventDays: 7 })).toEqual({
      created: [],
      changed: ['certlane_events'],
    });
    const manager = await jetstreamManager(connection, { checkAPI: false });
    expect((await manager.streams.info('certlane_events')).config.max_age).toBe(7 * 86_400e9);
  });

  it('says why it does not start', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'certlane-nats-'));
    folders.push(dataDir);
    nats = await testNats();
    const port = Number(/\d+$/.exec(nats.server.url)?.[0]);
    const binary = findNatsServer();
    await expect(startNatsServer({ binary, dataDir, users: [], port })).rejects.toThrow(
      /nats-server did not start: .*in use/,
    );
    expect(await readFile(join(dataDir, 'nats.log'), 'utf8')).toContain('in use');
  });

  it.each([
    ['a path of nothing', '/nowhere/nats-server', 'cannot be run as'],
    ['another program', '/bin/echo', 'is no nats-server'],
  ])('is not looked for in %s', async (_what, binary, text) => {
    await expect(natsServerVersion(binary)).rejects.toThrow(text);
  });

  it('refuses wrong credentials at once, naming what to check', async () => {
    nats = await testNats();
    const config = {
      ...nats.config('ca-store'),
      credentials: { kind: 'password' as const, user: 'ca-store', password: new Secret('hunter2') },
    };
    const refusal = connectNats(config, 'ca-store').catch((thrown: unknown) => thrown as Error);
    expect(await refusal).toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('CERTLANE_NATS_PASSWORD_FILE'),
    });
    expect(((await refusal) as Error).message).not.toContain('hunter2');
  });

  it('is waited for, but not for ever', async () => {
    const config = { servers: ['nats://127.0.0.1:1'], credentials: { kind: 'none' as const } };
    await expect(connectNats(config, 'x', { timeoutMs: 300 })).rejects.toThrow(
      'no NATS server answers at nats://127.0.0.1:1',
    );
  });
});
