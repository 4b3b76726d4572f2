import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

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
  const binary = upwards(process.cwd()).find(executable);
  if (binary === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'certlane-ferretdb-'));
  // It ends with us: we hold its standard input.
  const child = spawn(binary, [folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const [url = '', careless = ''] = await new Promise<string[]>((resolve, reject) => {
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => {
      if (lines.push(line) === 2) resolve(lines);
    });
    child.once('exit', (code) => reject(new Error(`FerretDB ended with status ${String(code)}`)));
  });
  return {
    kind: 'FerretDB',
    url,
    careless,
    stop: async () => {
      child.stdin.end();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return [join(folder, '.tools', 'ferretdb', 'ferretdb'), ...(parent === folder ? [] : upwards(parent))];
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
