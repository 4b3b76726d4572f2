import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findUpwards } from './find-upwards.js';
import { serialProxy } from './serial-proxy.js';

/** A server that speaks MongoDB's protocol. */
export interface TestMongo {
  /** What it is, for the name of a suite. */
  readonly kind: string;
  readonly url: string;
  /** The same server with updates that are not atomic, where it is one that can be had so. */
  readonly careless?: string;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/**
 * The server of `MONGODB_URL`, else one in Docker, else FerretDB as `scripts/mongodb.sh` built it.
 * @returns why there is none, where there is none: suites are skipped with it, never passed
 */
export async function testMongo(): Promise<TestMongo | { readonly missing: string }> {
  const url = process.env.MONGODB_URL;
  if (url) return { kind: 'MONGODB_URL', url, stop: () => Promise.resolve() };
  return (
    (await inDocker()) ??
    (await ferretdb()) ?? {
      missing: 'no MongoDB: set MONGODB_URL, start Docker, or build FerretDB with sh scripts/mongodb.sh',
    }
  );
}

async function inDocker(): Promise<TestMongo | undefined> {
  try {
    const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    const container = await new GenericContainer('mongo:8')
      .withExposedPorts(27_017)
      .withStartupTimeout(START_MS)
      .start();
    const url = `mongodb://${container.getHost()}:${container.getMappedPort(27_017)}/`;
    return {
      kind: 'MongoDB in Docker',
      url,
      stop: async () => {
        await container.stop();
      },
    };
  } catch {
    return undefined;
  }
}

async function ferretdb(): Promise<TestMongo | undefined> {
  const binary = findUpwards('.tools/ferretdb/ferretdb-v1.24.0');
  if (binary === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'certlane-ferretdb-'));
  const port = await freePort();
  const child = spawn(
    binary,
    [
      '--handler=sqlite',
      `--sqlite-url=file:${folder}/`,
      `--state-dir=${folder}`,
      `--listen-addr=127.0.0.1:${port}`,
      '--debug-addr=-',
      '--telemetry=disable',
      '--log-level=error',
    ],
    { stdio: 'ignore' },
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await answering(port, exited);
  const proxy = await serialProxy(port);
  return {
    kind: 'FerretDB',
    url: `mongodb://127.0.0.1:${proxy.port}/`,
    careless: `mongodb://127.0.0.1:${port}/`,
    stop: async () => {
      proxy.close();
      process.off('exit', kill);
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(port: number, exited: Promise<unknown>): Promise<void> {
  const gone = new AbortController();
  void exited.then(() => gone.abort());
  for (const deadline = Date.now() + START_MS; ;) {
    if (gone.signal.aborted) throw new Error('FerretDB ended while it was started');
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('connect', () => socket.destroy()).once('error', () => resolve(false));
    });
    if (open) return;
    if (Date.now() > deadline) throw new Error('FerretDB does not answer');
    await sleep(50);
  }
}
