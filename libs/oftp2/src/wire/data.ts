import type { CommandOf, CommandTable } from './field.js';

/** Data Exchange Buffer. RFC 5024 §5.3.6 */
export const DATA = {
  name: 'DATA',
  octet: 'D',
  section: '5.3.6',
  title: 'Data Exchange Buffer',
  direction: 'Speaker to Listener',
  fields: [
    { name: 'DATACMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    {
      name: 'DATABUF',
      position: 1,
      format: 'V U(n)',
      meaning: 'Subrecords; all that is left of the buffer',
      property: 'payload',
      secret: true,
    },
  ],
} as const satisfies CommandTable;

/** The command object of DATA; `payload` is a view of the exchange buffer it was decoded from. */
export type Data = CommandOf<typeof DATA>;
