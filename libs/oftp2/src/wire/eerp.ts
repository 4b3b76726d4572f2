import type { CommandOf, CommandTable } from './field.js';

/** End to End Response. RFC 5024 §5.3.13 */
export const EERP = {
  name: 'EERP',
  octet: 'E',
  section: '5.3.13',
  title: 'End to End Response',
  direction: 'Speaker to Listener',
  fields: [
    { name: 'EERPCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    {
      name: 'EERPDSN',
      position: 1,
      format: 'V X(26)',
      meaning: 'SFIDDSN of the file, octet by octet',
      required: true,
      charset: 'printable',
      signed: true,
    },
    { name: 'EERPRSV1', position: 27, format: 'F X(3)', meaning: 'Reserved', role: 'reserved' },
    { name: 'EERPDATE', position: 30, format: 'V 9(8)', meaning: 'SFIDDATE of the file', signed: true },
    { name: 'EERPTIME', position: 38, format: 'V 9(10)', meaning: 'SFIDTIME of the file', signed: true },
    { name: 'EERPUSER', position: 48, format: 'V X(8)', meaning: 'User data', charset: 'printable' },
    {
      name: 'EERPDEST',
      position: 56,
      format: 'V X(25)',
      meaning: 'Originator of the file: its SFIDORIG',
      required: true,
      charset: 'printable',
      signed: true,
    },
    {
      name: 'EERPORIG',
      position: 81,
      format: 'V X(25)',
      meaning: 'Final recipient of the file: its SFIDDEST',
      required: true,
      charset: 'printable',
      signed: true,
    },
    { name: 'EERPHSHL', position: 106, format: 'V U(2)', meaning: 'Octets of EERPHSH', role: 'length' },
    { name: 'EERPHSH', position: 108, format: 'V U(n)', meaning: 'Hash of the transmitted file', signed: true },
    { name: 'EERPSIGL', position: null, format: 'V U(2)', meaning: 'Octets of EERPSIG; 0: not signed', role: 'length' },
    { name: 'EERPSIG', position: null, format: 'V U(n)', meaning: 'Signature, CMS SignedData' },
  ],
} as const satisfies CommandTable;

/** The command object of EERP. */
export type Eerp = CommandOf<typeof EERP>;
