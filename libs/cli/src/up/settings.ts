import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { invalid } from '../input/invalid.js';
import { networksFrom } from '../input/networks.js';

/** A port to listen on: a number, any free one, or none. */
export type PortChoice = number | 'auto' | 'none';

/** What `certlane up` was asked for, checked. */
export interface UpSettings {
  readonly tcp: PortChoice;
  readonly tls: PortChoice;
  readonly address: string;
  /** A running NATS to use; absent: start one, unless the folder was set up with another. */
  readonly nats: string | undefined;
  /** Folder with `<user>.password` for a NATS that asks for passwords. */
  readonly natsPasswords: string | undefined;
  readonly natsCa: string | undefined;
  /** Absent: as the folder was set up, `certlane` at first. */
  readonly prefix: string | undefined;
  /** `nats:` or a MongoDB URL; absent: as the folder was set up, `nats:` at first. */
  readonly store: string | undefined;
  /** File with the sealing key; absent: one in the data folder, made once. */
  readonly keyFile: string | undefined;
  /** Networks that lists may be fetched from although they are not public; absent: as before, none at first. */
  readonly fetchAllow: readonly string[] | undefined;
}

/** Options of `certlane up` as commander gives them. */
export interface UpOptions {
  readonly tcpPort: string;
  readonly tlsPort: string;
  readonly listen: string;
  readonly nats?: string;
  readonly natsPasswords?: string;
  readonly natsCa?: string;
  readonly prefix?: string;
  readonly store?: string;
  readonly keyFile?: string;
  readonly fetchAllow?: readonly string[];
}

/**
 * Checks the options of `certlane up`.
 * @param workingFolder what paths are relative to
 * @throws {CertlaneError} `invalid-argument`
 */
export function upSettings(options: UpOptions, workingFolder: string): UpSettings {
  const path = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : resolve(workingFolder, file);
  if (isIP(options.listen) === 0) {
    throw invalid(
      '--listen',
      options.listen,
      'give an IP address of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all of them',
    );
  }
  const tcp = portChoice(options.tcpPort, '--tcp-port');
  const tls = portChoice(options.tlsPort, '--tls-port');
  if (tcp === tls && typeof tcp === 'number') {
    throw invalid(
      '--tcp-port',
      options.tcpPort,
      '--tls-port has the same number; choose another, or 0 for not listening',
    );
  }
  return {
    tcp,
    tls,
    address: options.listen,
    nats: options.nats === undefined ? undefined : natsUrl(options.nats),
    natsPasswords: path(options.natsPasswords),
    natsCa: path(options.natsCa),
    prefix: options.prefix === undefined ? undefined : subjectPrefix(options.prefix),
    store: options.store === undefined ? undefined : storeUrl(options.store),
    keyFile: path(options.keyFile),
    fetchAllow: options.fetchAllow === undefined ? undefined : networksFrom(options.fetchAllow, '--fetch-allow'),
  };
}

function portChoice(text: string, field: string): PortChoice {
  if (text === 'auto') return 'auto';
  if (text === '0') return 'none';
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw invalid(field, text, 'give a port from 1 to 65535, 0 for not listening, or auto for any free port');
}

function natsUrl(text: string): string {
  if (text.split(',').every((url) => /^(?:nats|tls):\/\/[^\s/@,]+$/.test(url))) return text;
  // A URL with a password in it must not be repeated.
  throw invalid(
    '--nats',
    text.includes('@') ? undefined : text,
    'write nats://host:port or tls://host:port; passwords go into files, see --nats-passwords',
  );
}

function subjectPrefix(text: string): string {
  if (/^[a-z][a-z0-9-]{0,31}$/.test(text)) return text;
  throw invalid('--prefix', text, 'use 1 to 32 lower-case letters, digits and hyphens, a letter first');
}

/** One @ only: with another one nobody could say where the password ends, and sentences repeat what stands behind it. */
const MONGODB_URL = /^mongodb(?:\+srv)?:\/\/(?:[^\s/@?#]+@)?[^\s/@?#]+(?:\/[^\s@]*)?$/;

function storeUrl(text: string): string {
  if (text === 'nats:' || MONGODB_URL.test(text)) return text;
  const remedy = 'write nats: or mongodb://host/database, in a user or password /, ?, # and @ as %2F, %3F, %23 and %40';
  throw invalid('--store', text.includes('@') ? undefined : text, remedy);
}
