import { Command } from 'commander';
import { ca, type ParsedReplyOf } from '@certlane/contracts';
import { everyEntry } from '../bus.js';
import { inOptions } from '../input/option-names.js';
import { revocationListFrom } from '../input/revocation-list-file.js';
import { revocationListTable } from '../output/revocation-list-view.js';
import { printable, type Style } from '../output/style.js';
import {
  IMPORT_EXITS,
  READINGS_EXITS,
  readingExit,
  readingsOutcome,
  type ReadingOutcome,
} from '../output/reading-outcome.js';
import { count, moment } from '../output/words.js';
import { CONTENT_OCTETS, putContent } from '../station/put-content.js';
import { pickByPrefix } from '../station/resolve.js';
import { resolveIssuer } from '../station/resolve-issuer.js';
import { confirmed, YES } from './confirm.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';
import { FETCH_MS } from './trust-list-report.js';

/** `certlane crl …`: which certificates their authorities have revoked. */
export function revocationListCommands(host: Host): Command {
  const group = new Command('crl').description('revocation lists: which certificates their authorities have revoked');
  withExamples(
    group
      .command('list')
      .description('revocation lists and OCSP answers, and places where one should be; those that need a look first')
      .action(host.action(list)),
    'crl list',
  );
  withExitStatus(
    withExamples(
      group
        .command('refresh')
        .description('read revocation lists now: all, or those of one issuer; what takes longer goes on by itself')
        .argument('[ISSUER]', 'the authority: beginning of its fingerprint, its common name, or a file with it')
        .action(host.action(refresh)),
      'crl refresh',
      "crl refresh 'Example OFTP2 Authority'",
    ),
    READINGS_EXITS,
  );
  withExitStatus(
    withExamples(
      group
        .command('import')
        .description('take a revocation list from a file, where it cannot be read at its address')
        .argument('<FILE>', 'the list, in DER or PEM')
        .action(host.action(importList)),
      'crl import authority.crl',
    ),
    IMPORT_EXITS,
  );
  withExamples(
    group
      .command('remove')
      .description('take out a list that was imported, after a question; a newer import takes its place without this')
      .argument('<ID>', 'beginning of its id, as crl list shows it')
      .option(...YES)
      .action(host.action(remove)),
    'crl remove 3f9a1c',
    'crl remove 3f9a1c --yes',
  );
  return group;
}

async function list(context: Context): Promise<Report> {
  const bus = await context.bus();
  const all = await everyEntry(bus, ca.revocationListList, { limit: 500 }, (page) => page.revocationLists);
  const empty =
    'no revocation list yet: they are read as soon as a certificate says where its authority publishes them';
  return { data: { revocationLists: all }, text: revocationListTable(context.style, all, empty) };
}

async function refresh(context: Context, given: string | undefined): Promise<Report> {
  const bus = await context.bus();
  const issuer = given === undefined ? undefined : await resolveIssuer(bus, context.path(given), given, 'ISSUER');
  context.progress(`reading revocation lists${issuer === undefined ? '' : ` of ${printable(issuer.subject)}`} …`);
  const reply = await bus
    .request(ca.revocationListRefresh, issuer === undefined ? {} : { issuer: issuer.fingerprint }, {
      timeoutMs: FETCH_MS,
    })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, { issuer: { option: 'ISSUER', ...(given === undefined ? {} : { value: given }) } });
    });
  const { revocationLists, queued } = reply;
  const outcome = readingsOutcome(revocationLists, queued);
  const lines = [
    refreshedWords(context.style, reply),
    ...(revocationLists.length === 0 ? [] : [revocationListTable(context.style, revocationLists, '')]),
    ...(queued === 0
      ? []
      : [`${queued} ${queued === 1 ? 'goes' : 'go'} on in the background; certlane crl list tells what comes of it.`]),
  ];
  return { data: { ...reply, outcome }, text: lines.join('\n'), exitStatus: readingExit(outcome) };
}

function refreshedWords(
  style: Style,
  { revocationLists: lists, queued }: ParsedReplyOf<typeof ca.revocationListRefresh>,
): string {
  if (lists.length + queued === 0) return NOWHERE;
  const failed = lists.filter(({ lastTry }) => lastTry?.ok === false).length;
  const read = `${count(lists.length - failed, 'list')} read`;
  return failed === 0 ? `${read}.` : `${read}, ${style.bad(`${failed} not`)}.`;
}

const NOWHERE =
  'There is nothing to read: no certificate that was seen says where its authority publishes a list. One in a file is taken with certlane crl import FILE.';

async function importList(context: Context, file: string): Promise<Report> {
  const octets = await revocationListFrom(context.path(file), 'FILE', file, CONTENT_OCTETS);
  const bus = await context.bus();
  const named = { field: 'FILE', shown: file };
  const content = await putContent(bus, octets, named, (text) => context.progress(text));
  const { revocationList } = await bus
    .request(ca.revocationListImport, { content }, { timeoutMs: FETCH_MS })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, { content: { option: 'FILE', value: file } });
    });
  const { issuer = 'an issuer that is not known', number, thisUpdate, entries = 0 } = revocationList;
  const which = `${number === undefined ? '' : ` number ${number}`}${thisUpdate === undefined ? '' : ` of ${moment(thisUpdate)}`}`;
  const listed = `Revocation list of ${printable(issuer)}${which}`;
  if (revocationList.state === 'too-old') {
    const until =
      revocationList.nextUpdate === undefined
        ? 'says no time until which it counts'
        : `counted until ${moment(revocationList.nextUpdate)}`;
    return {
      data: { revocationList, outcome: 'refused' satisfies ReadingOutcome },
      text: `${listed} was taken, but it is ${context.style.bad('too old')} to make any certificate good: it ${until}, or is older than is allowed here. What it revokes (${count(entries, 'entry', 'entries')}) is revoked; ask the authority for a current one.`,
      exitStatus: readingExit('refused'),
    };
  }
  return {
    data: { revocationList, outcome: 'read' satisfies ReadingOutcome },
    text: `${listed} is in use: ${count(entries, 'entry', 'entries')}.`,
  };
}

async function remove(context: Context, given: string, options: { readonly yes?: boolean }): Promise<Report> {
  const bus = await context.bus();
  const all = await everyEntry(bus, ca.revocationListList, { limit: 500 }, (page) => page.revocationLists);
  const candidates = all.map((list) => ({ ...list, label: list.issuer ?? list.url ?? 'not known yet' }));
  const {
    id,
    issuer,
    entries = 0,
    url,
  } = pickByPrefix({ noun: 'revocation list', field: 'ID', listing: 'certlane crl list' }, given, candidates);
  if (url === undefined) {
    await confirmed(context, options.yes, {
      summary: `the imported list of ${printable(issuer ?? 'an unknown issuer')} (${count(entries, 'entry', 'entries')}) will no longer count: by it nothing is good or revoked any more`,
      concerned: [],
      question: 'Take it out?',
    });
  }
  const { revocationList } = await bus.request(ca.revocationListRemove, { id }).catch((thrown: unknown) => {
    throw inOptions(thrown, { id: { option: 'ID', value: given } });
  });
  const left = all.some((one) => one.id !== id && one.issuer === issuer && one.kind !== 'ocsp');
  const rest = left
    ? 'the other lists of this authority stay'
    : 'no other list of this authority is at hand, so nothing is known of what it has revoked';
  return {
    data: { removed: revocationList },
    text: `Imported revocation list of ${printable(issuer ?? 'an unknown issuer')} is taken out; ${rest}.`,
  };
}
