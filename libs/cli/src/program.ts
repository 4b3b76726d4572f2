import { createRequire } from 'node:module';
import { Command } from 'commander';
import { CertlaneError, errorTable, isCertlaneError, toCertlaneError } from '@certlane/contracts';
import { approvalCommands } from './commands/approval.js';
import { auditCommand } from './commands/audit.js';
import { certificateCommands } from './commands/certificate.js';
import { decideCommand } from './commands/decide.js';
import { eventsCommand } from './commands/events.js';
import { exchangeCommands } from './commands/exchange.js';
import { Host, UsageError, commandPath } from './commands/host.js';
import { issuerCommands } from './commands/issuer.js';
import { partnerCommands } from './commands/partner.js';
import { EXIT_HELD, EXIT_INTERRUPTED, EXIT_NO, EXIT_REJECTED, EXIT_UNANSWERED } from './commands/report.js';
import { revocationListCommands } from './commands/revocation-list.js';
import { sendCommand } from './commands/send.js';
import { stationCommands } from './commands/station.js';
import { commandUsage, explain, optionDescription } from './commands/help.js';
import { refuseSlips } from './commands/slips.js';
import { trustListCommands } from './commands/trust-list.js';
import { upCommand } from './commands/up.js';
import { validateCommand } from './commands/validate.js';
import { printable } from './output/style.js';
import type { Terminal } from './terminal/terminal.js';

/** The whole command line, one line a group. */
export function certlaneProgram(host: Host): Command {
  const program = new Command('certlane')
    .description('Certificate exchange (ACX, SCX) for OFTP2 partners')
    .option('--data <DIR>', "the station's data folder (or CERTLANE_DATA)")
    .option('--json', 'print one JSON document instead of text')
    .option('--actor <NAME>', 'who acts, for the audit and where two persons are asked for (default: your login name)')
    .version(VERSION, '-V, --version', 'print the version')
    .addHelpText('after', `${FIRST_STEPS}\n${EXIT_STATUSES}`);
  program.addCommand(upCommand(host));
  program.addCommand(stationCommands(host));
  program.addCommand(certificateCommands(host));
  program.addCommand(issuerCommands(host));
  program.addCommand(trustListCommands(host));
  program.addCommand(revocationListCommands(host));
  program.addCommand(validateCommand(host));
  program.addCommand(partnerCommands(host));
  program.addCommand(sendCommand(host));
  program.addCommand(exchangeCommands(host));
  program.addCommand(approvalCommands(host));
  program.addCommand(decideCommand(host));
  program.addCommand(eventsCommand(host));
  program.addCommand(auditCommand(host));
  prepare(program, host.terminal);
  return program;
}

const { version: VERSION } = createRequire(import.meta.url)('../package.json') as { version: string };

const FIRST_STEPS = `
First steps:
  certlane up --data ./acme                                      # in a terminal of its own
  export CERTLANE_DATA=./acme
  certlane station add --id O0013000000ACME --password SECRET1 --host oftp.acme.example
  certlane certificate create --subject "CN=oftp.acme.example,O=Acme,C=DE" --csr acme.csr
  certlane issuer add authority.pem
  certlane partner add --id O0177BETA --password BETA1 --host oftp.beta.example --acx --secure-authentication`;

const EXIT_STATUSES = `
Exit status: 0 done; ${errorTable['invalid-argument'].exitStatus} wrong input; ${errorTable['not-found'].exitStatus} not found; ${errorTable['already-exists'].exitStatus} exists already; ${errorTable['failed-precondition'].exitStatus} not possible as things stand, or what came is not good;
${errorTable.conflict.exitStatus} changed meanwhile, try again; ${errorTable.unavailable.exitStatus} not reachable or no answer in time; ${EXIT_REJECTED} refused by the partner; ${EXIT_UNANSWERED} delivered, the partner has not answered yet;
${EXIT_NO} the answer is no (not trusted, would be refused, the audit trail is not whole); ${EXIT_HELD} it would wait for a person;
${errorTable.internal.exitStatus} a defect of ours; ${EXIT_INTERRUPTED} interrupted while waiting for the partner.

Every command explains itself with --help.`;

/**
 * Runs one command line.
 * @param words what stands after `certlane`
 * @returns the exit status
 */
export async function runCertlane(words: readonly string[], terminal: Terminal): Promise<number> {
  const host = new Host(terminal);
  const program = certlaneProgram(host);
  const [first, ...rest] = words;
  try {
    // commander's own `help` explains the first of several words only.
    await program.parseAsync(first === 'help' ? [...rest, '--help'] : words, { from: 'user' });
    return host.exitStatus;
  } catch (thrown) {
    if (thrown instanceof UsageError) return usage(terminal, thrown, words.includes('--json'));
    return failure(terminal, thrown, program.opts<{ json?: boolean }>().json === true);
  }
}

/** Commands made apart do not inherit: each is told how to fail and where to print. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, optionDescription, commandUsage })
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      // The sentence is printed once, by runCertlane.
      outputError: () => undefined,
    })
    .exitOverride((reason) => {
      throw new UsageError(command, reason);
    });
  refuseSlips(command);
  explain(command);
  for (const child of command.commands) prepare(child, terminal);
}

function usage(terminal: Terminal, error: UsageError, json: boolean): number {
  if (error.reason.exitCode === 0) return 0;
  // A group without a command below it: commander has shown its help.
  if (error.reason.code === 'commander.help') return errorTable['invalid-argument'].exitStatus;
  const [problem = '', suggestion = ''] = usageProblem(error)
    .replace(/^error: /, '')
    .split('\n');
  const hint = suggestion === '' ? '' : ` ${suggestion}`;
  // What was too much may be a password that slipped out of its option, and so may what an unknown option was given.
  const discreet = problem
    .replace(/( but got \d+): .*$/, '$1')
    .replace(/\. Expected/, ': expected')
    .replace(/(unknown option '(?:--[^=']*|-[^'-]))[^']*'/, "$1'");
  const message = `${discreet}${hint}; see ${commandPath(error.command)} --help`;
  if (json) terminal.out(JSON.stringify({ error: { code: 'invalid-argument', message, details: {} } }));
  terminal.err(`certlane: ${printable(message)}`);
  return errorTable['invalid-argument'].exitStatus;
}

/** A group that does something by itself takes a slip in the name of a command below it for an argument. */
function usageProblem({ command, reason }: UsageError): string {
  const [given = ''] = command.args;
  if (reason.code !== 'commander.excessArguments' || command.commands.length === 0) return reason.message;
  const known = command.commands.map((child) => `'${commandPath(child)}'`).join(', ');
  return `'${commandPath(command)}' has no command '${given}', only ${known}`;
}

/** One sentence on standard error; with `--json` the same for machines on standard output. */
function failure(terminal: Terminal, thrown: unknown, json: boolean): number {
  const ofPki = Error.isError(thrown) && thrown.name === 'PkiError';
  const error = ofPki ? new CertlaneError('invalid-argument', thrown.message) : toCertlaneError(thrown);
  if (json)
    terminal.out(JSON.stringify({ error: { code: error.code, message: error.message, details: error.details } }));
  // What was given may hold line ends and worse.
  terminal.err(`certlane: ${printable(error.message)}`);
  // A defect must be traceable from what the person sees; a refusal is complete as it is.
  if (!isCertlaneError(thrown) && !ofPki && terminal.env['CERTLANE_DEBUG'] !== undefined) {
    terminal.err(Error.isError(thrown) ? (thrown.stack ?? '') : String(thrown));
  }
  return errorTable[error.code].exitStatus;
}
