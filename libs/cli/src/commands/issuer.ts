import { Command } from 'commander';
import { ca, type Issuer, type ParsedReplyOf } from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { certificatesFrom } from '../input/certificate-file.js';
import { inOptions } from '../input/option-names.js';
import { CERTIFICATE_HEADINGS, certificateCells } from '../output/certificate-rows.js';
import { printable } from '../output/style.js';
import { table } from '../output/table.js';
import { count, moment, short } from '../output/words.js';
import { resolveIssuer } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** `certlane issuer …`: the authorities whose certificates we are willing to trust. */
export function issuerCommands(host: Host): Command {
  const group = new Command('issuer').description('authorities whose certificates we are willing to trust');
  withExamples(
    group
      .command('add')
      .description('install authorities; a file may hold several certificates')
      .argument('<FILE...>', 'certificate files: PEM, DER, or certificates-only CMS')
      .action(host.action(add)),
    'issuer add root.pem oftp2-authority.pem',
  );
  withExamples(group.command('list').description('all installed authorities').action(host.action(list)), 'issuer list');
  withExamples(
    group
      .command('remove')
      .description('take an authority out: nothing below it is trusted from then on')
      .argument('<ID>', 'beginning of its fingerprint, or its common name')
      .action(host.action(remove)),
    "issuer remove 'Example OFTP2 Authority'",
  );
  return group;
}

async function add(context: Context, files: readonly string[]): Promise<Report> {
  const read = await Promise.all(
    files.map(async (file) =>
      (await certificatesFrom(context.path(file), 'FILE', file)).map(({ base64 }) => ({ file, base64 })),
    ),
  );
  const bus = await context.bus();
  const issuers: Installed = [];
  // A file that is named twice, or two that hold the same authority, install it once.
  const each = new Map(read.flat().map((one) => [one.base64, one]));
  for (const some of portions([...each.values()])) issuers.push(...(await install(bus, some)));
  const lines = issuers.map(
    (issuer) =>
      `${short(issuer.fingerprint)}  ${printable(issuer.subject)}${issuer.added ? '' : context.style.faint('  (was installed already)')}`,
  );
  const added = issuers.filter((issuer) => issuer.added).length;
  return { data: { issuers }, text: [`${count(added, 'issuer')} installed.`, ...lines].join('\n') };
}

interface Read {
  readonly file: string;
  readonly base64: string;
}

type Installed = ParsedReplyOf<typeof ca.issuerAdd>['issuers'];

/** What one request installs: far below what it may carry, since the reply shows subjects and issuers too. */
const PORTION = { certificates: 64, characters: 200_000 };

/** Cuts a long list, in its order, into what one request each installs. */
function portions(read: readonly Read[]): Read[][] {
  const all: Read[][] = [];
  let characters = Infinity;
  for (const one of read) {
    const open = all.at(-1);
    characters += one.base64.length;
    if (open !== undefined && open.length < PORTION.certificates && characters <= PORTION.characters) open.push(one);
    else {
      all.push([one]);
      characters = one.base64.length;
    }
  }
  return all;
}

async function install(bus: Bus, read: readonly Read[]): Promise<Installed> {
  try {
    return (await bus.request(ca.issuerAdd, { certificates: read.map(({ base64 }) => base64) })).issuers;
  } catch (thrown) {
    const fields = read.map(({ file }, index) => [`certificates.${index}`, { option: 'FILE', value: file }] as const);
    throw inOptions(thrown, Object.fromEntries(fields));
  }
}

async function list(context: Context): Promise<Report> {
  const issuers = (await everyEntry(await context.bus(), ca.issuerList, { limit: 500 }, (page) => page.issuers)).sort(
    bySubject,
  );
  const rows = issuers.map((issuer) => [
    ...certificateCells(issuer),
    issuer.selfSigned ? 'root' : 'authority',
    moment(issuer.addedAt),
  ]);
  const headings = ['ID', ...CERTIFICATE_HEADINGS.slice(1), 'KIND', 'INSTALLED'];
  return { data: { issuers }, text: table(context.style, headings, rows, 'no issuer installed yet') };
}

/** By subject, then the newest first, as a person looks for them. */
function bySubject(a: Issuer, b: Issuer): number {
  return a.subject.localeCompare(b.subject) || b.notBefore.localeCompare(a.notBefore);
}

async function remove(context: Context, id: string): Promise<Report> {
  const bus = await context.bus();
  const issuer = await resolveIssuer(bus, id, 'ID');
  await bus.request(ca.issuerRemove, { fingerprint: issuer.fingerprint });
  return {
    data: { removed: issuer },
    text: `${printable(issuer.subject)} removed: certificates below it are not trusted any more.`,
  };
}
