export type { Reason, ReasonKind, ReasonRow } from './reasons/reason.js';
export { EsidReason, esidReasons } from './reasons/esid.js';
export { SfnaReason, sfnaReasons } from './reasons/sfna.js';
export { EfnaReason, efnaReasons } from './reasons/efna.js';
export { NerpReason, nerpReasons } from './reasons/nerp.js';
export { nerpReasonForEfna, nerpReasonForEsid, nerpReasonForSfna } from './reasons/to-nerp.js';
export type { Command, CommandName, CommandNamed } from './wire/command.js';
