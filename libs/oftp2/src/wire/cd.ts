import type { CommandOf, CommandTable } from './field.js';

/** Change Direction. RFC 5024 §5.3.12 */
export const CD = {
  name: 'CD',
  octet: 'R',
  section: '5.3.12',
  title: 'Change Direction',
  direction: 'Speaker to Listener',
  fields: [{ name: 'CDCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' }],
} as const satisfies CommandTable;

/** The command object of CD. */
export type Cd = CommandOf<typeof CD>;
