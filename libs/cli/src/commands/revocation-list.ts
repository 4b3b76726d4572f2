import { Command } from 'commander';
import { ca } from '@certlane/contracts';
import { everyEntry } from '../bus.js';
import { inOptions } from '../input/option-names.js';
import { revocationListFrom } from '../input/revocation-list-file.js';
import { revocationListTable } from '../output/revocation-list-view.js';
import { printable } from '../output/style.js';
import { count, moment } from '../output/words.js';
import { CONTENT_OCTETS, putContent } from '../station/put-content.js';
import { resolveIssuer } from '../station/resolve-issuer.js';
import type { Context } from './context.js';
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
  withExamples(
    group
      .command('refresh')
      .description('read revocation lists now: all, or those of one issuer; what takes longer goes on by itself')
      .argument('[ISSUER]', 'the authority: beginning of its fingerprint, its common name, or a file with it')
      .action(host.action(refresh)),
    'crl refresh',
    "crl refresh 'Example OFTP2 Authority'",
  );
  withExamples(
    group
      .command('import')
      .description('take a revocation list from a file, where it cannot be read at its address')
      .argument('<FILE>', 'the list, in DER or PEM')
      .action(host.action(importList)),
    'crl import authority.crl',
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
  const reply = await bus.request(
    ca.revocationListRefresh,
    issuer === undefined ? {} : { issuer: issuer.fingerprint },
    { timeoutMs: FETCH_MS },
  );
  const failed = reply.revocationLists.filter(({ lastTry }) => lastTry?.ok === false).length;
  const lines = [
    `${count(reply.revocationLists.length, 'list')} read${failed === 0 ? '' : `, ${failed} of them without success`}.`,
    ...(reply.revocationLists.length === 0 ? [] : [revocationListTable(context.style, reply.revocationLists, '')]),
    ...(reply.queued === 0 ? [] : [`${reply.queued} more are being read; certlane crl list shows them.`]),
  ];
  return { data: reply, text: lines.join('\n') };
}

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
  return {
    data: { revocationList },
    text: `Revocation list of ${printable(issuer)}${which} is in use: ${count(entries, 'entry', 'entries')}.`,
  };
}
