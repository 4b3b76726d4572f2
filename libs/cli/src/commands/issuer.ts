import { Command } from 'commander';
import { ca, CertlaneError } from '@certlane/contracts';
import { everyEntry } from '../bus.js';
import { dependentWords, issuerTable, issuerView, removedWords } from '../output/issuer-view.js';
import { printable } from '../output/style.js';
import { count, shellWord } from '../output/words.js';
import { dependentsOn } from '../station/dependents.js';
import { resolveIssuer } from '../station/resolve-issuer.js';
import { confirmed, YES } from './confirm.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import { addIssuerCommand } from './issuer-add.js';
import type { Report } from './report.js';

const ID = 'beginning of its fingerprint, its common name, or a file with it';

/** `certlane issuer …`: the authorities whose certificates we are willing to trust. */
export function issuerCommands(host: Host): Command {
  const group = new Command('issuer').description('authorities whose certificates we are willing to trust');
  group.addCommand(addIssuerCommand(host));
  withExamples(
    group
      .command('list')
      .description('all authorities that are known, installed by hand or on a trust list')
      .option('--usable-by-partners', 'only those on which the certificate of a partner can be trusted')
      .action(host.action(list)),
    'issuer list',
    'issuer list --usable-by-partners',
  );
  withExamples(
    group
      .command('show')
      .description('one authority: why it is trusted, and which partners stand on it')
      .argument('<ID>', ID)
      .action(host.action(show)),
    "issuer show 'Example OFTP2 Authority'",
  );
  withExamples(
    group
      .command('remove')
      .description(
        'take an authority out: says whom it would break, and asks. What is below it is then trusted only where another authority carries it',
      )
      .argument('<ID>', ID)
      .option(...YES)
      .action(host.action(remove)),
    "issuer remove 'Example OFTP2 Authority'",
    'issuer remove 3f9a1c --yes',
  );
  return group;
}

async function list(context: Context, options: { readonly usableByPartners?: boolean }): Promise<Report> {
  const usableByPartners = options.usableByPartners === true;
  const bus = await context.bus();
  const issuers = await everyEntry(bus, ca.issuerList, { limit: 500, usableByPartners }, (page) => page.issuers);
  const empty = usableByPartners
    ? 'no certificate of a partner can be trusted yet: install an issuer, or follow a trust list'
    : 'no issuer installed yet';
  return { data: { issuers }, text: issuerTable(context.style, issuers, empty) };
}

async function show(context: Context, given: string): Promise<Report> {
  const bus = await context.bus();
  const issuer = await resolveIssuer(bus, context.path(given), given, 'ID');
  const dependents = await dependentsOn(bus, [issuer.fingerprint], 'unknown');
  return { data: { issuer, dependents }, text: issuerView(context.style, issuer, dependents) };
}

async function remove(context: Context, given: string, options: { readonly yes?: boolean }): Promise<Report> {
  const bus = await context.bus();
  const issuer = await resolveIssuer(bus, context.path(given), given, 'ID');
  const subject = printable(issuer.subject);
  const lists = issuer.lists.map(({ name }) => name);
  if (issuer.installed === undefined) {
    const remedy = `certlane tsl remove ${shellWord(lists[0] ?? 'NAME')} stops following it`;
    throw new CertlaneError(
      'failed-precondition',
      `ID is '${given}': ${subject} is not installed by hand, trust list ${lists.join(', ')} names it; ${remedy}`,
      { details: { field: 'ID' } },
    );
  }
  const dependents = await dependentsOn(bus, [issuer.fingerprint], 'not-installed');
  if (dependents.length > 0) {
    await confirmed(context, options.yes, {
      summary: `${count(dependents.length, 'partner')} ${dependents.length === 1 ? 'stands' : 'stand'} on ${subject}`,
      concerned: dependents.map(dependentWords),
      question: 'Remove it all the same?',
    });
  }
  await bus.request(ca.issuerRemove, { fingerprint: issuer.fingerprint });
  return { data: { removed: issuer, dependents }, text: removedWords(issuer) };
}
