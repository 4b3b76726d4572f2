import type { ServiceName } from '@certlane/contracts';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Attributes } from '@opentelemetry/api';
import type { z } from 'zod';
import type { ListenAddress, NatsConfig, RuntimeConfig } from './config/runtime-config.js';
import type { Secret } from './config/secret.js';
import type { Bus } from './nats/bus.js';
import type { RunningService, ServiceParts } from './service/run-service.js';

export { Secret } from './config/secret.js';
export type {
  ListenAddress,
  NatsConfig,
  NatsCredentials,
  RuntimeConfig,
  StoreConfig,
} from './config/runtime-config.js';
export type { Health, HealthReport } from './http/health.js';
export type { Bus, RequestOptions } from './nats/bus.js';
export { Does, Hears, Serves } from './nats/handlers.js';
export type { Call, JobCall, JobOutcome } from './nats/handlers.js';
export { systemClock } from './service/clock.js';
export type { Clock } from './service/clock.js';
export { TimeOrderedIds } from './service/ids.js';
export type { Ids } from './service/ids.js';
export type { RunningService, ServiceParts } from './service/run-service.js';
export { BUS, CLOCK, HEALTH, IDS, LOGGER, MESSAGES, RUNTIME_CONFIG, STORE } from './service/tokens.js';
export type { CollectionDefinition, Documents, DocumentStore, Listed, Page, Stored } from './store/documents.js';
export { createMessages } from './store/messages.js';
export type { Messages, MessageSources, OutboxMessage } from './store/messages.js';
export { mutate } from './store/mutate.js';
export type { Change } from './store/mutate.js';
export type { Logger } from 'pino';

/** Key of a document from plain texts: each is encoded, a dot between them. */
export declare function documentKey(...parts: readonly string[]): string;

/**
 * Reads a service's configuration: the common part and its own keys.
 *
 * `const { runtime, own } = loadConfig({ CERTLANE_KEY_FILE: secretFile() }, process.env)`
 * @param own zod types by name of the variable (each begins with `CERTLANE_`); texts come in, anything may come out
 * @throws {CertlaneError} `invalid-argument` with one line a wrong key; values are never shown
 */
export declare function loadConfig<Shape extends z.ZodRawShape>(
  own: Shape,
  env: Readonly<Record<string, string | undefined>>,
): { readonly runtime: RuntimeConfig; readonly own: z.output<z.ZodObject<Shape>> };
/** A path of a file with a secret; gives its content without the last line break. */
export declare function secretFile(): z.ZodType<Secret>;
/** `host:port`, `[::1]:port`. */
export declare function listenAddress(): z.ZodType<ListenAddress>;
/** `true` or `false`. */
export declare function flag(): z.ZodType<boolean>;
/** A whole number between two bounds. */
export declare function wholeNumber(min: number, max: number): z.ZodType<number>;

/** Runs a piece of work in a span of its own; what it throws is recorded and thrown on. */
export declare function withSpan<T>(name: string, attributes: Attributes, work: () => T | Promise<T>): Promise<T>;

/**
 * The one place that opens NATS connections.
 * @param name names the connection and its inbox: `_INBOX_<name>`
 */
export declare function connectNats(config: NatsConfig, name: string): Promise<NatsConnection>;
/** A bus over a connection, for callers that are no service (the command line). */
export declare function createBus(connection: NatsConnection, prefix: string): Bus;

/** Starts a service: log, traces, NATS, store, health, Nest with our transport; resolves when it takes messages. */
export declare function runService(parts: ServiceParts): Promise<RunningService>;
/**
 * The whole of a `main.ts`: reads the configuration by `start`, runs until SIGTERM or SIGINT, drains, exits.
 *
 * Exit status 0 after a clean stop, 78 for a wrong configuration, 1 otherwise. The log line `ready` carries `http` (URL).
 */
export declare function runMain(
  name: ServiceName,
  start: (env: Readonly<Record<string, string | undefined>>) => Promise<RunningService>,
): Promise<void>;
