import { ca } from '@certlane/contracts';
import { createBus } from '@certlane/runtime';
import { testNats, until, type TestNats } from '@certlane/runtime/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../../support/repository.js';

type Line = Readonly<Record<string, unknown>>;

describe('the process of a service', () => {
  let nats: TestNats;
  let env: Record<string, string>;
  const children: ChildProcess[] = [];
  let hangingUp: Server | undefined;

  beforeAll(async () => {
    nats = await testNats();
    const password = join(nats.dataDir, 'password');
    await writeFile(password, 'test\n');
    env = {
      CERTLANE_NATS_URL: nats.server.url,
      CERTLANE_NATS_USER: 'ca-store',
      CERTLANE_NATS_PASSWORD_FILE: password,
    };
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    hangingUp?.close();
  });

  afterAll(() => nats.stop());

  function start(changes: Record<string, string> = {}) {
    const script = new URL('test/dist/integration/runtime/answering-service.js', repositoryRoot).pathname;
    const child = spawn(process.execPath, [script], {
      env: { ...env, ...changes },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines: Line[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as Line));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const said = (message: string) => lines.find(({ msg }) => msg === message);
    return { child, lines, ended, said };
  }

  async function ready(changes: Record<string, string> = {}) {
    const service = start(changes);
    await until('it is ready', () => service.said('ready') !== undefined);
    return { ...service, url: String(service.said('ready')?.http) };
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('says where its health is, answers, and ends well at %s', async (signal) => {
    const { child, ended, url } = await ready();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const bus = createBus(await nats.connect('operator'), nats.prefix);
    expect(await bus.request(ca.issuerList, {})).toEqual({ issuers: [] });
    child.kill(signal);
    expect(await ended).toBe(0);
  });

  it('finishes the requests in hand before it ends, at one signal or at many', async () => {
    const { child, ended, said } = await ready({ CERTLANE_TEST_DELAY: '500' });
    const bus = createBus(await nats.connect('operator'), nats.prefix);
    const inHand = bus.request(ca.issuerList, {});
    await until('the request is in hand', () => said('asked') !== undefined);
    for (let n = 0; n < 3; n += 1) child.kill('SIGTERM');
    expect(await inHand).toEqual({ issuers: [] });
    expect(await ended).toBe(0);
  });

  it('ends with status 78 and the names of the keys when its configuration is wrong', async () => {
    const { ended, lines } = start({ CERTLANE_NATS_URL: 'hunter2', CERTLANE_TEST_DELAI: 'hunter2' });
    expect(await ended).toBe(78);
    const text = JSON.stringify(lines);
    expect(text).toContain('CERTLANE_NATS_URL must be nats://');
    expect(text).toContain('CERTLANE_TEST_DELAI is not known here');
    expect(text).not.toContain('hunter2');
  });

  it('ends with status 1 when NATS refuses it', async () => {
    const wrong = join(nats.dataDir, 'wrong');
    await writeFile(wrong, 'hunter2\n');
    const { ended, lines } = start({ CERTLANE_NATS_PASSWORD_FILE: wrong });
    expect(await ended).toBe(1);
    expect(JSON.stringify(lines)).toContain('check CERTLANE_NATS_USER and CERTLANE_NATS_PASSWORD_FILE');
  });

  it('can be stopped while it waits for NATS', async () => {
    let callers = 0;
    hangingUp = createServer((caller) => {
      callers += 1;
      caller.destroy();
    });
    await once(hangingUp.listen(0, '127.0.0.1'), 'listening');
    const { port } = hangingUp.address() as AddressInfo;
    const { child, ended } = start({ CERTLANE_NATS_URL: `nats://127.0.0.1:${port}` });
    await until('it has tried again', () => callers > 1);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('writes one JSON line a message, with service and instance', async () => {
    const { lines } = await ready({ CERTLANE_INSTANCE: 'ca-store-7' });
    for (const line of lines) expect(line).toMatchObject({ service: 'ca-store', level: expect.any(String) });
    for (const line of lines.slice(1)) expect(line).toMatchObject({ instance: 'ca-store-7' });
  });
});
