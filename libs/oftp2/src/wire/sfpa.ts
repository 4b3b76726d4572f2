import type { CommandOf, CommandTable } from './field.js';

/** Start File Positive Answer. RFC 5024 §5.3.4 */
export const SFPA = {
  name: 'SFPA',
  octet: '2',
  section: '5.3.4',
  title: 'Start File Positive Answer',
  direction: 'Listener to Speaker',
  fields: [
    { name: 'SFPACMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'SFPAACNT', position: 1, format: 'V 9(17)', meaning: 'Restart position accepted' },
  ],
} as const satisfies CommandTable;

/** The command object of SFPA. */
export type Sfpa = CommandOf<typeof SFPA>;
