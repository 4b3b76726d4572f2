import { Command } from 'commander';
import { ACTOR_HEADER, ca, type TrustListView } from '@certlane/contracts';
import { oneCertificateFrom } from '../input/certificate-file.js';
import { certificateName } from '../input/certificate-name.js';
import { inOptions } from '../input/option-names.js';
import { trustListNameFrom } from '../input/trust-list-options.js';
import { printable } from '../output/style.js';
import { shellWord, short } from '../output/words.js';
import { pickCertificate } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** `certlane tsl signer …`: another signer takes two persons. */
export function signerCommands(host: Host): Command {
  const group = new Command('signer').description(
    'who may sign a trust list: one stages another signer, one confirms it',
  );
  withExamples(
    group
      .command('stage')
      .description('propose another signer of a trust list, in place of one that waits; another person confirms it')
      .argument('<NAME>', 'name of the trust list')
      .argument('<CERTIFICATE>', 'file with its certificate: PEM, DER, or certificates-only CMS')
      .action(host.action(stage)),
    'tsl signer stage odette tsl-signer-2027.pem',
  );
  withExamples(
    group
      .command('confirm')
      .description('confirm the signer that another person has staged, after comparing its fingerprint')
      .argument('<NAME>', 'name of the trust list')
      .argument('[CERTIFICATE]', 'which one, where several are staged: beginning of its fingerprint, or a file with it')
      .action(host.action(confirm)),
    'tsl signer confirm odette',
    'tsl signer confirm odette 3f9a1c',
  );
  return group;
}

async function stage(context: Context, given: string, file: string): Promise<Report> {
  const name = trustListNameFrom(given);
  const { certificate, base64 } = await oneCertificateFrom(context.path(file), 'CERTIFICATE', file);
  const bus = await context.bus();
  const [former] = stagedIn((await bus.request(ca.trustListGet, { name, limit: 1 })).trustList);
  const { trustList } = await bus.request(ca.signerStage, { name, certificate: base64 }).catch((thrown: unknown) => {
    throw inOptions(thrown, { certificate: { option: 'CERTIFICATE', value: file } });
  });
  const replaced =
    former === undefined || former.signer.fingerprint === certificate.fingerprint
      ? []
      : [
          `It takes the place of ${printable(former.signer.subject)} (${short(former.signer.fingerprint)}), staged by ${printable(former.by ?? 'nobody by name')}.`,
        ];
  const next = `certlane tsl signer confirm ${shellWord(name)} ${short(certificate.fingerprint)}`;
  return {
    data: { trustList },
    text: [
      `Staged as signer of trust list ${name} by ${context.actor}: SHA-256 fingerprint ${certificate.fingerprint}`,
      ...replaced,
      `Another person compares that with what the operator of the list says, then: ${next}`,
    ].join('\n'),
  };
}

async function confirm(context: Context, given: string, certificate: string | undefined): Promise<Report> {
  const name = trustListNameFrom(given);
  const beginning =
    certificate === undefined
      ? undefined
      : await certificateName(certificate, context.path(certificate), 'CERTIFICATE');
  const bus = await context.bus();
  const { trustList: before } = await bus.request(ca.trustListGet, { name, limit: 1 });
  const staged = stagedIn(before);
  const chosen =
    beginning === undefined
      ? undefined
      : pickCertificate(
          staged.map(({ signer }) => signer),
          beginning,
          {
            noun: `staged signer of trust list ${name}`,
            field: 'CERTIFICATE',
            listing: `certlane tsl show ${shellWord(name)}`,
            key: 'fingerprint',
            shown: certificate ?? beginning,
          },
        );
  // Named even where only one waits: one that is staged in its place meanwhile is not confirmed unseen.
  const now = chosen ?? (staged.length === 1 ? staged[0]?.signer : undefined);
  const { trustList } = await bus
    .request(ca.signerConfirm, { name, ...(now === undefined ? {} : { fingerprint: now.fingerprint }) })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, {
        fingerprint: { option: 'CERTIFICATE' },
        [ACTOR_HEADER]: { option: '--actor', value: context.actor },
      });
    });
  const who = now === undefined ? 'The staged signer' : `${printable(now.subject)} (${short(now.fingerprint)})`;
  const next =
    trustList.url === undefined
      ? `certlane tsl import ${shellWord(name)} FILE takes a list that it has signed.`
      : `The list is read again now; certlane tsl show ${shellWord(name)} tells what came of it.`;
  return { data: { trustList }, text: `${who} signs trust list ${name} from now on.\n${next}` };
}

/** Signers that wait for a second person. */
function stagedIn({ signers }: TrustListView): TrustListView['signers'] {
  return signers.filter(({ pinned, confirmedBy }) => pinned === 'staged' && confirmedBy === undefined);
}
