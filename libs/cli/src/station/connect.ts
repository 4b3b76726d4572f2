import { readFile } from 'node:fs/promises';
import { CertlaneError, isCertlaneError } from '@certlane/contracts';
import { OPERATOR, Secret, connectNats, createBus, type Bus, type NatsConfig } from '../bus.js';
import type { NatsConnection } from '@nats-io/nats-core';
import { answeringBus } from './answering-bus.js';
import type { StationFile } from '../data-folder/station-file.js';

/** An open connection to a running station, as its operator. */
export interface StationLink {
  readonly bus: Bus;
  readonly nats: NatsConnection;
  /** First token of every subject. */
  readonly prefix: string;
  readonly close: () => Promise<void>;
}

/** A station that runs answers at once; one that does not must not keep a person waiting. */
const CONNECT_MS = 3_000;

/**
 * Connects with what `DIR/station.json` says.
 * @param actor who acts by every request
 * @throws {CertlaneError} `unavailable` when NATS does not answer, `failed-precondition` when it refuses us or our password cannot be read
 */
export async function connectStation(file: StationFile, actor: string): Promise<StationLink> {
  const nats = await connectNats(await natsConfig(file), OPERATOR, { timeoutMs: CONNECT_MS }).catch(
    (thrown: unknown) => {
      if (!isCertlaneError(thrown) || thrown.code !== 'unavailable') throw thrown;
      const problem = `the NATS of this station does not answer at ${file.nats.url}`;
      const remedy = 'see what certlane up says about it, and try again';
      throw new CertlaneError('unavailable', `${problem}; ${remedy}`, { cause: thrown });
    },
  );
  return {
    bus: answeringBus(createBus(nats, file.nats.prefix, { actor }), file),
    nats,
    prefix: file.nats.prefix,
    close: () => nats.close(),
  };
}

async function natsConfig(file: StationFile): Promise<NatsConfig> {
  const { url, user, passwordFile, caFile } = file.nats;
  const servers = url.split(',');
  const ca = caFile === undefined ? {} : { caFile };
  if (user === undefined || passwordFile === undefined) return { servers, credentials: { kind: 'none' }, ...ca };
  try {
    const password = new Secret((await readFile(passwordFile, 'utf8')).trimEnd());
    return { servers, credentials: { kind: 'password', user, password }, ...ca };
  } catch (thrown) {
    const problem = `the operator's password in ${passwordFile} cannot be read; run this as the user who started the station`;
    throw new CertlaneError('failed-precondition', problem, { cause: thrown });
  }
}
