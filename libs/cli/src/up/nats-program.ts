import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CertlaneError } from '@certlane/contracts';
import { natsServerVersion } from '../bus.js';

/** A nats-server that can be started. */
export interface NatsProgram {
  readonly path: string;
  /** `2.9.10` */
  readonly version: string;
}

const USUAL_PLACES = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server', '/usr/bin/nats-server'];
const OLDEST = [2, 9] as const;
const REMEDY =
  'install it (Debian: apt-get install nats-server), name it in NATS_SERVER, or use a running one with --nats URL';

/**
 * Finds nats-server: `NATS_SERVER` first, then `PATH`, then the usual places.
 * @throws {CertlaneError} `failed-precondition` when there is none that can be used
 */
export async function findNatsServer(env: Readonly<Record<string, string | undefined>>): Promise<NatsProgram> {
  const named = env['NATS_SERVER'] ?? '';
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = named === '' ? [...onPath.map((folder) => join(folder, 'nats-server')), ...USUAL_PLACES] : [named];
  for (const path of places) {
    if (await isExecutable(path)) return { path, version: await versionOf(path) };
  }
  throw missing(
    named === ''
      ? `nats-server is missing and could not be fetched; ${REMEDY}`
      : `NATS_SERVER is '${named}': there is no such program; correct it or unset it`,
  );
}

async function versionOf(path: string): Promise<string> {
  const version = await natsServerVersion(path);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return version;
  throw missing(`'${path}' is nats-server ${version}, but ${OLDEST.join('.')} is the oldest that serves; ${REMEDY}`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function missing(sentence: string): CertlaneError {
  return new CertlaneError('failed-precondition', sentence, { details: { field: 'NATS_SERVER' } });
}
