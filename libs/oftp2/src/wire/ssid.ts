import type { CommandOf, CommandTable } from './field.js';

/** Start Session. RFC 5024 §5.3.2 */
export const SSID = {
  name: 'SSID',
  octet: 'X',
  section: '5.3.2',
  title: 'Start Session',
  direction: 'Initiator to Responder, then back',
  fields: [
    { name: 'SSIDCMD', position: 0, format: 'F X(1)', meaning: 'Command octet', role: 'command' },
    { name: 'SSIDLEV', position: 1, format: 'F 9(1)', meaning: 'Protocol level, 5 = 2.0', range: [1, 9] },
    { name: 'SSIDCODE', position: 2, format: 'V X(25)', meaning: "Sender's identification code", required: true },
    {
      name: 'SSIDPSWD',
      position: 27,
      format: 'V X(8)',
      meaning: "Sender's password",
      secret: true,
      charset: 'printable',
    },
    { name: 'SSIDSDEB', position: 35, format: 'V 9(5)', meaning: 'Largest DATA accepted', range: [128, 99999] },
    { name: 'SSIDSR', position: 40, format: 'F X(1)', meaning: 'Send, receive or both', values: ['S', 'R', 'B'] },
    { name: 'SSIDCMPR', position: 41, format: 'F X(1)', meaning: 'Buffer compression', values: ['Y', 'N'] },
    { name: 'SSIDREST', position: 42, format: 'F X(1)', meaning: 'Restart', values: ['Y', 'N'] },
    { name: 'SSIDSPEC', position: 43, format: 'F X(1)', meaning: 'Special logic (X.25 only)', values: ['Y', 'N'] },
    { name: 'SSIDCRED', position: 44, format: 'V 9(3)', meaning: 'Credit: DATA before CDT', range: [1, 999] },
    { name: 'SSIDAUTH', position: 47, format: 'F X(1)', meaning: 'Secure authentication', values: ['Y', 'N'] },
    { name: 'SSIDRSV1', position: 48, format: 'F X(4)', meaning: 'Reserved', role: 'reserved' },
    { name: 'SSIDUSER', position: 52, format: 'V X(8)', meaning: 'User data' },
    { name: 'SSIDCR', position: 60, format: 'F X(1)', meaning: 'Carriage return', role: 'carriage return' },
  ],
} as const satisfies CommandTable;

/** The command object of SSID. */
export type Ssid = CommandOf<typeof SSID>;
