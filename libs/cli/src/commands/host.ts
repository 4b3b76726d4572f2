import type { Command, CommanderError } from 'commander';
import { inOptions } from '../input/option-names.js';
import type { Terminal } from '../terminal/terminal.js';
import { Context, type GlobalOptions } from './context.js';
import type { Report } from './report.js';

/** A command line that commander does not take, with the command it was meant for. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    readonly command: Command,
    readonly reason: CommanderError,
  ) {
    super(reason.message);
  }
}

/** Runs handlers of commands and prints what they report. */
export class Host {
  exitStatus = 0;

  constructor(readonly terminal: Terminal) {}

  /** Makes a handler an action of commander: it gets its context first, then arguments and options as commander gives them. */
  action<Args extends unknown[]>(
    handler: (context: Context, ...args: Args) => Promise<Report | undefined>,
  ): (...given: [...Args, Command]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const context = new Context(this.terminal, command.optsWithGlobals<GlobalOptions>());
      try {
        const report = await handler(context, ...(given.slice(0, -1) as Args));
        if (report === undefined) return;
        this.terminal.out(context.json ? JSON.stringify(report.data) : report.text);
        this.exitStatus = report.exitStatus ?? 0;
      } catch (thrown) {
        throw inOptions(thrown);
      } finally {
        await context.close();
      }
    };
  }
}

/** `certlane partner add`: a command with the names of those above it. */
export function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

/** Adds examples below the help of a command; each is a whole command line without `certlane`. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  certlane ${example}`);
  return command.addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
}
