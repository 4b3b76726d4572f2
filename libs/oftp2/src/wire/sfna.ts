import type { CommandOf, CommandTable } from './field.js';

/** Start File Negative Answer. RFC 5024 §5.3.5 */
export const SFNA = {
  name: 'SFNA',
  octet: '3',
  section: '5.3.5',
  title: 'Start File Negative Answer',
  direction: 'Listener to Speaker',
  fields: [
    { name: 'SFNACMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'SFNAREAS', position: 1, format: 'F 9(2)', meaning: 'Answer reason', reason: 'SFNA' },
    { name: 'SFNARRTR', position: 3, format: 'F X(1)', meaning: 'Retry later', values: ['Y', 'N'] },
    { name: 'SFNAREASL', position: 4, format: 'V 9(3)', meaning: 'Octets of SFNAREAST', role: 'length' },
    { name: 'SFNAREAST', position: 7, format: 'V T(n)', meaning: 'Answer reason text' },
  ],
} as const satisfies CommandTable;

/** The command object of SFNA. */
export type Sfna = CommandOf<typeof SFNA>;
