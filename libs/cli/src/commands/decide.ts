import { Command } from 'commander';
import { exchangeKinds, exchangeRequests, type ParsedReplyOf, type SessionMode } from '@certlane/contracts';
import { invalid } from '../input/invalid.js';
import { octetsFrom } from '../input/read-file.js';
import { choiceFrom } from '../input/values.js';
import { certificateFacts } from '../output/certificate-rows.js';
import { decisionView } from '../output/decision-view.js';
import { printable } from '../output/style.js';
import { indented, pairs } from '../output/table.js';
import { namesFor } from '../station/names.js';
import { resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import { EXIT_HELD, EXIT_NO, type Report } from './report.js';

interface DecideOptions {
  readonly partner: string;
  readonly station?: string;
  readonly certificate: string;
  readonly description: string;
  readonly kind: string;
  readonly mode?: string;
}

type Session = ParsedReplyOf<typeof exchangeRequests.decide>['session'];

const MODES = ['full', 'exchange-only'] as const satisfies readonly SessionMode[];

/** As much as a certificate file may hold. */
const FILE_LIMIT = 65_536;
/** SFIDDESC (RFC 5024 §5.3.3). */
const DESCRIPTION_OCTETS = 999;

/** `certlane decide`: the acceptance chain without any effect. */
export function decideCommand(host: Host): Command {
  const command = withExamples(
    new Command('decide')
      .description('what would become of a certificate file if the partner sent it now; nothing is changed')
      .requiredOption('--partner <PARTNER>', 'Odette ID of whoever would send it (SFIDORIG)')
      .requiredOption('--certificate <FILE>', 'the file as it would come in')
      .option('--station <ODETTE-ID>', 'our station, where several have this partner')
      .option('--description <TEXT>', 'SFIDDESC as it would come in: the CLID of the certificate it follows', '')
      .option('--kind <KIND>', `why it would come: ${exchangeKinds.join(', ')}`, 'deliver')
      .option(
        '--mode <MODE>',
        'the session it would come in: full, or exchange-only for the bypass; unless told the bypass while it is open',
      )
      .action(host.action(decide)),
    'decide --partner O0177BETA --certificate beta.pem',
    'decide --partner O0177BETA --certificate beta.pem --kind replace --description "CN=oftp.beta.example…"',
  );
  return withExitStatus(
    command,
    `0 it would be taken over; ${EXIT_NO} it would be refused; ${EXIT_HELD} it would wait for a person.`,
  );
}

async function decide(context: Context, options: DecideOptions): Promise<Report> {
  const kind = choiceFrom(options.kind, '--kind', exchangeKinds);
  const mode = options.mode === undefined ? undefined : choiceFrom(options.mode, '--mode', MODES);
  const { description } = options;
  const octets = Buffer.byteLength(description);
  if (octets > DESCRIPTION_OCTETS) {
    const problem = `SFIDDESC has ${DESCRIPTION_OCTETS} octets at most, this has ${octets}; no partner could send it`;
    throw invalid('--description', description, problem);
  }
  const path = context.path(options.certificate);
  const content = await octetsFrom(path, '--certificate', options.certificate, FILE_LIMIT);
  const bus = await context.bus();
  const ref = await resolvePartner(bus, options.partner, options.station, '--partner');
  const reply = await bus.request(
    exchangeRequests.decide,
    { ...ref, kind, ...(mode === undefined ? {} : { mode }), description, octets: content.toString('base64') },
    { timeoutMs: DECISION_MS },
  );
  const exitStatus = { accepted: 0, refused: EXIT_NO, held: EXIT_HELD }[reply.decision.outcome];
  if (context.json) return { data: reply, text: '', exitStatus };
  const { decision, session, certificate, answer } = reply;
  const names = await namesFor(bus, [decision.validation], certificate === undefined ? [] : [certificate]);
  const { style } = context;
  const parts = [
    style.strong(`If ${ref.partner} sent this now`) + style.faint(` (${sessionWords(session)}; nothing was changed)`),
    decisionView(style, decision, names),
    '',
    style.strong('What it would get'),
    indented(answerWords(answer)),
  ];
  if (certificate !== undefined) {
    parts.push('', style.strong('Certificate'), indented(pairs(style, certificateFacts(certificate))));
  }
  return { data: reply, text: parts.join('\n'), exitStatus };
}

function sessionWords({ mode, secureAuthentication }: Session): string {
  if (mode === 'exchange-only') return 'in the bypass, where nobody has proven who is there';
  return secureAuthentication
    ? 'in a session with secure authentication'
    : 'in a session without secure authentication, which is off for it';
}

/** ca-store and the registry are asked on the way. */
const DECISION_MS = 30_000;

function answerWords(
  answer: { readonly kind: 'eerp' | 'nerp'; readonly text?: string | undefined } | undefined,
): string {
  if (answer === undefined) return 'nothing before a person has decided';
  if (answer.kind === 'eerp') return 'EERP: taken over';
  return `NERP${answer.text === undefined ? '' : `: ${printable(answer.text)}`}`;
}
