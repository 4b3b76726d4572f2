import type { CommandOf, CommandTable } from './field.js';

/** Authentication Response. RFC 5024 §5.3.18 */
export const AURP = {
  name: 'AURP',
  octet: 'S',
  section: '5.3.18',
  title: 'Authentication Response',
  direction: 'Initiator to Responder, then back',
  fields: [
    { name: 'AURPCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'AURPRSP', position: 1, format: 'V U(20)', meaning: 'The challenge, decrypted', secret: true },
  ],
} as const satisfies CommandTable;

/** The command object of AURP. */
export type Aurp = CommandOf<typeof AURP>;
