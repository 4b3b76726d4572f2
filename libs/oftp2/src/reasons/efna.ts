import { FILE_REFUSALS } from './file-refusals.js';
import { constantsOf, ReasonTable, type Reason, type ReasonRow } from './reason.js';

const ROWS = [
  ...FILE_REFUSALS,
  { name: 'invalidFileSignature', code: 21, text: 'Invalid file signature' },
  { name: 'decryptionFailure', code: 22, text: 'File decryption failure' },
  { name: 'decompressionFailure', code: 23, text: 'File decompression failure' },
  { name: 'unspecified', code: 99, text: 'Unspecified reason' },
] as const satisfies readonly ReasonRow[];

/** Why a file is refused after its last octet, as EFNAREAS says it. RFC 5024 §5.3.10 */
export type EfnaReason = Reason<'EFNA'>;

/** Every EFNAREAS with its text. RFC 5024 §5.3.10 */
export const efnaReasons = new ReasonTable('EFNA', ROWS);

/** EFNAREAS by name. RFC 5024 §5.3.10 */
export const EfnaReason = constantsOf(efnaReasons, ROWS);
