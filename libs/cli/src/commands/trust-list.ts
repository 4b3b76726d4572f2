import { Command } from 'commander';
import { ca, trustListLevels, type ParsedReplyOf, type TrustListView } from '@certlane/contracts';
import { eachPage } from '../bus.js';
import { certificatesFrom } from '../input/certificate-file.js';
import { invalid } from '../input/invalid.js';
import { inOptions, type Written } from '../input/option-names.js';
import { octetsFrom } from '../input/read-file.js';
import { trustListNameFrom, webAddressFrom } from '../input/trust-list-options.js';
import { choiceFrom } from '../input/values.js';
import { trustListTable, trustListView } from '../output/trust-list-view.js';
import { READING_EXITS } from '../output/reading-outcome.js';
import { printable } from '../output/style.js';
import { CONTENT_OCTETS, putContent } from '../station/put-content.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';
import { removeTrustListCommand } from './trust-list-remove.js';
import { signerCommands } from './trust-list-signer.js';
import { FETCH_MS, taken, tried } from './trust-list-report.js';

interface AddOptions {
  readonly url?: string;
  readonly file?: string;
  readonly signer?: readonly string[];
  readonly level: string;
}

const NAME = 'its name here';

/** `certlane tsl …`: lists of authorities that somebody else keeps and signs (ETSI TS 102 231). */
export function trustListCommands(host: Host): Command {
  const group = new Command('tsl').description('trust lists: authorities that somebody else keeps and signs');
  withExitStatus(
    withExamples(
      group
        .command('add')
        .description('follow a trust list, read at an address or given as a file; its signer is pinned')
        .argument('<NAME>', 'how it is to be named here: lower-case letters, digits and hyphens')
        .option('--url <URL>', 'where it is read, now and from then on')
        .option('--file <FILE>', 'the list itself; newer editions are imported by hand')
        .option(
          '--signer <FILE...>',
          'certificates that may sign it; unless given, the signer of the first list is pinned',
        )
        .option(
          '--level <LEVEL>',
          `${trustListLevels.join(', ')}: trust also what authorities below a listed one issued, or only what it issued itself`,
          'oftp2',
        )
        .action(host.action(add)),
      'tsl add odette --url https://www.example.com/tsl.xml --signer tsl-signer.pem',
      'tsl add odette --file tsl.xml --level basic',
    ),
    READING_EXITS,
  );
  withExitStatus(
    withExamples(
      group
        .command('set')
        .description('read a trust list at another address from now on; its signers and the edition in use stay')
        .argument('<NAME>', NAME)
        .requiredOption('--url <URL>', 'where it is read, now and from then on')
        .action(host.action(set)),
      'tsl set odette --url https://www.example.com/lists/tsl.xml',
    ),
    READING_EXITS,
  );
  withExamples(
    group.command('list').description('the trust lists that are followed').action(host.action(list)),
    'tsl list',
  );
  withExamples(
    group
      .command('show')
      .description('one trust list: its state, its signers, its authorities, and what on it is broken')
      .argument('<NAME>', NAME)
      .action(host.action(show)),
    'tsl show odette',
  );
  withExitStatus(
    withExamples(
      group
        .command('refresh')
        .description('read a trust list at its address now')
        .argument('<NAME>', NAME)
        .action(host.action(refresh)),
      'tsl refresh odette',
    ),
    READING_EXITS,
  );
  withExamples(
    group
      .command('import')
      .description('take a newer edition of a trust list from a file')
      .argument('<NAME>', NAME)
      .argument('<FILE>', 'the list, as its operator published it (XML)')
      .action(host.action(importEdition)),
    'tsl import odette tsl.xml',
  );
  group.addCommand(removeTrustListCommand(host));
  group.addCommand(signerCommands(host));
  return group;
}

