import type { ServiceName } from '@certlane/contracts';
import type { ModuleMetadata } from '@nestjs/common';
import type { RuntimeConfig } from '../config/runtime-config.js';
import type { Bus } from '../nats/bus.js';
import type { DocumentStore } from '../store/documents.js';
import type { Clock } from './clock.js';
import type { Ids } from './ids.js';

/** What a service is made of. */
export interface ServiceParts {
  readonly name: ServiceName;
  readonly config: RuntimeConfig;
  /**
   * Controllers (handlers marked `@Serves`, `@Does`, `@Hears`) and providers. They inject {@link BUS}, {@link STORE},
   * {@link MESSAGES}, {@link CLOCK}, {@link IDS}, {@link LOGGER}, {@link HEALTH}, {@link RUNTIME_CONFIG}. Nest's life-cycle hooks
   * run: `onApplicationBootstrap` before the first message is taken, `onApplicationShutdown` after the last is answered.
   */
  readonly module: Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'>;
  /** Other than the usual ones: for tests. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly store?: DocumentStore;
  /** Messages handled at once; 64 unless told. */
  readonly concurrency?: number;
}

/** A service that runs. */
export interface RunningService {
  readonly bus: Bus;
  /** Where health and metrics are served, `http://127.0.0.1:8080`. */
  readonly httpUrl: string;
  /** A provider of the service's module. */
  get<T>(token: string | symbol | (new (...args: never[]) => T)): T;
  /** Takes no more messages, finishes those it has (ten seconds at most), lets go of everything. */
  close(): Promise<void>;
}
