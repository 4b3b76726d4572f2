import { Command } from 'commander';
import { ca, revocationModes, type Usage, type ValidationVerdict } from '@certlane/contracts';
import { certificatesFrom, oneCertificateFrom, type CertificateFromFile } from '../input/certificate-file.js';
import { inOptions } from '../input/option-names.js';
import { timeFrom } from '../input/time.js';
import { collect, usagesFrom, USAGE_CHOICES } from '../input/usages.js';
import { choiceFrom } from '../input/values.js';
import { certificateFacts } from '../output/certificate-rows.js';
import { pairs } from '../output/table.js';
import { verdictDetails, verdictLines } from '../output/verdict-view.js';
import { moment } from '../output/words.js';
import { pki } from '../pki.js';
import { namesFor } from '../station/names.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import { EXIT_NO, type Report } from './report.js';

interface ValidateOptions {
  readonly chain?: string;
  readonly usage?: readonly string[];
  readonly at?: string;
  readonly revocation: string;
  readonly weakKeys?: boolean;
  readonly explain?: boolean;
}

/** `certlane validate`: the verdict of the very code that the services use. */
export function validateCommand(host: Host): Command {
  const command = withExamples(
    new Command('validate')
      .description('validate a certificate up to an authority we trust, as the services do')
      .argument('<FILE>', 'file with the certificate: PEM, DER, or certificates-only CMS')
      .option('--chain <FILE>', 'certificates that may stand between it and the authority')
      .option('--usage <USAGES>', `what it is to serve: ${USAGE_CHOICES}`, collect)
      .option('--at <TIME>', 'judge at this time (2026-11-23, 2026-11-23T17:30:00Z); now unless told')
      .option('--revocation <MODE>', `how revocation counts: ${revocationModes.join(', ')}`, 'warn')
      .option('--weak-keys', 'let weak keys and signatures pass')
      .option('--explain', 'every check, the path with its names, why other paths failed, and what it stands on')
      .action(host.action(validate)),
    'validate beta.pem --usage session-authentication',
    'validate beta.pem --chain authorities.pem --at 2027-01-01 --revocation fail --explain',
  );
  return withExitStatus(command, `0 trusted (for all that was asked); ${EXIT_NO} not trusted.`);
}

/** One verdict; a verdict without a usage is about none in particular. */
interface Judged {
  readonly usage?: Usage;
  readonly verdict: ValidationVerdict;
}

async function validate(context: Context, file: string, options: ValidateOptions): Promise<Report> {
  const usages = options.usage === undefined ? [undefined] : usagesFrom(options.usage);
  const at = options.at === undefined ? undefined : timeFrom(options.at, '--at');
  const revocation = choiceFrom(options.revocation, '--revocation', revocationModes);
  const given = await oneCertificateFrom(context.path(file), 'FILE', file);
  const chain =
    options.chain === undefined ? [] : await certificatesFrom(context.path(options.chain), '--chain', options.chain);
  const bus = await context.bus();
  const asked = {
    certificate: given.base64,
    chain: chain.map(({ base64 }) => base64),
    revocation,
    weakKeys: options.weakKeys === true,
    ...(at === undefined ? {} : { at }),
  };
  const judged: Judged[] = [];
  for (const usage of usages) {
    const about = usage === undefined ? {} : { usage };
    const { verdict } = await bus
      .request(ca.certificateValidate, { ...asked, ...about }, { timeoutMs: VALIDATION_MS })
      .catch((thrown: unknown) => {
        throw inOptions(thrown, written(file, options.chain));
      });
    judged.push({ ...about, verdict });
  }
  const exitStatus = judged.every(({ verdict }) => verdict.trusted) ? 0 : EXIT_NO;
  if (context.json) return { data: { verdicts: judged }, text: '', exitStatus };
  const summaries = await Promise.all([given, ...chain].map(summaryOf));
  const names = await namesFor(
    bus,
    judged.map(({ verdict }) => verdict),
    summaries,
  );
  const { style } = context;
  const [summary] = summaries;
  const parts = summary === undefined ? [] : [pairs(style, certificateFacts(summary))];
  if (at !== undefined) parts.push(`Judged as of ${moment(at)}.`);
  for (const { usage, verdict } of judged) {
    parts.push('', style.strong(usage === undefined ? 'Verdict' : `Verdict for ${usage}`));
    parts.push(verdictLines(style, verdict, names));
    if (options.explain === true) parts.push('', verdictDetails(style, verdict, names));
  }
  return { data: { verdicts: judged }, text: parts.join('\n'), exitStatus };
}

/** Many paths may have to be tried. */
const VALIDATION_MS = 30_000;

async function summaryOf({ certificate }: CertificateFromFile) {
  const { summaryOf: summary } = await pki();
  return summary(certificate);
}

function written(file: string, chain: string | undefined) {
  const field = { option: '--chain', ...(chain === undefined ? {} : { value: chain }) };
  const each = Array.from({ length: 64 }, (_, index) => [`chain.${index}`, field] as const);
  return { certificate: { option: 'FILE', value: file }, chain: field, ...Object.fromEntries(each) };
}
