import { Command } from 'commander';
import { ca, issuerPurposes, type IssuerPurpose, type ParsedReplyOf } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificatesFrom } from '../input/certificate-file.js';
import { inOptions } from '../input/option-names.js';
import { choiceFrom } from '../input/values.js';
import { printable } from '../output/style.js';
import { count, short } from '../output/words.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** `certlane issuer add` */
export function addIssuerCommand(host: Host): Command {
  return withExamples(
    new Command('add')
      .description('install authorities; a file may hold several certificates')
      .argument('<FILE...>', 'certificate files: PEM, DER, or certificates-only CMS')
      .option(
        '--purpose <PURPOSE>',
        `${issuerPurposes.join(', ')}: the latter only completes paths, no certificate of a partner is trusted on it`,
        'oftp2',
      )
      .action(host.action(add)),
    'issuer add root.pem oftp2-authority.pem',
    'issuer add crl-signer.pem --purpose verification-only',
  );
}

async function add(context: Context, files: readonly string[], options: { readonly purpose: string }): Promise<Report> {
  const purpose = choiceFrom(options.purpose, '--purpose', issuerPurposes);
  const read = await Promise.all(
    files.map(async (file) =>
      (await certificatesFrom(context.path(file), 'FILE', file)).map(({ base64 }) => ({ file, base64 })),
    ),
  );
  const bus = await context.bus();
  const issuers: Installed = [];
  // A file that is named twice, or two that hold the same authority, install it once.
  const each = new Map(read.flat().map((one) => [one.base64, one]));
  for (const some of portions([...each.values()])) {
    issuers.push(...(await install(bus, some, purpose)));
    if (each.size > PORTION.certificates) context.progress(`${issuers.length} of ${each.size} authorities installed`);
  }
  const lines = issuers.map(
    (issuer) =>
      `${short(issuer.fingerprint)}  ${printable(issuer.subject)}${issuer.added ? '' : context.style.faint('  (was installed already)')}`,
  );
  const added = issuers.filter((issuer) => issuer.added).length;
  const what = purpose === 'oftp2' ? '' : ` for ${purpose}`;
  return { data: { issuers }, text: [`${count(added, 'issuer')} installed${what}.`, ...lines].join('\n') };
}

interface Read {
  readonly file: string;
  readonly base64: string;
}

type Installed = ParsedReplyOf<typeof ca.issuerAdd>['issuers'];

/** What one request installs: far below what it may carry, since the reply shows subjects and issuers too. */
const PORTION = { certificates: 64, characters: 200_000 };

/** Cuts a long list, in its order, into what one request each installs. */
function portions(read: readonly Read[]): Read[][] {
  const all: Read[][] = [];
  let characters = Infinity;
  for (const one of read) {
    const open = all.at(-1);
    characters += one.base64.length;
    if (open !== undefined && open.length < PORTION.certificates && characters <= PORTION.characters) open.push(one);
    else {
      all.push([one]);
      characters = one.base64.length;
    }
  }
  return all;
}

async function install(bus: Bus, read: readonly Read[], purpose: IssuerPurpose): Promise<Installed> {
  try {
    return (await bus.request(ca.issuerAdd, { certificates: read.map(({ base64 }) => base64), purpose })).issuers;
  } catch (thrown) {
    const fields = read.map(({ file }, index) => [`certificates.${index}`, { option: 'FILE', value: file }] as const);
    throw inOptions(thrown, Object.fromEntries(fields));
  }
}
