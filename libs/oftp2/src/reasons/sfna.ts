import { FILE_REFUSALS } from './file-refusals.js';
import { constantsOf, ReasonTable, type Reason, type ReasonRow } from './reason.js';

const ROWS = [
  ...FILE_REFUSALS,
  { name: 'unspecified', code: 99, text: 'Unspecified reason' },
] as const satisfies readonly ReasonRow[];

/** Why a file is refused before its first octet, as SFNAREAS says it. RFC 5024 §5.3.5 */
export type SfnaReason = Reason<'SFNA'>;

/** Every SFNAREAS with its text. RFC 5024 §5.3.5 */
export const sfnaReasons = new ReasonTable('SFNA', ROWS);

/** SFNAREAS by name. RFC 5024 §5.3.5 */
export const SfnaReason = constantsOf(sfnaReasons, ROWS);
