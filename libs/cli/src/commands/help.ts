import { Help, type Command, type Option } from 'commander';
import { commandPath } from './host.js';

/** An option as its help describes it: one that must be given says so. */
export function optionDescription(option: Option): string {
  const description = new Help().optionDescription(option);
  return option.mandatory ? `${description} (required)` : description;
}

/** The first line of the help of a command: what must be given stands there. */
export function commandUsage(command: Command): string {
  const required = command.options.filter((option) => option.mandatory).map((option) => option.flags);
  return [commandPath(command), ...required, command.usage()].join(' ');
}

/** What each exit status of a command means that has more than one of its own. */
const exitStatuses = new WeakMap<Command, string>();

/**
 * Says what the exit statuses of a command mean that are its own, or that it does something although it is a group.
 * @param meaning as it goes on behind `Exit status: `, with a full stop
 */
export function withExitStatus(command: Command, meaning = WHEN_DONE): Command {
  exitStatuses.set(command, meaning);
  return command;
}

const WHEN_DONE = '0 when done.';

/** Says at the end of a command's help what its exit status means, and where to read on. */
export function explain(command: Command): void {
  if (command.parent === null) return;
  const [child] = command.commands;
  const meaning = exitStatuses.get(command) ?? (child === undefined ? WHEN_DONE : undefined);
  if (meaning !== undefined) {
    command.addHelpText('after', `\nExit status: ${meaning} The others: certlane --help.`);
  }
  if (child !== undefined) {
    command.addHelpText('after', `\nEach explains itself, with examples: ${commandPath(child)} --help`);
  }
}
