import type { CommandOf, CommandTable } from './field.js';

/** Ready To Receive. RFC 5024 §5.3.15, whose direction is a slip: it answers EERP and NERP, whoever speaks. */
export const RTR = {
  name: 'RTR',
  octet: 'P',
  section: '5.3.15',
  title: 'Ready To Receive',
  direction: 'Listener to Speaker',
  fields: [{ name: 'RTRCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' }],
} as const satisfies CommandTable;

/** The command object of RTR. */
export type Rtr = CommandOf<typeof RTR>;
