import type { CommandOf, CommandTable } from './field.js';

/** Security Change Direction. RFC 5024 §5.3.16 */
export const SECD = {
  name: 'SECD',
  octet: 'J',
  section: '5.3.16',
  title: 'Security Change Direction',
  direction: 'Initiator to Responder, then back',
  fields: [{ name: 'SECDCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' }],
} as const satisfies CommandTable;

/** The command object of SECD. */
export type Secd = CommandOf<typeof SECD>;
