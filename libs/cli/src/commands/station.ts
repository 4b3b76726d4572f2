import { Command } from 'commander';
import { registry, type Station } from '@certlane/contracts';
import { everyEntry } from '../bus.js';
import { secretFrom, sessionPassword } from '../input/password.js';
import { invalid } from '../input/invalid.js';
import { hostFrom, odetteIdFrom } from '../input/values.js';
import { pairs, table } from '../output/table.js';
import { moment, short } from '../output/words.js';
import type { Style } from '../output/style.js';
import { sealSecret } from '../station/seal.js';
import { resolveStation } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface AddOptions {
  readonly id: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly host?: string;
}

/** `certlane station …`: our own Odette identities. */
export function stationCommands(host: Host): Command {
  const group = new Command('station').description('our own Odette identities');
  withExamples(
    group
      .command('add')
      .description('add an identity of ours')
      .requiredOption('--id <ODETTE-ID>', 'our identification code (SSID), 1 to 25 characters')
      .option(
        '--password <PASSWORD>',
        'what we send partners as SSIDPSWD, 1 to 8 characters; others on this machine can see it',
      )
      .option('--password-file <FILE>', 'a file with the password in its first line, - for standard input')
      .option('--host <NAME>', 'host name that partners dial; TLS tells our stations apart by it, so each has its own')
      .action(host.action(add)),
    'station add --id O0013000000ACME --password SECRET1 --host oftp.acme.example',
  );
  withExamples(
    group.command('list').description('all identities of ours').action(host.action(list)),
    'station list --json',
  );
  withExamples(
    group
      .command('show')
      .description('one identity with the certificates it uses')
      .argument('[ID]', 'Odette ID; may be left out where there is one station only')
      .action(host.action(show)),
    'station show O0013000000ACME',
  );
  return group;
}

async function add(context: Context, options: AddOptions): Promise<Report> {
  const id = odetteIdFrom(options.id, '--id');
  const name = options.host === undefined ? {} : { host: hostFrom(options.host, '--host') };
  const password = await secretFrom(context.terminal, {
    name: 'password',
    value: options.password,
    file: options.passwordFile,
  });
  if (password === undefined) {
    throw invalid(
      '--password',
      undefined,
      'a station needs the password it sends its partners; give --password or --password-file',
    );
  }
  sessionPassword(password, '--password');
  const bus = await context.bus();
  const { station } = await bus.request(registry.stationAdd, {
    id,
    password: await sealSecret(bus, password, `station-password:${id}`),
    ...name,
  });
  return {
    data: { station },
    text: `Station ${station.id} added. Next: give it a certificate with certlane certificate create or import.`,
  };
}

async function list(context: Context): Promise<Report> {
  const stations = await everyEntry(
    await context.bus(),
    registry.stationList,
    { limit: 1000 },
    (page) => page.stations,
  );
  const rows = stations.map((station) => [
    station.id,
    station.host ?? '-',
    station.active['session-authentication'] === undefined ? '-' : short(station.active['session-authentication']),
    moment(station.createdAt),
  ]);
  const headings = ['STATION', 'HOST', 'AUTHENTICATES WITH', 'ADDED'];
  return { data: { stations }, text: table(context.style, headings, rows, 'no station yet') };
}

async function show(context: Context, id: string | undefined): Promise<Report> {
  const bus = await context.bus();
  const { station } = await bus.request(registry.stationGet, { station: await resolveStation(bus, id, 'ID') });
  return { data: { station }, text: stationView(context.style, station) };
}

function stationView(style: Style, station: Station): string {
  const active = Object.entries(station.active).map(([usage, fingerprint]) => [usage, short(fingerprint)] as const);
  return [
    style.strong(`Station ${station.id}`),
    pairs(style, [
      ['Host', station.host ?? 'none: partners are told an address some other way'],
      ['Added', moment(station.createdAt)],
    ]),
    '',
    style.strong('Certificates in use'),
    active.length === 0 ? style.faint('none; certlane certificate activate chooses them') : pairs(style, active),
  ].join('\n');
}
