import type { Secret } from './secret.js';

/** How a process proves to NATS who it is. */
export type NatsCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly user: string; readonly password: Secret }
  | { readonly kind: 'nkey'; readonly seed: Secret }
  | { readonly kind: 'creds'; readonly file: Secret };

/** Where NATS is and how to get in. */
export interface NatsConfig {
  /** One or more URLs, `nats://` or `tls://`. */
  readonly servers: readonly string[];
  readonly credentials: NatsCredentials;
  /** Path of a PEM file with the authorities that the servers' certificates end at. */
  readonly caFile?: string;
}

/** Where the documents of a service are kept. */
export type StoreConfig = { readonly kind: 'nats' } | { readonly kind: 'mongodb'; readonly url: Secret };

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** The part of a configuration that every service has. */
export interface RuntimeConfig {
  readonly nats: NatsConfig;
  /** First token of every subject, first part of every stream's name. */
  readonly prefix: string;
  readonly store: StoreConfig;
  /** Health and metrics. */
  readonly http: ListenAddress;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** OTLP over HTTP, e.g. `http://collector:4318`; absent: spans are made but exported nowhere. */
  readonly otlpEndpoint?: string;
  /** Names this replica in logs and traces. */
  readonly instance: string;
  /** Messages handled at once by this replica. */
  readonly concurrency: number;
}
