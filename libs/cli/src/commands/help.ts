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

/** Says at the end of a command's help where to read on. */
export function explain(command: Command): void {
  if (command.parent === null) return;
  const [child] = command.commands;
  command.addHelpText(
    'after',
    child === undefined
      ? '\nExit status: 0 when done; certlane --help lists the others.'
      : `\nEach explains itself, with examples: ${commandPath(child)} --help`,
  );
}
