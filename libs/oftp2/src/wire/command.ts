import { AUCH, type Auch } from './auch.js';
import { AURP, type Aurp } from './aurp.js';
import { CD, type Cd } from './cd.js';
import { CDT, type Cdt } from './cdt.js';
import { DATA, type Data } from './data.js';
import { EERP, type Eerp } from './eerp.js';
import { EFID, type Efid } from './efid.js';
import { EFNA, type Efna } from './efna.js';
import { EFPA, type Efpa } from './efpa.js';
import { ESID, type Esid } from './esid.js';
import type { CommandTable } from './field.js';
import { NERP, type Nerp } from './nerp.js';
import { RTR, type Rtr } from './rtr.js';
import { SECD, type Secd } from './secd.js';
import { SFID, type Sfid } from './sfid.js';
import { SFNA, type Sfna } from './sfna.js';
import { SFPA, type Sfpa } from './sfpa.js';
import { SSID, type Ssid } from './ssid.js';
import { SSRM, type Ssrm } from './ssrm.js';

/**
 * A command of ODETTE-FTP 2, told apart by `command`. Fields carry the RFC's names; command octets, lengths, reserved
 * fields and carriage returns are the codec's business. X and T fields are strings (X without trailing spaces), numbers
 * up to 13 digits are numbers, 17 digits bigints, U fields octets. RFC 5024 §5.3
 */
export type Command =
  | Ssrm
  | Ssid
  | Secd
  | Auch
  | Aurp
  | Sfid
  | Sfpa
  | Sfna
  | Data
  | Cdt
  | Efid
  | Efpa
  | Efna
  | Esid
  | Cd
  | Eerp
  | Nerp
  | Rtr;

/** The name of a command. */
export type CommandName = Command['command'];

/** The command object with this name. */
export type CommandNamed<Name extends CommandName> = Extract<Command, { command: Name }>;

/** Every command, in the order of RFC 5024 §5.3. */
export const COMMANDS = {
  SSRM,
  SSID,
  SFID,
  SFPA,
  SFNA,
  DATA,
  CDT,
  EFID,
  EFPA,
  EFNA,
  ESID,
  CD,
  EERP,
  NERP,
  RTR,
  SECD,
  AUCH,
  AURP,
} as const satisfies Readonly<Record<CommandName, CommandTable>>;
