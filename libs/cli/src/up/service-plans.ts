import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@certlane/contracts';
import { z } from 'zod';
import { COMPILE_CACHE } from '../compile-cache.js';
import type { LogFile } from './log-file.js';
import type { Preparation } from './preparation.js';
import type { ProcessPlan } from './supervised-process.js';

/** What a service says about itself when it is ready. */
export interface ServiceReady {
  /** Base URL of health and metrics. */
  readonly health: string;
  /** What it lacks although it runs. */
  readonly remark?: string;
}

const START_MS = 60_000;
const LOOK_MS = 50;
/** The gateway lets running sessions come to an end first. */
const STOP_MS = 15_000;

/** Variables of the person's that every service understands. */
const FOR_ALL = ['CERTLANE_LOG_LEVEL', 'CERTLANE_OTLP_ENDPOINT', 'CERTLANE_CONCURRENCY'];
/** Variables of the launcher and of this command: none of a service's business. */
const NOT_THEIRS = ['CERTLANE_DATA', 'CERTLANE_NODE', 'CERTLANE_CWD', 'CERTLANE_DEBUG', 'CERTLANE_LONG_TESTS'];
/** Variables of ca-store; whatever else there is belongs to the gateway, which says so where it knows one not. */
const OF_CA_STORE = [
  'CERTLANE_CRL_REFRESH_HOURS',
  'CERTLANE_CRL_MAX_AGE_DAYS',
  'CERTLANE_TRUST_LIST_REFRESH_HOURS',
  'CERTLANE_FETCH_ALLOW',
  'CERTLANE_FETCH_CA_FILE',
  'CERTLANE_FETCH_SECONDS',
];

/** How one service of the station is started. */
export function servicePlan(
  name: ServiceName,
  preparation: Preparation,
  natsUrl: string,
  log: LogFile,
  env: Readonly<Record<string, string | undefined>>,
): ProcessPlan<ServiceReady> {
  return {
    name,
    program: process.execPath,
    arguments: [servicePath(name)],
    env: {
      ...passedOn(name, env),
      ...busVariables(name, preparation, natsUrl),
      ...storeVariables(preparation),
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      CERTLANE_HTTP_LISTEN: '127.0.0.1:0',
      CERTLANE_INSTANCE: name,
      ...(name === 'session-gateway' ? gatewayVariables(preparation) : {}),
      ...(name === 'ca-store' ? caStoreVariables(preparation) : {}),
    },
    envAgain: ({ health }) => ({ CERTLANE_HTTP_LISTEN: new URL(health).host }),
    log,
    readyFrom: async (line, gone) => {
      const ready = readyLine(line);
      if (ready === undefined) return undefined;
      const remark = await healthy(ready.health, gone);
      return remark === undefined ? ready : { ...ready, remark };
    },
    stopSignal: 'SIGTERM',
    stopMilliseconds: STOP_MS,
    startMilliseconds: START_MS,
  };
}

/** The log line `ready` carries where health is served. */
function readyLine(line: string): ServiceReady | undefined {
  if (!line.startsWith('{') || !line.includes('"ready"')) return undefined;
  const { msg, http } = JSON.parse(line) as { msg?: unknown; http?: unknown };
  return msg === 'ready' && typeof http === 'string' ? { health: http } : undefined;
}

/**
 * A service that takes messages may still be reading what it needs to serve partners.
 * @returns what it lacks, where that is something an operator gives it while it runs
 */
async function healthy(url: string, gone: AbortSignal): Promise<string | undefined> {
  while (!gone.aborted) {
    const answer = await fetch(`${url}/health/ready`, { signal: gone }).catch(() => undefined);
    const report: unknown = await answer?.json().catch(() => undefined);
    if (answer?.ok === true) return undefined;
    const lacking = lackingIn(report);
    if (lacking !== undefined) return lacking;
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** A check that fails until an operator has done something: with the station down, nobody could. */
const FOR_THE_OPERATOR = 'trust-anchors';

const readiness = z.object({ checks: z.record(z.string(), z.string()) });

/** What is wrong with the one check that is for the operator, where all others pass. */
export function lackingIn(report: unknown): string | undefined {
  const parsed = readiness.safeParse(report);
  if (!parsed.success) return undefined;
  const failing = Object.entries(parsed.data.checks).filter(([, said]) => !/^ok(?::|$)/.test(said));
  const [first, ...more] = failing;
  return first?.[0] === FOR_THE_OPERATOR && more.length === 0 ? `${first[0]}: ${first[1]}` : undefined;
}

/** The services stand beside this package; a deployment that has them elsewhere starts them itself. */
function servicePath(name: ServiceName): string {
  const packageFolder = dirname(createRequire(import.meta.url).resolve('../../package.json'));
  return join(packageFolder, '..', '..', 'services', name, 'dist', 'main.js');
}

function passedOn(name: ServiceName, env: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('CERTLANE_') || isFor(name, key)));
}

function isFor(name: ServiceName, variable: string): boolean {
  if (FOR_ALL.includes(variable)) return true;
  if (OF_CA_STORE.includes(variable)) return name === 'ca-store';
  return name === 'session-gateway' && !NOT_THEIRS.includes(variable);
}

function busVariables(name: ServiceName, preparation: Preparation, natsUrl: string) {
  const password = preparation.passwordFiles[name];
  return {
    CERTLANE_NATS_URL: natsUrl,
    CERTLANE_PREFIX: preparation.prefix,
    ...(password === undefined ? {} : { CERTLANE_NATS_USER: name, CERTLANE_NATS_PASSWORD_FILE: password }),
    ...(preparation.settings.natsCa === undefined ? {} : { CERTLANE_NATS_CA_FILE: preparation.settings.natsCa }),
  };
}

function storeVariables({ store }: Preparation) {
  return {
    ...(store.url === undefined ? {} : { CERTLANE_STORE_URL: store.url }),
    ...(store.urlFile === undefined ? {} : { CERTLANE_STORE_URL_FILE: store.urlFile }),
  };
}

function gatewayVariables({ settings, sealingKeyFile, tcpPort, tlsPort }: Preparation) {
  return {
    CERTLANE_SEALING_KEY_FILE: sealingKeyFile,
    CERTLANE_LISTEN_ADDRESS: settings.address,
    CERTLANE_TCP_PORT: String(tcpPort ?? 0),
    CERTLANE_TLS_PORT: String(tlsPort ?? 0),
  };
}

function caStoreVariables({ fetchAllow }: Preparation) {
  return fetchAllow.length === 0 ? {} : { CERTLANE_FETCH_ALLOW: fetchAllow.join(',') };
}
