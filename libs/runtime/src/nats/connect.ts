import { CertlaneError } from '@certlane/contracts';
import type { Authenticator, NatsConnection } from '@nats-io/nats-core';
import {
  connect,
  credsAuthenticator,
  nkeyAuthenticator,
  usernamePasswordAuthenticator,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { NatsConfig, NatsCredentials } from '../config/runtime-config.js';
import { Link } from './link.js';
import { inboxPrefix } from './names.js';

/** How patient connecting is. */
export interface ConnectOptions {
  /** Milliseconds to wait for the first connection; 30,000 unless told, 0: one attempt. */
  readonly timeoutMs?: number;
  /** Told when the connection goes and comes. */
  readonly logger?: Logger;
}

const FIRST_CONNECTION_MS = 30_000;
const RETRY_MS = 250;
const ATTEMPT_MS = 5_000;

/**
 * The one place that opens NATS connections: names, credentials, reply subjects of its own, reconnection for ever.
 * @param user names the connection and its reply subjects; the user's permissions know them by this name
 * @throws {CertlaneError} `unavailable` when no server answers in time; `failed-precondition` when it refuses the credentials
 */
export async function connectNats(
  config: NatsConfig,
  user: string,
  options: ConnectOptions = {},
): Promise<NatsConnection> {
  const deadline = Date.now() + (options.timeoutMs ?? FIRST_CONNECTION_MS);
  const parameters = connectionParameters(config, user);
  for (;;) {
    try {
      const connection = await connect(parameters);
      Link.over(connection, user);
      if (options.logger !== undefined) void follow(connection, options.logger);
      return connection;
    } catch (thrown) {
      if (refused(thrown))
        throw new CertlaneError('failed-precondition', refusal(config.credentials), { cause: thrown });
      if (Date.now() + RETRY_MS > deadline) {
        const message = `no NATS server answers at ${config.servers.join(', ')}; check that it runs and CERTLANE_NATS_URL`;
        throw new CertlaneError('unavailable', message, { cause: thrown });
      }
    }
    await sleep(RETRY_MS);
  }
}

function connectionParameters(config: NatsConfig, user: string): NodeConnectionOptions {
  return {
    servers: [...config.servers],
    name: `certlane ${user}`,
    inboxPrefix: inboxPrefix(user),
    authenticator: authenticator(config.credentials),
    ...(config.caFile === undefined ? {} : { tls: { caFile: config.caFile } }),
    timeout: ATTEMPT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: RETRY_MS,
    // A server that restarts with other users refuses for a while: that is no reason to give up.
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    // Traces of where a request began cost a stack each; spans tell the same.
    noAsyncTraces: true,
  };
}

function authenticator(credentials: NatsCredentials): Authenticator[] {
  switch (credentials.kind) {
    case 'none':
      return [];
    case 'password':
      return [usernamePasswordAuthenticator(credentials.user, () => credentials.password.reveal())];
    case 'nkey':
      return [nkeyAuthenticator(() => Buffer.from(credentials.seed.reveal()))];
    case 'creds':
      return [credsAuthenticator(() => Buffer.from(credentials.file.reveal()))];
  }
}

function refused(thrown: unknown): boolean {
  return (
    Error.isError(thrown) && (thrown.name === 'AuthorizationError' || thrown.name === 'UserAuthenticationExpiredError')
  );
}

function refusal(credentials: NatsCredentials): string {
  const keys = {
    none: 'set CERTLANE_NATS_USER and CERTLANE_NATS_PASSWORD_FILE',
    password: 'check CERTLANE_NATS_USER and CERTLANE_NATS_PASSWORD_FILE',
    nkey: 'check CERTLANE_NATS_NKEY_FILE',
    creds: 'check CERTLANE_NATS_CREDS_FILE',
  } as const;
  return `NATS refuses our credentials; ${keys[credentials.kind]}`;
}

async function follow(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const status of connection.status()) {
    switch (status.type) {
      case 'disconnect':
        logger.warn({ server: status.server }, 'nats connection lost');
        break;
      case 'reconnect':
        logger.info({ server: status.server }, 'nats connection is back');
        break;
      case 'error':
        logger.warn({ err: status.error }, 'nats reports an error');
        break;
      case 'slowConsumer':
        logger.warn({ pending: status.pending }, 'nats subscription falls behind');
        break;
      default:
        logger.debug({ status: status.type }, 'nats connection status');
    }
  }
}
