import { CertlaneError, serviceContracts, type ServiceName } from '@certlane/contracts';
import type { NatsConnection } from '@nats-io/nats-core';
import { Module, type INestMicroservice, type ModuleMetadata, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Logger } from 'pino';
import { AuditTrail } from '../audit/trail.js';
import type { RuntimeConfig } from '../config/runtime-config.js';
import { LeasedTasks } from '../lease/leased-tasks.js';
import { createHealth, type Health } from '../http/health.js';
import { startHttp } from '../http/http-server.js';
import { createLogger } from '../log/logger.js';
import { NestLogger } from '../log/nest-logger.js';
import { startMetrics } from '../metrics/metrics.js';
import { createBus, type Bus } from '../nats/bus.js';
import { connectNats } from '../nats/connect.js';
import { CertlaneTransport } from '../nats/transport.js';
import type { DocumentStore } from '../store/documents.js';
import { createMessages, type Messages } from '../store/messages.js';
import { openStore } from '../store/open-store.js';
import { startTracing } from '../trace/tracing.js';
import { systemClock, type Clock } from './clock.js';
import { TimeOrderedIds, type Ids } from './ids.js';
import { AUDIT, BUS, CLOCK, HEALTH, IDS, LEASED_TASKS, LOGGER, MESSAGES, RUNTIME_CONFIG, STORE } from './tokens.js';
import { VERSION } from './version.js';

/** What a service is made of. */
export interface ServiceParts {
  readonly name: ServiceName;
  readonly config: RuntimeConfig;
  /**
   * Controllers (handlers marked `@Serves`, `@Does`, `@Hears`) and providers. They inject {@link BUS}, {@link STORE},
   * {@link AUDIT}, {@link LEASED_TASKS}, {@link MESSAGES}, {@link CLOCK}, {@link IDS}, {@link LOGGER}, {@link HEALTH}, {@link RUNTIME_CONFIG}. Nest's life-cycle hooks
   * run: `onApplicationBootstrap` before the first message is taken, `onModuleDestroy` and `onApplicationShutdown` after the last
   * is answered, with bus and store still open.
   */
  readonly module: Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'>;
  /** Other than the usual ones: for tests. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly store?: DocumentStore;
  readonly logger?: Logger;
}

/** A service that runs. */
export interface RunningService {
  readonly bus: Bus;
  readonly logger: Logger;
  /** Where health and metrics are served, `http://127.0.0.1:8080`. */
  readonly httpUrl: string;
  /** A provider of the service's module. */
  get<T>(token: string | symbol | (new (...args: never[]) => T)): T;
  /** Takes no more messages, finishes those it has (ten seconds at most), lets go of everything. */
  close(): Promise<void>;
}

/** What was opened and has to be closed, in the order of opening. */
class Opened {
  readonly #closers: (() => Promise<unknown> | undefined)[] = [];

  add<T>(thing: T, close: (thing: T) => Promise<unknown> | undefined): T {
    this.#closers.push(() => close(thing));
    return thing;
  }

  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      // What cannot be closed is gone already; the rest still has to be.
      await Promise.resolve(close()).catch(() => undefined);
    }
  }
}

/**
 * Starts a service: log, traces, metrics, NATS, store, Nest with our transport, health; resolves when it takes messages.
 * @throws {CertlaneError} `unavailable`, `failed-precondition` with what is missing; what was opened is closed again
 */
