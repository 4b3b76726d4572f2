import type { CommandOf, CommandTable } from './field.js';

/** End File Positive Answer. RFC 5024 §5.3.9 */
export const EFPA = {
  name: 'EFPA',
  octet: '4',
  section: '5.3.9',
  title: 'End File Positive Answer',
  direction: 'Listener to Speaker',
  fields: [
    { name: 'EFPACMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'EFPACD', position: 1, format: 'F X(1)', meaning: 'Change of direction wanted', values: ['Y', 'N'] },
  ],
} as const satisfies CommandTable;

/** The command object of EFPA. */
export type Efpa = CommandOf<typeof EFPA>;
