import { Command } from 'commander';
import { registry } from '@certlane/contracts';
import { extendedKeyUsageFrom, keyUsageFrom } from '../input/key-usage.js';
import { expectedSubjectFrom } from '../input/subject.js';
import { collect, usagesFrom, USAGE_CHOICES } from '../input/usages.js';
import { printable } from '../output/style.js';
import { shellWord, usageWords } from '../output/words.js';
import { resolveIssuer } from '../station/resolve-issuer.js';
import { pickByPrefix, resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface IdentifyOptions {
  readonly station?: string;
  readonly subject: string;
  readonly issuer: string;
  readonly keyUsage?: string;
  readonly extendedKeyUsage?: string;
  readonly usage?: readonly string[];
}

/** `certlane partner identify`, `certlane partner unidentify`: what we expect before a certificate is on file. */
export function identifyCommands(host: Host): Command[] {
  const identify = new Command('identify')
    .description('say which certificate to expect from a partner, before any is on file')
    .argument('<PARTNER>', 'its Odette ID')
    .option('--station <ODETTE-ID>', 'our station, where several have this partner')
    .requiredOption('--subject <NAME>', 'common name, or DN (whole or in part) of the certificate to expect')
    .requiredOption(
      '--issuer <ISSUER>',
      'installed issuer: its common name or subject, the beginning of its fingerprint, or a file with it',
    )
    .option('--key-usage <LIST>', 'key usages it must have, e.g. digitalSignature,keyEncipherment')
    .option('--extended-key-usage <LIST>', 'extended key usages it must have, e.g. serverAuth,clientAuth')
    .option('--usage <USAGES>', `what it serves: ${USAGE_CHOICES} (required)`, collect)
    .action(host.action(enter));
  const unidentify = new Command('unidentify')
    .description('take an identification entry out')
    .argument('<PARTNER>', 'its Odette ID')
    .argument('<ENTRY>', 'beginning of the id of the entry; certlane partner show lists them')
    .option('--station <ODETTE-ID>', 'our station, where several have this partner')
    .action(host.action(takeOut));
  return [
    withExamples(
      identify,
      "partner identify O0177BETA --subject CN=oftp.beta.example --issuer 'Beta OFTP2 Authority' --usage all",
      'partner identify O0177BETA --subject oftp.beta.example --issuer 3f9a1c --usage tls,session-authentication',
    ),
    withExamples(unidentify, 'partner unidentify O0177BETA 01930c'),
  ];
}

async function enter(context: Context, given: string, options: IdentifyOptions): Promise<Report> {
  const subject = await expectedSubjectFrom(options.subject, '--subject');
  const usages = usagesFrom(options.usage ?? []);
  const required = {
    ...(options.keyUsage === undefined ? {} : { keyUsage: keyUsageFrom(options.keyUsage, '--key-usage') }),
    ...(options.extendedKeyUsage === undefined
      ? {}
      : { extendedKeyUsage: extendedKeyUsageFrom(options.extendedKeyUsage, '--extended-key-usage') }),
  };
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const issuer = await resolveIssuer(bus, context.path(options.issuer), options.issuer, '--issuer');
  const { entry } = await bus.request(registry.partnerIdentify, {
    ...ref,
    subject,
    issuer: issuer.fingerprint,
    ...required,
    usages,
  });
  return {
    data: { ...ref, entry },
    text: `Expected from ${ref.partner} for ${usageWords(entry.usages)}: ${printable(entry.subject)}, issued by ${printable(entry.issuer.subject)} (entry ${entry.id}).`,
  };
}

async function takeOut(
  context: Context,
  given: string,
  entryGiven: string,
  options: { readonly station?: string },
): Promise<Report> {
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner } = await bus.request(registry.partnerGet, ref);
  const wanted = {
    noun: 'identification entry',
    field: 'ENTRY',
    listing: `certlane partner show ${shellWord(ref.partner)}`,
  };
  const candidates = partner.entries.map((entry) => ({ id: entry.id, label: entry.subject }));
  const entry = candidates.find(({ id }) => id === entryGiven) ?? pickByPrefix(wanted, entryGiven, candidates);
  await bus.request(registry.partnerUnidentify, { ...ref, entry: entry.id });
  return { data: { ...ref, removed: entry.id }, text: `Entry ${entry.id} (${printable(entry.label)}) taken out.` };
}
