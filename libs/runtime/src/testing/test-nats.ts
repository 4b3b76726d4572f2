import { DEFAULT_PREFIX, serviceNames, type ServiceName } from '@certlane/contracts';
import type { NatsConnection } from '@nats-io/nats-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConfig, RuntimeConfig } from '../config/runtime-config.js';
import { Secret } from '../config/secret.js';
import { connectNats } from '../nats/connect.js';
import { OPERATOR, PROVISIONER } from '../nats/names.js';
import {
  operatorPermissions,
  permissionsOf,
  provisionerPermissions,
  subscriberPermissions,
  type Permissions,
} from '../nats/permissions.js';
import { provisionNats } from '../nats/provision.js';
import { startNatsServer, type NatsServer } from '../nats/server-process.js';
import type { StreamSettings } from '../nats/plan.js';
import { findNatsServer } from './find-nats-server.js';

/** Users of a test server: those of a deployment, a subscriber, and `anyone`, who may do everything and exists in tests only. */
export type TestUser = ServiceName | 'operator' | 'provisioner' | 'subscriber' | 'anyone';

/** A nats-server with the users and permissions of a deployment, streams provided, data in a temporary folder. */
export interface TestNats {
  /** The server now; another object after {@link TestNats.restart}. */
  readonly server: NatsServer;
  readonly prefix: string;
  readonly dataDir: string;
  config(user: TestUser): NatsConfig;
  /** A whole configuration for a service, store in NATS, health on any free port. */
  runtimeConfig(service: ServiceName, changes?: Partial<RuntimeConfig>): RuntimeConfig;
  /** A connection as this user; closed by {@link TestNats.stop}. */
  connect(user: TestUser): Promise<NatsConnection>;
  /** Starts the server again after it was stopped or killed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const PASSWORD = 'test';
const everything: Permissions = { publish: ['>'], subscribe: ['>'], allowResponses: false };

/**
 * Starts one.
 * @throws {Error} when there is no nats-server on this machine
 */
export async function testNats(
  settings: Partial<StreamSettings> & { readonly prefix?: string } = {},
): Promise<TestNats> {
  const { prefix = DEFAULT_PREFIX, ...streams } = settings;
  const dataDir = await mkdtemp(join(tmpdir(), 'certlane-nats-'));
  let server = await startNatsServer({ binary: findNatsServer(), dataDir, users: users(prefix) });
  const connections: NatsConnection[] = [];
  const config = (user: TestUser): NatsConfig => ({
    servers: [server.url],
    credentials: { kind: 'password', user, password: new Secret(PASSWORD) },
  });
  const connect = async (user: TestUser) => {
    const connection = await connectNats(config(user), user);
    connections.push(connection);
    return connection;
  };
  await provisionNats(await connect('provisioner'), prefix, streams);
  return {
    get server() {
      return server;
    },
    prefix,
    dataDir,
    config,
    runtimeConfig: (service, changes = {}) => ({
      nats: config(service),
      prefix,
      store: { kind: 'nats' },
      http: { host: '127.0.0.1', port: 0 },
      logLevel: 'silent',
      instance: `${service}-test`,
      concurrency: 64,
      ...changes,
    }),
    connect,
    restart: async () => {
      server = await server.restart();
    },
    stop: async () => {
      await Promise.allSettled(connections.map((connection) => connection.close()));
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function users(prefix: string) {
  const permissions: Record<TestUser, Permissions> = {
    ...(Object.fromEntries(serviceNames.map((service) => [service, permissionsOf(service, prefix)])) as Record<
      ServiceName,
      Permissions
    >),
    [OPERATOR]: operatorPermissions(prefix),
    [PROVISIONER]: provisionerPermissions(prefix),
    subscriber: subscriberPermissions(prefix, 'subscriber'),
    anyone: everything,
  };
  return Object.entries(permissions).map(([name, granted]) => ({
    name,
    password: { text: PASSWORD },
    permissions: granted,
  }));
}
