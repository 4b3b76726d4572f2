import { constantsOf, ReasonTable, type Reason, type ReasonRow } from './reason.js';

const ROWS = [
  { name: 'userCodeNotKnown', code: 3, text: 'User code not known' },
  { name: 'invalidPassword', code: 4, text: 'Invalid password' },
  { name: 'sessionEndedUnspecified', code: 9, text: 'Session ended for an unspecified reason' },
  { name: 'invalidFilename', code: 11, text: 'Invalid file name' },
  { name: 'invalidDestination', code: 12, text: 'Invalid destination' },
  { name: 'invalidOrigin', code: 13, text: 'Invalid origin' },
  { name: 'invalidRecordFormat', code: 14, text: 'Invalid storage record format' },
  { name: 'recordLengthNotSupported', code: 15, text: 'Maximum record length not supported' },
  { name: 'fileSizeTooBig', code: 16, text: 'File size too big' },
  { name: 'invalidRecordCount', code: 20, text: 'Invalid record count' },
  { name: 'invalidByteCount', code: 21, text: 'Invalid byte count' },
  { name: 'accessMethodFailure', code: 22, text: 'Access method failure' },
  { name: 'duplicateFile', code: 23, text: 'Duplicate file' },
  { name: 'fileDirectionRefused', code: 24, text: 'File direction refused' },
  { name: 'cipherSuiteNotSupported', code: 25, text: 'Cipher suite not supported' },
  { name: 'encryptedFileNotAllowed', code: 26, text: 'Encrypted file not allowed' },
  { name: 'unencryptedFileNotAllowed', code: 27, text: 'Unencrypted file not allowed' },
  { name: 'compressionNotAllowed', code: 28, text: 'Compression not allowed' },
  { name: 'signedFileNotAllowed', code: 29, text: 'Signed file not allowed' },
  { name: 'unsignedFileNotAllowed', code: 30, text: 'Unsigned file not allowed' },
  { name: 'invalidFileSignature', code: 31, text: 'File signature not valid' },
  { name: 'decompressionFailed', code: 32, text: 'File decompression failed' },
  { name: 'decryptionFailed', code: 33, text: 'File decryption failed' },
  { name: 'processingFailed', code: 34, text: 'File processing failed' },
  { name: 'notDelivered', code: 35, text: 'Not delivered to recipient' },
  { name: 'notAcknowledged', code: 36, text: 'Not acknowledged by recipient' },
  { name: 'stoppedByOperator', code: 50, text: 'Transmission stopped by the operator' },
  { name: 'sizeIncompatibleWithVersion', code: 90, text: "File size incompatible with recipient's protocol version" },
  { name: 'unspecified', code: 99, text: 'Unspecified reason' },
] as const satisfies readonly ReasonRow[];

/** Why a file found no good end after all, as NERPREAS says it. RFC 5024 §5.3.14 */
export type NerpReason = Reason<'NERP'>;

/** Every NERPREAS with its text. RFC 5024 §5.3.14 */
export const nerpReasons = new ReasonTable('NERP', ROWS);

/** NERPREAS by name. RFC 5024 §5.3.14 */
export const NerpReason = constantsOf(nerpReasons, ROWS);
