import type { CommandOf, CommandTable } from './field.js';

/** End File Negative Answer. RFC 5024 §5.3.10 */
export const EFNA = {
  name: 'EFNA',
  octet: '5',
  section: '5.3.10',
  title: 'End File Negative Answer',
  direction: 'Listener to Speaker',
  fields: [
    { name: 'EFNACMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'EFNAREAS', position: 1, format: 'F 9(2)', meaning: 'Answer reason', reason: 'EFNA' },
    { name: 'EFNAREASL', position: 3, format: 'V 9(3)', meaning: 'Octets of EFNAREAST', role: 'length' },
    { name: 'EFNAREAST', position: 6, format: 'V T(n)', meaning: 'Answer reason text' },
  ],
} as const satisfies CommandTable;

/** The command object of EFNA. */
export type Efna = CommandOf<typeof EFNA>;
