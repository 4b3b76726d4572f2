import { Command } from 'commander';
import {
  ca,
  errorTable,
  exchangeRequests,
  isCertlaneError,
  registry,
  type Partner,
  type PartnerRef,
} from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { printable } from '../output/style.js';
import { table } from '../output/table.js';
import { moment } from '../output/words.js';
import { partnerView, reachedAt } from '../output/partner-view.js';
import { odetteIdFrom } from '../input/values.js';
import { resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import { partnerCertificateCommands } from './partner-certificate.js';
import { addPartnerCommand } from './partner-add.js';
import { bypassCommands } from './partner-bypass.js';
import { identifyCommands } from './partner-identify.js';
import { setPartnerCommand } from './partner-set.js';
import type { Report } from './report.js';

interface OfStation {
  readonly station?: string;
}

/** `certlane partner …`: whom we exchange with, and what we know of them. */
export function partnerCommands(host: Host): Command {
  const group = new Command('partner').description('whom we exchange with, and what we know of them');
  group.addCommand(addPartnerCommand(host));
  group.addCommand(setPartnerCommand(host));
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
      .description(
        'one partner: settings, trust, bypass, identification entries, certificates, and what serves each usage',
      )
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
  group.addCommand(bypassCommands(host));
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
    partner.via === undefined ? reachedAt(partner.connection) : `via ${printable(partner.via)}`,
    partner.acx ? 'on' : 'off',
    secureAuthenticationWord(partner),
    String(partner.entries),
    String(partner.certificates),
    partner.via !== undefined ? '-' : partner.bypassOpen ? style.warning('open') : 'closed',
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

/** Undefined where the service that counts them does not answer: all else about a partner is shown without it. */
async function bypassUsesOf(bus: Bus, ref: PartnerRef): Promise<number | undefined> {
  try {
    return (await bus.request(exchangeRequests.bypassUses, ref)).uses;
  } catch (thrown) {
    if (isCertlaneError(thrown) && errorTable[thrown.code].retryable) return undefined;
    throw thrown;
  }
}

/** A sub-station has no sessions. */
function secureAuthenticationWord({
  via,
  secureAuthentication,
}: Pick<Partner, 'via' | 'secureAuthentication'>): string {
  if (via !== undefined) return '-';
  return secureAuthentication ? 'required' : 'off';
}

async function show(context: Context, given: string, options: OfStation): Promise<Report> {
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const [{ partner }, { profiles }, issuers] = await Promise.all([
    bus.request(registry.partnerGet, ref),
    bus.request(registry.sessionProfiles, ref),
    everyEntry(bus, ca.issuerList, { limit: 500 }, (page) => page.issuers),
  ]);
  const subStations = profiles.flatMap((profile) => profile.subStations);
  const installed = new Set(issuers.map(({ fingerprint }) => fingerprint));
  const uses = partner.bypass.open ? await bypassUsesOf(bus, ref) : undefined;
  const standing = { now: new Date(), installed, subStations, ...(uses === undefined ? {} : { bypassUses: uses }) };
  const text = partnerView(context.style, partner, standing);
  const counted = uses === undefined ? {} : { bypassUses: uses };
  return { data: { partner: { ...partner, bypassOpen: partner.bypass.open, ...counted, subStations } }, text };
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
