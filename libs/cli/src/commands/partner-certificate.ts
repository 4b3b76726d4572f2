import { Command } from 'commander';
import { registry } from '@certlane/contracts';
import { certificateName } from '../input/certificate-name.js';
import { oneCertificateFrom } from '../input/certificate-file.js';
import { inOptions } from '../input/option-names.js';
import { collect, usagesFrom, USAGE_CHOICES } from '../input/usages.js';
import { partnerCertificateTable, standingSentence } from '../output/partner-view.js';
import { shellWord, short, usageWords } from '../output/words.js';
import { pki } from '../pki.js';
import { pickCertificate, resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface OfStation {
  readonly station?: string;
}

/** `certlane partner certificate …`: certificates of a partner put on file by hand. */
export function partnerCertificateCommands(host: Host): Command {
  const group = new Command('certificate').description("a partner's certificates on file");
  const station = ['--station <ODETTE-ID>', 'our station, where several have this partner'] as const;
  withExamples(
    group
      .command('add')
      .description(
        'put a certificate of the partner on file by hand; for session authentication this closes the bypass',
      )
      .argument('<PARTNER>', 'its Odette ID')
      .argument('<FILE>', 'file with one certificate: PEM, DER, or certificates-only CMS')
      .option(...station)
      .option('--usage <USAGES>', `what it serves: ${USAGE_CHOICES} (required)`, collect)
      .action(host.action(add)),
    'partner certificate add O0177BETA beta.pem --usage all',
  );
  withExamples(
    group
      .command('list')
      .description('certificates of the partner on file')
      .argument('<PARTNER>', 'its Odette ID')
      .option(...station)
      .action(host.action(list)),
    'partner certificate list O0177BETA',
  );
  withExamples(
    group
      .command('remove')
      .description('take a certificate off file; the last one for session authentication reopens the bypass')
      .argument('<PARTNER>', 'its Odette ID')
      .argument('<CERTIFICATE>', 'beginning of its fingerprint, six characters or more; or a file with it')
      .option(...station)
      .action(host.action(remove)),
    'partner certificate remove O0177BETA 77ab02',
  );
  return group;
}

async function add(
  context: Context,
  given: string,
  file: string,
  options: OfStation & { readonly usage?: readonly string[] },
): Promise<Report> {
  const usages = usagesFrom(options.usage ?? []);
  const { certificate, base64 } = await oneCertificateFrom(context.path(file), 'FILE', file);
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner } = await bus
    .request(registry.partnerCertificateAdd, { ...ref, certificate: base64, usages })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, { certificate: { option: 'FILE', value: file } });
    });
  const { weaknessesOf } = await pki();
  const filed = partner.certificates.find(({ fingerprint }) => fingerprint === certificate.fingerprint);
  const lines = [
    `Certificate ${short(certificate.fingerprint)} of ${ref.partner} is on file for ${usageWords(filed?.usages ?? usages)}.`,
    ...weaknessesOf(certificate).map(({ message }) => context.style.warning(`It is weak: ${message}.`)),
    ...(filed === undefined ? [] : [standingSentence(context.style, filed)]),
  ];
  return { data: { partner }, text: lines.join('\n') };
}

async function list(context: Context, given: string, options: OfStation): Promise<Report> {
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner } = await bus.request(registry.partnerGet, ref);
  return {
    data: { ...ref, certificates: partner.certificates },
    text: partnerCertificateTable(context.style, partner.certificates),
  };
}

async function remove(context: Context, given: string, certificate: string, options: OfStation): Promise<Report> {
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner } = await bus.request(registry.partnerGet, ref);
  const name = await certificateName(certificate, context.path(certificate), 'CERTIFICATE');
  const { fingerprint } = pickCertificate(partner.certificates, name, {
    noun: `certificate of ${ref.partner} on file`,
    field: 'CERTIFICATE',
    listing: `certlane partner certificate list ${shellWord(ref.partner)}`,
    key: 'fingerprint',
    shown: certificate,
  });
  const { bypassReopened } = await bus.request(registry.partnerCertificateRemove, { ...ref, fingerprint });
  const consequence = bypassReopened
    ? ' It was the last one for session authentication: the bypass is open again for a first exchange.'
    : '';
  return {
    data: { ...ref, removed: fingerprint, bypassReopened },
    text: `Certificate ${short(fingerprint)} of ${ref.partner} taken off file.${consequence}`,
  };
}
