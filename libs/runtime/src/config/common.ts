import { DEFAULT_PREFIX } from '@certlane/contracts';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { NatsCredentials, RuntimeConfig, StoreConfig } from './runtime-config.js';
import { Secret } from './secret.js';
import { listenAddress, secretFile, wholeNumber } from './settings.js';

const natsUrl = /^(?:nats|tls):\/\/[^\s/@,]+$/;
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The keys every service has, in the order `docs/configuration.md` lists them. */
export const commonShape = {
  /** One or more servers, comma between them. */
  CERTLANE_NATS_URL: z
    .string({ error: 'is missing' })
    .refine((text) => text.split(',').every((url) => natsUrl.test(url)), {
      error: 'must be nats://host:port or tls://host:port, several with commas between; credentials go into files',
    }),
  CERTLANE_NATS_USER: z.string().optional(),
  CERTLANE_NATS_PASSWORD_FILE: secretFile().optional(),
  CERTLANE_NATS_NKEY_FILE: secretFile().optional(),
  CERTLANE_NATS_CREDS_FILE: secretFile().optional(),
  CERTLANE_NATS_CA_FILE: z.string().optional(),
  CERTLANE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, {
      error: 'must be 1 to 32 lower-case letters, digits and hyphens, a letter first',
    })
    .optional(),
  /** `nats:`, or `mongodb://…` without credentials. */
  CERTLANE_STORE_URL: z
    .string()
    .regex(/^(?:nats:|mongodb(?:\+srv)?:\/\/[^@]+)$/, {
      error:
        "must be 'nats:' or mongodb://…; a URL with credentials goes into the file that CERTLANE_STORE_URL_FILE names",
    })
    .optional(),
  CERTLANE_STORE_URL_FILE: secretFile().optional(),
  CERTLANE_HTTP_LISTEN: listenAddress().optional(),
  CERTLANE_LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).optional(),
  CERTLANE_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional(),
  CERTLANE_INSTANCE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, dots, hyphens and underscores' })
    .optional(),
  /** Messages handled at once by this replica. */
  CERTLANE_CONCURRENCY: wholeNumber(1, 4096).optional(),
};

/** What the environment gave, parsed key by key. */
export type CommonValues = z.output<z.ZodObject<typeof commonShape>>;

/** A key and what is wrong with it, for rules over several keys. */
export interface Complaint {
  readonly key: string;
  readonly message: string;
}

/** The common part as services use it, or what is wrong with it. */
export function toRuntimeConfig(values: CommonValues): RuntimeConfig | Complaint {
  const credentials = credentialsOf(values);
  if ('key' in credentials) return credentials;
  const store = storeOf(values);
  if ('key' in store) return store;
  return {
    nats: {
      servers: values.CERTLANE_NATS_URL.split(','),
      credentials,
      ...(values.CERTLANE_NATS_CA_FILE === undefined ? {} : { caFile: values.CERTLANE_NATS_CA_FILE }),
    },
    prefix: values.CERTLANE_PREFIX ?? DEFAULT_PREFIX,
    store,
    http: values.CERTLANE_HTTP_LISTEN ?? { host: '127.0.0.1', port: 0 },
    logLevel: values.CERTLANE_LOG_LEVEL ?? 'info',
    ...(values.CERTLANE_OTLP_ENDPOINT === undefined ? {} : { otlpEndpoint: values.CERTLANE_OTLP_ENDPOINT }),
    instance: values.CERTLANE_INSTANCE ?? `${hostname()}-${process.pid}`,
    concurrency: values.CERTLANE_CONCURRENCY ?? 64,
  };
}

function credentialsOf(values: CommonValues): NatsCredentials | Complaint {
  const user = values.CERTLANE_NATS_USER;
  const password = values.CERTLANE_NATS_PASSWORD_FILE;
  const given = [
    password && 'CERTLANE_NATS_PASSWORD_FILE',
    values.CERTLANE_NATS_NKEY_FILE && 'CERTLANE_NATS_NKEY_FILE',
    values.CERTLANE_NATS_CREDS_FILE && 'CERTLANE_NATS_CREDS_FILE',
  ].filter((key) => key !== undefined);
  if (given.length > 1) return { key: given.join(', '), message: 'exclude each other: set one of them' };
  if (password !== undefined && user !== undefined) return { kind: 'password', user, password };
  if (password !== undefined)
    return { key: 'CERTLANE_NATS_USER', message: 'is missing beside CERTLANE_NATS_PASSWORD_FILE' };
  if (user !== undefined)
    return { key: 'CERTLANE_NATS_PASSWORD_FILE', message: 'is missing beside CERTLANE_NATS_USER' };
  if (values.CERTLANE_NATS_NKEY_FILE !== undefined) return { kind: 'nkey', seed: values.CERTLANE_NATS_NKEY_FILE };
  if (values.CERTLANE_NATS_CREDS_FILE !== undefined) return { kind: 'creds', file: values.CERTLANE_NATS_CREDS_FILE };
  return { kind: 'none' };
}

function storeOf(values: CommonValues): StoreConfig | Complaint {
  const { CERTLANE_STORE_URL: url, CERTLANE_STORE_URL_FILE: file } = values;
  if (url !== undefined && file !== undefined) {
    return { key: 'CERTLANE_STORE_URL, CERTLANE_STORE_URL_FILE', message: 'exclude each other: set one of them' };
  }
  if (file !== undefined) {
    return /^mongodb(?:\+srv)?:\/\//.test(file.reveal())
      ? { kind: 'mongodb', url: file }
      : { key: 'CERTLANE_STORE_URL_FILE', message: 'names a file that holds no mongodb:// URL' };
  }
  return url === undefined || url === 'nats:' ? { kind: 'nats' } : { kind: 'mongodb', url: new Secret(url) };
}
