import { CertlaneError } from '@certlane/contracts';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { renderNatsConfig, writesThrough, type ServerConfig } from './server-config.js';

/** What is needed to run a nats-server. */
export interface NatsServerParts {
  /** Path of the executable. */
  readonly binary: string;
  /** Folder for JetStream's files, the configuration and the log; made where it is missing. */
  readonly dataDir: string;
  readonly users: ServerConfig['users'];
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** Any free port unless told; a restarted server keeps the one it had. */
  readonly port?: number;
  readonly maxFileStore?: string;
}

/** A nats-server that runs as a child process. */
export interface NatsServer {
  readonly url: string;
  /** Of the binary, e.g. `2.9.10`. */
  readonly version: string;
  readonly pid: number;
  /** What acknowledged data outlives: `power-cut`, or only `process-kill`; and why. */
  readonly durability: { readonly survives: 'power-cut' | 'process-kill'; readonly why: string };
  /** Resolves when the process is gone, however it went. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Stops it in good order. */
  stop(): Promise<void>;
  /** SIGKILL: for tests of what that leaves behind. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, after it stopped. */
  restart(): Promise<NatsServer>;
}

const START_MS = 10_000;
const STOP_MS = 10_000;
const POLL_MS = 10;

/**
 * Starts a nats-server with our configuration and waits until it listens.
 * @throws {CertlaneError} `failed-precondition` with the last line of its log when it does not start
 */
export async function startNatsServer(parts: NatsServerParts): Promise<NatsServer> {
  const version = await natsServerVersion(parts.binary);
  const host = parts.host ?? '127.0.0.1';
  const portsDir = join(parts.dataDir, 'ports');
  const configFile = join(parts.dataDir, 'nats.conf');
  const logFile = join(parts.dataDir, 'nats.log');
  // Ports files of killed servers stay behind, and process identifiers come again.
  await rm(portsDir, { recursive: true, force: true });
  await mkdir(portsDir, { recursive: true });
  const config: ServerConfig = {
    host,
    port: parts.port ?? 0,
    storeDir: join(parts.dataDir, 'jetstream'),
    portsDir,
    users: parts.users,
    version,
    ...(parts.maxFileStore === undefined ? {} : { maxFileStore: parts.maxFileStore }),
  };
  await writeFile(configFile, renderNatsConfig(config), { mode: 0o600 });
  // A process group of its own: Ctrl-C in a terminal must not reach it before the services have drained.
  const child = spawn(parts.binary, ['-c', configFile, '-l', logFile], { stdio: 'ignore', detached: true });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const port = await listeningPort(child, portsDir, exited, logFile);
  const ended = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  return {
    url: `nats://${host.includes(':') ? `[${host}]` : host}:${port}`,
    version,
    pid: child.pid ?? 0,
    durability: durabilityOf(version),
    exited,
    // SIGTERM would end it as well, with status 1.
    stop: () => ended('SIGINT'),
    kill: () => ended('SIGKILL'),
    restart: async () => {
      await exited;
      return startNatsServer({ ...parts, port });
    },
  };
}

/**
 * Version of a nats-server binary.
 * @throws {CertlaneError} `failed-precondition` when it is none
 */
export async function natsServerVersion(binary: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: START_MS });
    const version = /nats-server: v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version !== undefined) return version;
  } catch (thrown) {
    throw new CertlaneError(
      'failed-precondition',
      `nats-server cannot be run as '${binary}'; install it or set NATS_SERVER to its path`,
      {
        cause: thrown,
      },
    );
  }
  throw new CertlaneError('failed-precondition', `'${binary}' is no nats-server; set NATS_SERVER to the path of one`);
}

function durabilityOf(version: string): NatsServer['durability'] {
  return writesThrough(version)
    ? { survives: 'power-cut', why: `nats-server ${version} writes to the disk before it acknowledges` }
    : {
        survives: 'process-kill',
        why: `nats-server ${version} acknowledges before its data is on the disk; 2.10 or newer closes the gap`,
      };
}

async function listeningPort(
  child: ChildProcess,
  portsDir: string,
  exited: NatsServer['exited'],
  logFile: string,
): Promise<number> {
  const gone = exited.then(() => true);
  const file = join(portsDir, `nats-server_${child.pid ?? 0}.ports`);
  for (let left = START_MS / POLL_MS; left > 0 && !(await Promise.race([gone, sleep(POLL_MS, false)])); left -= 1) {
    const port = await portIn(file);
    if (port !== undefined) return port;
  }
  child.kill('SIGKILL');
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const last = log.trimEnd().split('\n').at(-1) ?? '';
  throw new CertlaneError(
    'failed-precondition',
    `nats-server did not start: ${last || 'it left no log'} (log: ${logFile})`,
  );
}

/** The file appears before it is whole. */
async function portIn(file: string): Promise<number | undefined> {
  try {
    const { nats } = JSON.parse(await readFile(file, 'utf8')) as { nats: string[] };
    return Number(new URL(nats[0] ?? '').port);
  } catch {
    return undefined;
  }
}
