import { Option, type Command } from 'commander';
import type { Partner } from '@certlane/contracts';
import { invalid } from './invalid.js';
import { withTrustOptions, type TrustOptions } from './trust-options.js';
import { choiceFrom, hostFrom, portFrom } from './values.js';

/** Options that `partner add` and `partner set` share, as commander gives them. */
export interface SettingsOptions extends TrustOptions {
  readonly station?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  /** `false`: `--no-our-password`. */
  readonly ourPassword?: string | false;
  readonly ourPasswordFile?: string;
  /** `false`: `--no-host`. */
  readonly host?: string | false;
  readonly port?: string;
  readonly tls?: boolean;
  readonly tcp?: boolean;
  readonly secureAuthentication?: boolean;
  readonly acx?: boolean;
  readonly tlsClientAuthentication?: boolean;
  readonly challengeCipher?: string;
  readonly challengeKeyTransport?: string;
}

const CIPHERS = ['aes-256', '3des'] as const;
const KEY_TRANSPORTS = ['rsaes-pkcs1-v1_5', 'rsaes-oaep'] as const;
const DEFAULT_PORT = { tls: 6619, tcp: 3305 } as const;

type Connection = NonNullable<Partner['connection']>;
type Challenge = Partner['challenge'];

/** Declares {@link SettingsOptions}; opposites (`--no-host`) are for the command to declare, last. */
export function withSettings(command: Command): Command {
  const declared = command
    .option('--station <ODETTE-ID>', 'our station; may be left out where only one comes into question')
    .option(
      '--password <PASSWORD>',
      'what the partner sends us as SSIDPSWD, 1 to 8 characters; others on this machine can see it',
    )
    .option('--password-file <FILE>', 'a file with that password in its first line, - for standard input')
    .option('--our-password <PASSWORD>', "what we send this partner, where it differs from the station's password")
    .option('--our-password-file <FILE>', 'a file with that password in its first line, - for standard input')
    .option('--host <NAME>', 'host name or address where we reach it')
    .option('--port <NUMBER>', 'TCP port there: 6619 with TLS, 3305 without, unless told')
    .addOption(new Option('--tls', 'call it over TLS (the default)').conflicts('tcp'))
    .option('--tcp', 'call it over plain TCP')
    .option('--secure-authentication', 'require secure authentication (RFC 5024 §3.3) in its sessions')
    .option('--acx', 'exchange certificates with it automatically (ACX, SCX, PDX)')
    .option('--tls-client-authentication', 'require a TLS client certificate that is on file for usage tls')
    .option('--challenge-cipher <CIPHER>', `cipher of challenges: ${CIPHERS.join(', ')}`)
    .option('--challenge-key-transport <SCHEME>', `key transport of challenges: ${KEY_TRANSPORTS.join(', ')}`);
  return withTrustOptions(declared);
}

/**
 * How to reach a partner.
 * @param before how it was reached so far
 * @throws {CertlaneError} `invalid-argument`
 */
export function connectionOf(options: SettingsOptions, before: Connection | null): Connection | null {
  if (options.host === false) {
    if ((options.port ?? options.tls ?? options.tcp) === undefined) return null;
    throw invalid('--no-host', undefined, 'a partner that calls us has no --port, --tls or --tcp; leave them out');
  }
  const chosen = options.tcp === true ? 'tcp' : options.tls === true ? 'tls' : undefined;
  const host = options.host === undefined ? before?.host : hostFrom(options.host, '--host');
  if (host === undefined) {
    if (options.port === undefined && chosen === undefined) return null;
    throw invalid(
      '--host',
      undefined,
      'say where to reach the partner too, or leave out --port, --tls and --tcp: then it calls us',
    );
  }
  const transport = chosen ?? before?.transport ?? 'tls';
  const kept = before?.transport === transport ? before.port : DEFAULT_PORT[transport];
  return { host, transport, port: options.port === undefined ? kept : portFrom(options.port, '--port') };
}

/**
 * How challenges are enveloped for a partner.
 * @throws {CertlaneError} `invalid-argument`
 */
export function challengeOf(options: SettingsOptions, before: Challenge): { challenge: Challenge } {
  const { challengeCipher: cipher, challengeKeyTransport: keyTransport } = options;
  return {
    challenge: {
      cipher: cipher === undefined ? before.cipher : choiceFrom(cipher, '--challenge-cipher', CIPHERS),
      keyTransport:
        keyTransport === undefined
          ? before.keyTransport
          : choiceFrom(keyTransport, '--challenge-key-transport', KEY_TRANSPORTS),
    },
  };
}

/** What is on or off; only what was named. */
export function switches({ acx, secureAuthentication, tlsClientAuthentication }: SettingsOptions) {
  return {
    ...(acx === undefined ? {} : { acx }),
    ...(secureAuthentication === undefined ? {} : { secureAuthentication }),
    ...(tlsClientAuthentication === undefined ? {} : { tlsClientAuthentication }),
  };
}

/** Options about sessions and connections that were named: a sub-station has neither. */
function sessionOptionsIn(options: SettingsOptions): string[] {
  return Object.entries(SESSION_OPTIONS).flatMap(([name, option]) => {
    const given = options[name as keyof typeof SESSION_OPTIONS];
    // What `--no-…` takes away a sub-station does not have.
    return given === undefined || given === false ? [] : [option];
  });
}

/**
 * Refuses options of sessions for a sub-station, which has none of its own.
 * @throws {CertlaneError} `invalid-argument` naming them
 */
export function refuseSessionOptions(options: SettingsOptions, via: string): void {
  const [first, ...more] = sessionOptionsIn(options);
  if (first === undefined) return;
  const problem = `a sub-station has no sessions of its own, those of ${via} serve it; leave this out`;
  throw invalid([first, ...more].join(', '), undefined, problem);
}

const SESSION_OPTIONS = {
  password: '--password',
  passwordFile: '--password-file',
  ourPassword: '--our-password',
  ourPasswordFile: '--our-password-file',
  host: '--host',
  port: '--port',
  tls: '--tls',
  tcp: '--tcp',
  secureAuthentication: '--secure-authentication',
  tlsClientAuthentication: '--tls-client-authentication',
  challengeCipher: '--challenge-cipher',
  challengeKeyTransport: '--challenge-key-transport',
  bypassDays: '--bypass-days',
  bypassAttempts: '--bypass-attempts',
  bypassAddress: '--bypass-address',
} as const satisfies Partial<Record<keyof SettingsOptions, string>>;
