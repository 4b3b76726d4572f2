import type { CommandOf, CommandTable } from './field.js';

/** Authentication Challenge. RFC 5024 §5.3.17 */
export const AUCH = {
  name: 'AUCH',
  octet: 'A',
  section: '5.3.17',
  title: 'Authentication Challenge',
  direction: 'Responder to Initiator, then back',
  fields: [
    { name: 'AUCHCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'AUCHCHLL', position: 1, format: 'V U(2)', meaning: 'Octets of AUCHCHAL', role: 'length' },
    { name: 'AUCHCHAL', position: 3, format: 'V U(n)', meaning: 'CMS EnvelopedData of 20 octets', secret: true },
  ],
} as const satisfies CommandTable;

/** The command object of AUCH. */
export type Auch = CommandOf<typeof AUCH>;
