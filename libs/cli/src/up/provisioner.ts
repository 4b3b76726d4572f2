import { readFile } from 'node:fs/promises';
import { Secret, connectNats, type NatsConfig } from '../bus.js';
import type { NatsConnection } from '@nats-io/nats-core';
import { invalid } from '../input/invalid.js';
import { fileProblem } from '../input/password.js';
import type { NatsUser, Preparation } from './preparation.js';

const PATIENCE_MS = 5_000;

/**
 * A connection to the station's NATS as one of its users.
 * @throws {CertlaneError} `unavailable`, `failed-precondition` when it is refused, `invalid-argument` when its password cannot be read
 */
export async function connectAs(user: NatsUser, preparation: Preparation, url: string): Promise<NatsConnection> {
  const file = preparation.passwordFiles[user];
  const { natsCa } = preparation.settings;
  const config: NatsConfig = {
    servers: url.split(','),
    credentials: file === undefined ? { kind: 'none' } : { kind: 'password', user, password: await passwordIn(file) },
    ...(natsCa === undefined ? {} : { caFile: natsCa }),
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