async function add(context: Context, given: string, options: AddOptions): Promise<Report> {
  const name = trustListNameFrom(given);
  const level = choiceFrom(options.level, '--level', trustListLevels);
  if ((options.url === undefined) === (options.file === undefined)) {
    throw invalid('--url, --file', undefined, 'choose one: --url where it is read, or --file with the list itself');
  }
  const url = options.url === undefined ? undefined : webAddressFrom(options.url, '--url');
  const octets = options.file === undefined ? undefined : await listFrom(context, options.file, '--file');
  const signers = await Promise.all(
    (options.signer ?? []).map((file) => certificatesFrom(context.path(file), '--signer', file)),
  );
  if (signers.flat().length > SIGNERS) {
    const problem = `${signers.flat().length} certificates are given, ${SIGNERS} at most; name those that sign it now`;
    throw invalid('--signer', undefined, problem);
  }
  const bus = await context.bus();
  if (url !== undefined) context.progress(`reading ${url} …`);
  const content =
    octets === undefined ? {} : { content: await handOver(context, octets, '--file', options.file ?? '') };
  const reply = await bus
    .request(
      ca.trustListAdd,
      {
        name,
        level,
        ...(url === undefined ? {} : { url }),
        ...content,
        signers: signers.flat().map(({ base64 }) => base64),
      },
      { timeoutMs: FETCH_MS },
    )
    .catch((thrown: unknown) => {
      throw inOptions(thrown, writtenFor(given, options));
    });
  const done = `Trust list ${name} is followed`;
  return url === undefined ? taken(context, reply.trustList, done) : tried(context, reply, done);
}

async function set(context: Context, given: string, options: { readonly url: string }): Promise<Report> {
  const name = trustListNameFrom(given);
  const url = webAddressFrom(options.url, '--url');
  const bus = await context.bus();
  context.progress(`reading ${url} …`);
  const reply = await bus.request(ca.trustListSet, { name, url }, { timeoutMs: FETCH_MS });
  return tried(context, reply, `Trust list ${name} is followed at ${printable(url)}`);
}

function writtenFor(name: string, { file, signer = [] }: AddOptions): Record<string, Written> {
  const each = Array.from({ length: SIGNERS }, (_, index) => [`signers.${index}`, { option: '--signer' }] as const);
  return {
    name: { option: 'NAME', value: name },
    content: { option: '--file', ...(file === undefined ? {} : { value: file }) },
    signers: { option: '--signer', value: signer.join(' ') },
    ...Object.fromEntries(each),
  };
}

/** A list is signed with one key at a time; another is there for the roll-over. */
const SIGNERS = 4;

async function list(context: Context): Promise<Report> {
  const { trustLists } = await (await context.bus()).request(ca.trustListList, {});
  return { data: { trustLists }, text: trustListTable(context.style, trustLists) };
}

async function show(context: Context, given: string): Promise<Report> {
  const name = trustListNameFrom(given);
  const bus = await context.bus();
  const authorities: ParsedReplyOf<typeof ca.trustListGet>['authorities'] = [];
  let trustList: TrustListView | undefined;
  for await (const page of eachPage(bus, ca.trustListGet, { name, limit: 500 })) {
    trustList ??= page.trustList;
    authorities.push(...page.authorities);
  }
  if (trustList === undefined) throw new TypeError('ca-store replied without the trust list');
  return { data: { trustList, authorities }, text: trustListView(context.style, trustList, authorities) };
}

async function refresh(context: Context, given: string): Promise<Report> {
  const name = trustListNameFrom(given);
  const bus = await context.bus();
  context.progress(`reading trust list ${name} …`);
  const reply = await bus.request(ca.trustListRefresh, { name }, { timeoutMs: FETCH_MS });
  const isRead = !reply.queued && reply.trustList.lastTry?.ok === true;
  return tried(context, reply, `Trust list ${name} ${isRead ? 'was read' : 'is followed'}`);
}

async function importEdition(context: Context, given: string, file: string): Promise<Report> {
  const name = trustListNameFrom(given);
  const octets = await listFrom(context, file, 'FILE');
  const bus = await context.bus();
  const content = await handOver(context, octets, 'FILE', file);
  const { trustList } = await bus
    .request(ca.trustListImport, { name, content }, { timeoutMs: FETCH_MS })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, { content: { option: 'FILE', value: file } });
    });
  return taken(context, trustList, `Trust list ${name} was imported`);
}

/** A tag is the first thing in it, maybe behind a byte order mark; in UTF-16 each of its octets has a zero beside it. */
const XML = /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?[\s\0]*</;

async function listFrom(context: Context, file: string, field: string): Promise<Buffer> {
  const octets = await octetsFrom(context.path(file), field, file, CONTENT_OCTETS);
  if (octets.length === 0) throw invalid(field, file, 'the file is empty; give the list as its operator published it');
  if (XML.test(octets.subarray(0, 64).toString('latin1'))) return octets;
  throw invalid(field, file, 'the file is no XML; give the list as its operator published it');
}

async function handOver(context: Context, octets: Buffer, field: string, shown: string): Promise<string> {
  return putContent(await context.bus(), octets, { field, shown }, (text) => context.progress(text));
}
