import type { CommandOf, CommandTable } from './field.js';

/** Set Credit. RFC 5024 §5.3.7 */
export const CDT = {
  name: 'CDT',
  octet: 'C',
  section: '5.3.7',
  title: 'Set Credit',
  direction: 'Listener to Speaker',
  fields: [
    { name: 'CDTCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'CDTRSV1', position: 1, format: 'F X(2)', meaning: 'Reserved', role: 'reserved' },
  ],
} as const satisfies CommandTable;

/** The command object of CDT. */
export type Cdt = CommandOf<typeof CDT>;
