import { Command } from 'commander';
import { registry, type ParsedReplyOf, type Usage } from '@certlane/contracts';
import { eachPage } from '../bus.js';
import { certificateName } from '../input/certificate-name.js';
import { inOptions } from '../input/option-names.js';
import { collect, usagesFrom, USAGE_CHOICES } from '../input/usages.js';
import { CERTIFICATE_HEADINGS, certificateCells, unusable } from '../output/certificate-rows.js';
import { table } from '../output/table.js';
import { count, moment, short, usageWords } from '../output/words.js';
import { resolveOwnCertificate, resolveStation } from '../station/resolve.js';
import { createCertificate } from './certificate-create.js';
import { importCertificate } from './certificate-import.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** `certlane certificate …`: certificates and keys of our own stations. */
export function certificateCommands(host: Host): Command {
  const group = new Command('certificate').description('certificates and keys of our own stations');
  group.addCommand(createCertificate(host));
  group.addCommand(importCertificate(host));
  withExamples(
    group
      .command('list')
      .description('certificates of a station, and keys that still wait for theirs')
      .option('--station <ODETTE-ID>', 'our station; may be left out where there is one only')
      .action(host.action(list)),
    'certificate list --station O0013000000ACME',
  );
  withExamples(
    group
      .command('activate')
      .description(
        'use and send a certificate; partners with ACX get to know it by exchange and are switched after their EERP',
      )
      .argument('<CERTIFICATE>', 'beginning of its fingerprint, six characters or more; or a file with it')
      .option('--station <ODETTE-ID>', 'our station; may be left out where there is one only')
      .option('--usage <USAGES>', `${USAGE_CHOICES} (required)`, collect)
      .action(host.action(activate)),
    'certificate activate --station O0013000000ACME 3f9a1c --usage all',
    'certificate activate acme.pem --usage tls,session-authentication',
  );
  return group;
}

async function list(context: Context, options: { readonly station?: string }): Promise<Report> {
  const bus = await context.bus();
  const station = await resolveStation(bus, options.station);
  const found: Pick<ParsedReplyOf<typeof registry.ownCertificateList>, 'certificates' | 'pendingKeys'> = {
    certificates: [],
    pendingKeys: [],
  };
  for await (const page of eachPage(bus, registry.ownCertificateList, { station })) {
    found.certificates.push(...page.certificates);
    found.pendingKeys.push(...page.pendingKeys);
  }
  const rows = found.certificates.map((certificate) => [
    ...certificateCells(certificate),
    inUseWords(certificate, new Date()),
  ]);
  const parts = [
    table(context.style, [...CERTIFICATE_HEADINGS, 'IN USE FOR'], rows, `station ${station} has no certificate yet`),
  ];
  if (found.pendingKeys.length > 0) {
    const keys = found.pendingKeys.map((key) => [short(key.keyId), moment(key.createdAt)]);
    const heading = context.style.strong(`${count(found.pendingKeys.length, 'key')} waiting for a certificate`);
    parts.push('', heading, table(context.style, ['KEY', 'MADE'], keys, ''));
  }
  return { data: { station, ...found }, text: parts.join('\n') };
}

async function activate(
  context: Context,
  given: string,
  options: { readonly station?: string; readonly usage?: readonly string[] },
): Promise<Report> {
  const usages = usagesFrom(options.usage ?? []);
  const bus = await context.bus();
  const station = await resolveStation(bus, options.station);
  const name = await certificateName(given, context.path(given), 'CERTIFICATE');
  const { fingerprint } = await resolveOwnCertificate(bus, station, name, 'CERTIFICATE', given);
  const reply = await bus
    .request(registry.ownCertificateActivate, { station, fingerprint, usages })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, { fingerprint: { option: 'CERTIFICATE', value: given } });
    });
  return {
    data: reply,
    text: `Station ${station} uses ${short(fingerprint)} for ${usageWords(usages)} from now on; certlane send PARTNER deliver hands it to a partner.`,
  };
}

/** What a certificate of ours is in use for; why it cannot be used, where it cannot. */
function inUseWords(
  certificate: { readonly activeFor: readonly Usage[]; readonly notBefore: string; readonly notAfter: string },
  now: Date,
): string {
  const problem = unusable(certificate, now);
  if (problem === undefined) return usageWords(certificate.activeFor);
  return certificate.activeFor.length === 0 ? problem : `${usageWords(certificate.activeFor)}, but ${problem}`;
}
