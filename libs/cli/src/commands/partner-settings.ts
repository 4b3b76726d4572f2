import { Command, Option } from 'commander';
import { registry, type Partner } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { invalid } from '../input/invalid.js';
import { secretFrom, sessionPassword } from '../input/password.js';
import { choiceFrom, hostFrom, odetteIdFrom, portFrom } from '../input/values.js';
import { reachedAt } from '../output/partner-view.js';
import { shellWord } from '../output/words.js';
import { sealSecret } from '../station/seal.js';
import { resolvePartner, resolveStation } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** Options that `partner add` and `partner set` share, as commander gives them. */
interface SettingsOptions {
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

/** `certlane partner add`, `certlane partner set` */
export function partnerSettingsCommands(host: Host): Command[] {
  const add = settings(
    new Command('add')
      .description('add a partner of a station; without --host it calls us')
      .requiredOption('--id <ODETTE-ID>', "the partner's identification code (SSID)"),
  ).action(host.action(addPartner));
  // commander takes an option's default from `--no-…` where that one is declared first: the settings come before.
  const set = settings(
    new Command('set')
      .description('change settings of a partner; what is left out stays')
      .argument('<PARTNER>', 'its Odette ID'),
  )
    .option('--no-host', 'the partner calls us: forget how to reach it')
    .option('--no-our-password', "send the station's password again")
    .option('--no-acx', 'no automatic exchange of certificates')
    .option('--no-secure-authentication', 'sessions without secure authentication')
    .option('--no-tls-client-authentication', 'ask the partner for no TLS client certificate')
    .action(host.action(setPartner));
  return [
    withExamples(
      add,
      'partner add --station O0013000000ACME --id O0177BETA --password BETA1 --host oftp.beta.example --acx --secure-authentication',
      'partner add --id O0177GAMMA --password-file gamma.pass --acx --secure-authentication',
    ),
    withExamples(set, 'partner set O0177BETA --port 6620', 'partner set O0177BETA --no-acx'),
  ];
}

function settings(command: Command): Command {
  return command
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
}

async function addPartner(context: Context, options: SettingsOptions & { readonly id: string }): Promise<Report> {
  const id = odetteIdFrom(options.id, '--id');
  const connection = connectionOf(options, null);
  const passwords = await passwordsOf(context, options);
  if (passwords.partner === undefined) {
    throw invalid(
      '--password',
      undefined,
      'the partner must have a password to send; give --password or --password-file',
    );
  }
  const bus = await context.bus();
  const station = await resolveStation(bus, options.station);
  const { partner } = await bus.request(registry.partnerAdd, {
    station,
    id,
    ...(await sealed(bus, { station, partner: id }, passwords)),
    password: await sealSecret(bus, passwords.partner, `partner-password:${station}:${id}`),
    connection,
    ...switches(options),
    ...challengeOf(options, { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' }),
  });
  const next = `certlane partner identify ${shellWord(id)} --subject CN --issuer ISSUER --usage all`;
  return {
    data: { partner },
    text: `Partner ${id} of station ${station} added. Say which certificate to expect: ${next}`,
  };
}

async function setPartner(context: Context, given: string, options: SettingsOptions): Promise<Report> {
  const passwords = await passwordsOf(context, options);
  if (options.ourPassword === false && passwords.ours !== undefined) {
    throw invalid('--no-our-password', undefined, 'it contradicts --our-password-file; leave one of them out');
  }
  const touchesConnection = [options.host, options.port, options.tls, options.tcp].some((value) => value !== undefined);
  const touchesChallenge = (options.challengeCipher ?? options.challengeKeyTransport) !== undefined;
  if (touchesConnection && options.host !== undefined) connectionOf(options, null);
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner: before } = await bus.request(registry.partnerGet, ref);
  const change = {
    ...(await sealed(bus, ref, passwords)),
    ...(options.ourPassword === false ? { ourPassword: null } : {}),
    ...(touchesConnection ? { connection: connectionOf(options, before.connection) } : {}),
    ...switches(options),
    ...(touchesChallenge ? challengeOf(options, before.challenge) : {}),
  };
  if (Object.keys(change).length === 0) {
    throw invalid('partner set', undefined, 'nothing to change was named; see certlane partner set --help');
  }
  const { partner } = await bus.request(registry.partnerSet, { ...ref, ...change });
  return {
    data: { partner },
    text: `Partner ${ref.partner} of station ${ref.station}: ${changeWords(Object.keys(change), partner)}.`,
  };
}

/** What was set, in the words of `partner show`. */
function changeWords(names: readonly string[], partner: Partner): string {
  const { challenge } = partner;
  const words: Readonly<Record<string, string>> = {
    password: 'the password it sends is set',
    ourPassword: partner.hasOwnPassword ? 'we send it a password of its own' : "we send it the station's password",
    connection: partner.connection === null ? 'it calls us' : `reached at ${reachedAt(partner.connection)}`,
    acx: `automatic exchange ${partner.acx ? 'on' : 'off'}`,
    secureAuthentication: `secure authentication ${partner.secureAuthentication ? 'required' : 'off'}`,
    tlsClientAuthentication: `TLS client certificate ${partner.tlsClientAuthentication ? 'required' : 'not asked for'}`,
    challenge: `challenges ${challenge.cipher}, ${challenge.keyTransport}`,
  };
  return names.map((name) => words[name] ?? name).join('; ');
}

function connectionOf(options: SettingsOptions, before: Connection | null): Connection | null {
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

function challengeOf(options: SettingsOptions, before: Challenge): { challenge: Challenge } {
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

function switches({ acx, secureAuthentication, tlsClientAuthentication }: SettingsOptions) {
  return {
    ...(acx === undefined ? {} : { acx }),
    ...(secureAuthentication === undefined ? {} : { secureAuthentication }),
    ...(tlsClientAuthentication === undefined ? {} : { tlsClientAuthentication }),
  };
}

interface Passwords {
  readonly partner: string | undefined;
  readonly ours: string | undefined;
}

async function passwordsOf(context: Context, options: SettingsOptions): Promise<Passwords> {
  const partner = await secretFrom(context.terminal, {
    name: 'password',
    value: options.password,
    file: options.passwordFile,
  });
  if (options.passwordFile === '-' && options.ourPasswordFile === '-') {
    throw invalid('--our-password-file', '-', 'standard input holds --password already; name a file for the other one');
  }
  const ours = await secretFrom(context.terminal, {
    name: 'our-password',
    value: options.ourPassword === false ? undefined : options.ourPassword,
    file: options.ourPasswordFile,
  });
  if (partner !== undefined) sessionPassword(partner, '--password');
  if (ours !== undefined) sessionPassword(ours, '--our-password');
  return { partner, ours };
}

async function sealed(bus: Bus, ref: { readonly station: string; readonly partner: string }, passwords: Passwords) {
  const owner = `${ref.station}:${ref.partner}`;
  return {
    ...(passwords.partner === undefined
      ? {}
      : { password: await sealSecret(bus, passwords.partner, `partner-password:${owner}`) }),
    ...(passwords.ours === undefined
      ? {}
      : { ourPassword: await sealSecret(bus, passwords.ours, `our-password:${owner}`) }),
  };
}
