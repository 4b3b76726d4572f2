import { readFile } from 'node:fs/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { Secret, connectNats, type NatsConfig } from '../bus.js';
import { invalid } from '../input/invalid.js';
import { fileProblem } from '../input/read-file.js';
import type { NatsUser } from './nats-users.js';

const PATIENCE_MS = 5_000;

/** A NATS and how to get in. */
export interface NatsAccess {
  /** One or more, with commas between. */
  readonly url: string;
  /** By user; a user without one has no password. */
  readonly passwordFiles: Partial<Record<NatsUser, string>>;
  readonly caFile: string | undefined;
}

/**
 * A connection as one of the station's users.
 * @throws {CertlaneError} `unavailable`, `failed-precondition` when it is refused, `invalid-argument` when its password cannot be read
 */
export async function connectAs(user: NatsUser, access: NatsAccess): Promise<NatsConnection> {
  const file = access.passwordFiles[user];
  const config: NatsConfig = {
    servers: access.url.split(','),
    credentials: file === undefined ? { kind: 'none' } : { kind: 'password', user, password: await passwordIn(file) },
    ...(access.caFile === undefined ? {} : { caFile: access.caFile }),
  };
  return connectNats(config, user, { timeoutMs: PATIENCE_MS });
}

async function passwordIn(file: string): Promise<Secret> {
  try {
    return new Secret((await readFile(file, 'utf8')).trim());
  } catch (thrown) {
    throw invalid('--nats-passwords', file, `${fileProblem(thrown)}; the folder must hold one such file for each user`);
  }
}
