import { Command } from 'commander';
import {
  ca,
  CertlaneError,
  isCertlaneError,
  issuerPurposes,
  type IssuerPurpose,
  type ParsedReplyOf,
} from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificatesFrom } from '../input/certificate-file.js';
import { inOptions } from '../input/option-names.js';
import { choiceFrom } from '../input/values.js';
import { addedWords } from '../output/issuer-view.js';
import { confirmed, YES } from './confirm.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import { withdrawal } from './issuer-withdrawal.js';
import type { Report } from './report.js';

interface AddOptions {
  readonly purpose: string;
  readonly yes?: boolean;
}

/** `certlane issuer add` */
export function addIssuerCommand(host: Host): Command {
  return withExamples(
    new Command('add')
      .description(
        'install authorities, or give installed ones another purpose; a file may hold several certificates. One installed for oftp2 becomes verification-only as one is removed: says whom it would break, and asks',
      )
      .argument('<FILE...>', 'certificate files: PEM, DER, or certificates-only CMS')
      .option(
        '--purpose <PURPOSE>',
        `${issuerPurposes.join(', ')}: the latter completes paths up to another authority, and ends none`,
        'oftp2',
      )
      .option(...YES)
      .action(host.action(add)),
    'issuer add root.pem oftp2-authority.pem',
    'issuer add crl-signer.pem --purpose verification-only',
  );
}

async function add(context: Context, files: readonly string[], options: AddOptions): Promise<Report> {
  const purpose = choiceFrom(options.purpose, '--purpose', issuerPurposes);
  const read = await Promise.all(
    files.map(async (file) =>
      (await certificatesFrom(context.path(file), 'FILE', file)).map(({ base64, certificate }) => ({
        ...{ file, base64 },
        fingerprint: certificate.fingerprint,
      })),
    ),
  );
  const bus = await context.bus();
  const issuers: Installed = [];
  // A file that is named twice, or two that hold the same authority, install it once.
  const each = [...new Map(read.flat().map((one) => [one.base64, one])).values()];
  const { dependents, consequence } =
    purpose === 'oftp2'
      ? NOBODY
      : await withdrawal(
          bus,
          each.map(({ fingerprint }) => fingerprint),
        );
  if (consequence !== undefined) await confirmed(context, options.yes, consequence);
  for (const some of portions(each)) {
    issuers.push(...(await install(bus, some, purpose, { before: issuers.length, all: each.length })));
    if (each.length > PORTION.certificates)
      context.progress(`${issuers.length} of ${each.length} authorities installed`);
  }
  return { data: { issuers, dependents }, text: addedWords(context.style, issuers, purpose) };
}

/** Trust that is granted takes nothing from anybody. */
const NOBODY = { dependents: [], consequence: undefined };

interface Read {
  readonly file: string;
  readonly base64: string;
  readonly fingerprint: string;
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

async function install(
  bus: Bus,
  read: readonly Read[],
  purpose: IssuerPurpose,
  { before, all }: { readonly before: number; readonly all: number },
): Promise<Installed> {
  try {
    return (await bus.request(ca.issuerAdd, { certificates: read.map(({ base64 }) => base64), purpose })).issuers;
  } catch (thrown) {
    const fields = read.map(({ file }, index) => [`certificates.${index}`, { option: 'FILE', value: file }] as const);
    const said = inOptions(thrown, Object.fromEntries(fields));
    if (!isCertlaneError(said) || all === 1) throw said;
    const stand =
      before === 0 ? `none of these ${all} was installed` : `${before} of these ${all} were installed before it`;
    throw new CertlaneError(said.code, `${said.message}; ${stand}`, { details: said.details, cause: thrown });
  }
}