export async function runService(parts: ServiceParts): Promise<RunningService> {
  const opened = new Opened();
  try {
    return await start(parts, opened);
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

async function start(parts: ServiceParts, opened: Opened): Promise<RunningService> {
  const { name, config } = parts;
  const identity = { service: name, instance: config.instance };
  const logger = parts.logger ?? createLogger({ ...identity, level: config.logLevel });
  const { otlpEndpoint } = config;
  opened.add(await startTracing({ ...identity, ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }) }), (it) =>
    it.shutdown(),
  );
  const metrics = opened.add(startMetrics(identity), (it) => it.shutdown());
  const health = createHealth();
  let state: 'starting' | 'running' | 'stopping' = 'starting';
  health.register('service', () => {
    if (state !== 'running') throw new CertlaneError('unavailable', state);
  });
  const http = opened.add(
    await startHttp({ listen: config.http, health, metrics: (request, response) => metrics.handle(request, response) }),
    (it) => it.close(),
  );

  const connection = opened.add(await connectNats(config.nats, name, { logger }), (it) => it.drain());
  const bus = createBus(connection, config.prefix);
  health.register('nats', () => connected(connection));

  const clock = parts.clock ?? systemClock;
  const ids = parts.ids ?? new TimeOrderedIds(clock);
  const store = await storeOf(parts, { connection, bus, ids, logger });
  if (store !== undefined) {
    opened.add(store, (it) => it.close());
    health.register('store', () => store.check());
  }

  const messages = createMessages({ prefix: config.prefix, clock, ids });
  const audit = store === undefined ? undefined : new AuditTrail({ store, service: name, clock, logger });
  const provided = { bus, store, audit, messages, clock, ids, logger, health, config };
  const app = await createApp(parts, provided, connection);
  opened.add(app, (it) => it.close());
  await app.listen();

  state = 'running';
  logger.info({ http: http.url, version: VERSION }, 'ready');
  return {
    bus,
    logger,
    httpUrl: http.url,
    get: (token) => app.get(token, { strict: false }),
    close: async () => {
      state = 'stopping';
      logger.info('stopping');
      await opened.close();
      logger.info('stopped');
    },
  };
}

/** A process that is cut off from the bus can do nothing, but must not be restarted for it: it reconnects. */
function connected(connection: NatsConnection): Promise<void> {
  return connection.flush();
}

async function storeOf(
  parts: ServiceParts,
  { connection, bus, ids, logger }: { connection: NatsConnection; bus: Bus; ids: Ids; logger: Logger },
): Promise<DocumentStore | undefined> {
  if (parts.store !== undefined) return parts.store;
  if (!serviceContracts[parts.name].store) return undefined;
  const { prefix, store } = parts.config;
  return openStore({ config: store, service: parts.name, prefix, connection, bus, ids, logger });
}

interface Provided {
  readonly bus: Bus;
  readonly store: DocumentStore | undefined;
  readonly audit: AuditTrail | undefined;
  readonly messages: Messages;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly health: Health;
  readonly config: RuntimeConfig;
}

async function createApp(
  parts: ServiceParts,
  provided: Provided,
  connection: NatsConnection,
): Promise<INestMicroservice> {
  const { logger, config } = provided;
  const { serves, does } = serviceContracts[parts.name];
  const strategy = new CertlaneTransport({
    expects: [...serves, ...does],
    connection,
    service: parts.name,
    prefix: config.prefix,
    logger,
    version: VERSION,
    concurrency: config.concurrency,
  });
  @Module({})
  class ServiceModule {}
  const module = {
    ...parts.module,
    module: ServiceModule,
    providers: [...providersOf(provided), ...(parts.module.providers ?? [])],
  };
  const options = { strategy, logger: new NestLogger(logger), abortOnError: false };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  return NestFactory.createMicroservice<MicroserviceOptions>(module, options);
}

function providersOf({ bus, store, audit, messages, clock, ids, logger, health, config }: Provided): Provider[] {
  const values: [symbol, unknown][] = [
    [BUS, bus],
    [MESSAGES, messages],
    [CLOCK, clock],
    [IDS, ids],
    [LOGGER, logger],
    [HEALTH, health],
    [RUNTIME_CONFIG, config],
    ...(store === undefined ? [] : [[STORE, store] satisfies [symbol, unknown]]),
    ...(audit === undefined ? [] : [[AUDIT, audit] satisfies [symbol, unknown]]),
  ];
  const providers: Provider[] = values.map(([provide, useValue]) => ({ provide, useValue }));
  if (store === undefined) return providers;
  // A factory: what it makes has its hooks called.
  return [...providers, { provide: LEASED_TASKS, useFactory: () => new LeasedTasks({ store, clock, ids, logger }) }];
}
