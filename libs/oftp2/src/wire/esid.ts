import type { CommandOf, CommandTable } from './field.js';

/** End Session. RFC 5024 §5.3.11 */
export const ESID = {
  name: 'ESID',
  octet: 'F',
  section: '5.3.11',
  title: 'End Session',
  direction: 'Speaker to Listener; for an error, either',
  fields: [
    { name: 'ESIDCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'ESIDREAS', position: 1, format: 'F 9(2)', meaning: 'Reason', reason: 'ESID' },
    { name: 'ESIDREASL', position: 3, format: 'V 9(3)', meaning: 'Octets of ESIDREAST', role: 'length' },
    { name: 'ESIDREAST', position: 6, format: 'V T(n)', meaning: 'Reason text' },
    { name: 'ESIDCR', position: null, format: 'F X(1)', meaning: 'Carriage return', role: 'carriage return' },
  ],
} as const satisfies CommandTable;

/** The command object of ESID. */
export type Esid = CommandOf<typeof ESID>;
