import type { CommandOf, CommandTable } from './field.js';

/** Negative End Response. RFC 5024 §5.3.14 */
export const NERP = {
  name: 'NERP',
  octet: 'N',
  section: '5.3.14',
  title: 'Negative End Response',
  direction: 'Speaker to Listener',
  fields: [
    { name: 'NERPCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    {
      name: 'NERPDSN',
      position: 1,
      format: 'V X(26)',
      meaning: 'SFIDDSN of the file, octet by octet',
      required: true,
      charset: 'printable',
      signed: true,
    },
    { name: 'NERPRSV1', position: 27, format: 'F X(6)', meaning: 'Reserved', role: 'reserved' },
    { name: 'NERPDATE', position: 33, format: 'V 9(8)', meaning: 'SFIDDATE of the file', signed: true },
    { name: 'NERPTIME', position: 41, format: 'V 9(10)', meaning: 'SFIDTIME of the file', signed: true },
    {
      name: 'NERPDEST',
      position: 51,
      format: 'V X(25)',
      meaning: 'Originator of the file: its SFIDORIG',
      required: true,
      charset: 'printable',
      signed: true,
    },
    {
      name: 'NERPORIG',
      position: 76,
      format: 'V X(25)',
      meaning: 'Final recipient of the file: its SFIDDEST',
      required: true,
      charset: 'printable',
      signed: true,
    },
    {
      name: 'NERPCREA',
      position: 101,
      format: 'V X(25)',
      meaning: 'Station that created the NERP',
      required: true,
      charset: 'printable',
      signed: true,
    },
    { name: 'NERPREAS', position: 126, format: 'F 9(2)', meaning: 'Reason', reason: 'NERP' },
    { name: 'NERPREASL', position: 128, format: 'V 9(3)', meaning: 'Octets of NERPREAST', role: 'length' },
    { name: 'NERPREAST', position: 131, format: 'V T(n)', meaning: 'Reason text' },
    { name: 'NERPHSHL', position: null, format: 'V U(2)', meaning: 'Octets of NERPHSH', role: 'length' },
    { name: 'NERPHSH', position: null, format: 'V U(n)', meaning: 'Hash of the transmitted file', signed: true },
    { name: 'NERPSIGL', position: null, format: 'V U(2)', meaning: 'Octets of NERPSIG; 0: not signed', role: 'length' },
    { name: 'NERPSIG', position: null, format: 'V U(n)', meaning: 'Signature, CMS SignedData' },
  ],
} as const satisfies CommandTable;

/** The command object of NERP. */
export type Nerp = CommandOf<typeof NERP>;
