import { loadConfig, wholeNumber, type RuntimeConfig } from '@certlane/runtime';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { networkList } from './adapters/bounded-fetch/addresses.js';
import { usualRefresh, type RefreshSettings } from './domain/refresh/settings.js';

/** How lists that others publish are read. */
export interface ListSettings {
  readonly refresh: RefreshSettings;
  /** Networks that may be fetched from although they are not public. */
  readonly fetchAllow: readonly string[];
  /** Authorities that https servers are trusted by beside those of the system, PEM. */
  readonly fetchAuthorities: readonly string[];
  /** The longest that one fetch may take, redirects included. */
  readonly fetchMs: number;
}

/** Everything ca-store is told about itself. */
export interface CaStoreConfig extends RuntimeConfig {
  /** Absent: as usual. */
  readonly lists?: ListSettings;
}

/** What holds unless it is set. */
export const usualLists: ListSettings = {
  refresh: usualRefresh,
  fetchAllow: [],
  fetchAuthorities: [],
  fetchMs: 60_000,
};

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAYS_OF_A_YEAR = 366;
const HOURS_OF_A_WEEK = 168;
const MAX_AUTHORITY_OCTETS = 4_194_304;

/** Networks with commas between. */
const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .refine(areNetworks, { error: 'must be networks such as 10.1.0.0/16 or fd00::/8, with commas between' })
  .optional();

function areNetworks(all: readonly string[]): boolean {
  try {
    networkList(all);
    return true;
  } catch {
    return false;
  }
}

/** A file with certificates in PEM: no secret, but read at once, so that a wrong path stops the service and not a fetch. */
const authorityFile = z
  .string()
  .transform((path, context) => {
    const pem = readAuthorities(path);
    if (typeof pem !== 'string') return pem;
    context.addIssue({ code: 'custom', message: pem });
    return z.NEVER;
  })
  .optional();

function readAuthorities(path: string): readonly string[] | string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    return `names a file that cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
  if (text.length > MAX_AUTHORITY_OCTETS) return `names a file of more than ${MAX_AUTHORITY_OCTETS} octets`;
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return found ?? 'names a file without a certificate in PEM';
}

/** The variables of ca-store, each with its bounds and what holds unless told. */
export const caStoreVariables = {
  CERTLANE_CRL_REFRESH_HOURS: wholeNumber(1, HOURS_OF_A_WEEK).default(usualRefresh.listIntervalMs / HOUR),
  CERTLANE_CRL_MAX_AGE_DAYS: wholeNumber(1, DAYS_OF_A_YEAR).default(usualRefresh.listMaximumAgeDays),
  CERTLANE_TRUST_LIST_REFRESH_HOURS: wholeNumber(1, HOURS_OF_A_WEEK).default(usualRefresh.trustListIntervalMs / HOUR),
  CERTLANE_FETCH_ALLOW: networks,
  CERTLANE_FETCH_CA_FILE: authorityFile,
  CERTLANE_FETCH_SECONDS: wholeNumber(1, 600).default(usualLists.fetchMs / SECOND),
};

/**
 * The configuration of ca-store.
 * @throws {CertlaneError} `invalid-argument` naming each wrong key
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): CaStoreConfig {
  const { runtime, own } = loadConfig(caStoreVariables, env);
  return {
    ...runtime,
    lists: {
      refresh: {
        listIntervalMs: own.CERTLANE_CRL_REFRESH_HOURS * HOUR,
        listMaximumAgeDays: own.CERTLANE_CRL_MAX_AGE_DAYS,
        trustListIntervalMs: own.CERTLANE_TRUST_LIST_REFRESH_HOURS * HOUR,
      },
      fetchAllow: own.CERTLANE_FETCH_ALLOW ?? [],
      fetchAuthorities: own.CERTLANE_FETCH_CA_FILE ?? [],
      fetchMs: own.CERTLANE_FETCH_SECONDS * SECOND,
    },
  };
}
