import type { CommandOf, CommandTable } from './field.js';

/** Start Session Ready Message. RFC 5024 §5.3.1 */
export const SSRM = {
  name: 'SSRM',
  octet: 'I',
  section: '5.3.1',
  title: 'Start Session Ready Message',
  direction: 'Responder to Initiator',
  fields: [
    { name: 'SSRMCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    {
      name: 'SSRMMSG',
      position: 1,
      format: 'F X(17)',
      meaning: 'Ready message',
      role: 'constant',
      constant: 'ODETTE FTP READY ',
    },
    { name: 'SSRMCR', position: 18, format: 'F X(1)', meaning: 'Carriage return', role: 'carriage return' },
  ],
} as const satisfies CommandTable;

/** The command object of SSRM. */
export type Ssrm = CommandOf<typeof SSRM>;
