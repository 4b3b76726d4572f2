import type { CommandOf, CommandTable } from './field.js';

/** End File. RFC 5024 §5.3.8 */
export const EFID = {
  name: 'EFID',
  octet: 'T',
  section: '5.3.8',
  title: 'End File',
  direction: 'Speaker to Listener',
  fields: [
    { name: 'EFIDCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'EFIDRCNT', position: 1, format: 'V 9(17)', meaning: 'Records; 0 for SFIDFMT U and T' },
    { name: 'EFIDUCNT', position: 18, format: 'V 9(17)', meaning: 'Octets of the whole virtual file' },
  ],
} as const satisfies CommandTable;

/** The command object of EFID. */
export type Efid = CommandOf<typeof EFID>;
