import type { Command } from 'commander';

/** Refuses an option that swallowed the next one as its value, and one that is given together with its opposite. */
export function refuseSlips(command: Command): void {
  const flags = command.options.map((option) => option.long);
  for (const option of command.options) {
    if (option.required) {
      command.on(`option:${option.name()}`, (value: unknown) => {
        if (typeof value === 'string' && flags.includes(value)) {
          command.error(`error: option '${option.flags}' argument missing`);
        }
      });
    }
    if (option.negate) refuseBoth(command, option.name().replace(/^no-/, ''));
  }
}

function refuseBoth(command: Command, name: string): void {
  const given = new Set<string>();
  for (const one of [name, `no-${name}`]) {
    command.on(`option:${one}`, () => {
      given.add(one);
      if (given.size === 2) command.error(`error: option '--${name}' cannot be used with option '--no-${name}'`);
    });
  }
}
