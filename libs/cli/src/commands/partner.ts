import { Command } from 'commander';
import { ca, registry } from '@certlane/contracts';
import { everyEntry } from '../bus.js';
import { printable } from '../output/style.js';
import { table } from '../output/table.js';
import { moment } from '../output/words.js';
import { partnerView, reachedAt } from '../output/partner-view.js';
import { odetteIdFrom } from '../input/values.js';
import { resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import { partnerCertificateCommands } from './partner-certificate.js';
import { identifyCommands } from './partner-identify.js';
import { partnerSettingsCommands } from './partner-settings.js';
import type { Report } from './report.js';

interface OfStation {
  readonly station?: string;
}

/** `certlane partner …`: whom we exchange with, and what we know of them. */
export function partnerCommands(host: Host): Command {
  const group = new Command('partner').description('whom we exchange with, and what we know of them');
  for (const command of partnerSettingsCommands(host)) group.addCommand(command);
  withExamples(
    group
      .command('list')
      .description('all partners')
      .option('--station <ODETTE-ID>', 'only partners of this station')
      .action(host.action(list)),
    'partner list',
  );
  withExamples(
    group
      .command('show')
      .description('one partner: settings, identification entries, certificates, and what serves each usage')
      .argument('<PARTNER>', 'its Odette ID')
      .option('--station <ODETTE-ID>', 'our station, where several have this partner')
      .action(host.action(show)),
    'partner show O0177BETA',
  );
  withExamples(
    group
      .command('remove')
      .description('remove a partner with all that is on file for it')
      .argument('<PARTNER>', 'its Odette ID')
      .option('--station <ODETTE-ID>', 'our station, where several have this partner')
      .action(host.action(remove)),
    'partner remove O0177BETA',
  );
  for (const command of identifyCommands(host)) group.addCommand(command);
  group.addCommand(partnerCertificateCommands(host));
  return group;
}

async function list(context: Context, options: OfStation): Promise<Report> {
  const where = options.station === undefined ? {} : { station: odetteIdFrom(options.station, '--station') };
  const bus = await context.bus();
  const partners = await everyEntry(bus, registry.partnerList, where, (page) => page.partners);
  const { style } = context;
  const rows = partners.map((partner) => [
    printable(partner.id),
    partner.station,
    reachedAt(partner.connection),
    partner.acx ? 'on' : 'off',
    partner.secureAuthentication ? 'required' : 'off',
    String(partner.entries),
    String(partner.certificates),
    partner.bypassOpen ? style.warning('open') : 'closed',
    moment(partner.createdAt),
  ]);
  const headings = [
    'PARTNER',
    'STATION',
    'REACHED AT',
    'ACX',
    'SECURE AUTH.',
    'EXPECTED',
    'ON FILE',
    'BYPASS',
    'ADDED',
  ];
  return { data: { partners }, text: table(style, headings, rows, 'no partner yet') };
}

async function show(context: Context, given: string, options: OfStation): Promise<Report> {
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const [{ partner }, { partners }, issuers] = await Promise.all([
    bus.request(registry.partnerGet, ref),
    bus.request(registry.partnerList, { station: ref.station, id: ref.partner }),
    everyEntry(bus, ca.issuerList, { limit: 500 }, (page) => page.issuers),
  ]);
  const bypassOpen = partners[0]?.bypassOpen === true;
  const installed = new Set(issuers.map(({ fingerprint }) => fingerprint));
  const text = partnerView(context.style, partner, { bypassOpen, installed });
  return { data: { partner: { ...partner, bypassOpen } }, text };
}

async function remove(context: Context, given: string, options: OfStation): Promise<Report> {
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  await bus.request(registry.partnerRemove, ref);
  return {
    data: { removed: ref },
    text: `Partner ${ref.partner} of station ${ref.station} removed with all that was on file for it.`,
  };
}
