import type { CommandOf, CommandTable, SendingRule } from './field.js';

/** Start File. RFC 5024 §5.3.3 */
export const SFID = {
  name: 'SFID',
  octet: 'H',
  section: '5.3.3',
  title: 'Start File',
  direction: 'Speaker to Listener',
  fields: [
    { name: 'SFIDCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    {
      name: 'SFIDDSN',
      position: 1,
      format: 'V X(26)',
      meaning: 'Virtual file dataset name',
      required: true,
      charset: 'X with underscore',
      unchecked: true,
    },
    { name: 'SFIDRSV1', position: 27, format: 'F X(3)', meaning: 'Reserved', role: 'reserved' },
    { name: 'SFIDDATE', position: 30, format: 'V 9(8)', meaning: 'Date stamp CCYYMMDD' },
    { name: 'SFIDTIME', position: 38, format: 'V 9(10)', meaning: 'Time stamp HHMMSScccc' },
    { name: 'SFIDUSER', position: 48, format: 'V X(8)', meaning: 'User data' },
    { name: 'SFIDDEST', position: 56, format: 'V X(25)', meaning: 'Final recipient', required: true },
    { name: 'SFIDORIG', position: 81, format: 'V X(25)', meaning: 'Originator', required: true },
    { name: 'SFIDFMT', position: 106, format: 'F X(1)', meaning: 'File format', values: ['F', 'V', 'U', 'T'] },
    { name: 'SFIDLRECL', position: 107, format: 'V 9(5)', meaning: 'Longest record in octets' },
    { name: 'SFIDFSIZ', position: 112, format: 'V 9(13)', meaning: 'Transmitted size in 1024-octet blocks' },
    { name: 'SFIDOSIZ', position: 125, format: 'V 9(13)', meaning: 'Original size in 1024-octet blocks' },
    { name: 'SFIDREST', position: 138, format: 'V 9(17)', meaning: 'Restart position offered' },
    { name: 'SFIDSEC', position: 155, format: 'F 9(2)', meaning: 'Security level', listed: [0, 1, 2, 3] },
    {
      name: 'SFIDCIPH',
      position: 157,
      format: 'F 9(2)',
      meaning: 'Cipher suite',
      listed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    },
    { name: 'SFIDCOMP', position: 159, format: 'F 9(1)', meaning: 'File compression', listed: [0, 1] },
    { name: 'SFIDENV', position: 160, format: 'F 9(1)', meaning: 'File envelope', listed: [0, 1] },
    { name: 'SFIDSIGN', position: 161, format: 'F X(1)', meaning: 'Signed EERP wanted', values: ['Y', 'N'] },
    { name: 'SFIDDESCL', position: 162, format: 'V 9(3)', meaning: 'Octets of SFIDDESC', role: 'length' },
    { name: 'SFIDDESC', position: 165, format: 'V T(n)', meaning: 'Description' },
  ],
} as const satisfies CommandTable;

/** The command object of SFID. */
export type Sfid = CommandOf<typeof SFID>;

const LONGEST_SECURED_RECORD = 65535;

/** What must fit together before an SFID leaves us. */
export const SFID_RULES = [
  {
    section: '5.3.3',
    text: 'SFIDLRECL is 0 for SFIDFMT U and T, at least 1 for F and V',
    holds: (sfid: Sfid) => (sfid.SFIDFMT === 'F' || sfid.SFIDFMT === 'V') === sfid.SFIDLRECL > 0,
  },
  {
    // The RFC prints 65536, which two octets of record length cannot say.
    section: '5.3.3',
    text: `SFIDLRECL is at most ${LONGEST_SECURED_RECORD} for a signed, compressed or encrypted SFIDFMT V`,
    holds: (sfid: Sfid) =>
      sfid.SFIDFMT !== 'V' || (sfid.SFIDSEC === 0 && sfid.SFIDCOMP === 0) || sfid.SFIDLRECL <= LONGEST_SECURED_RECORD,
  },
  {
    section: '5.3.3',
    text: 'SFIDENV is 1 for a signed, compressed or encrypted file',
    holds: (sfid: Sfid) => (sfid.SFIDSEC === 0 && sfid.SFIDCOMP === 0) || sfid.SFIDENV === 1,
  },
  {
    section: '5.3.3',
    text: 'SFIDCIPH names a suite for a signed or encrypted file',
    holds: (sfid: Sfid) => sfid.SFIDSEC === 0 || sfid.SFIDCIPH !== 0,
  },
  {
    section: '5.3.3',
    text: 'the last four digits of SFIDTIME count from 0001',
    holds: (sfid: Sfid) => sfid.SFIDTIME % 10_000 !== 0,
  },
] as const satisfies readonly SendingRule[];
