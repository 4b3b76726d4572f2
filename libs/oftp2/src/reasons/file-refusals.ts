import type { ReasonRow } from './reason.js';

/** The reasons that SFNAREAS and EFNAREAS share, code by code. RFC 5024 §5.3.5, §5.3.10 */
export const FILE_REFUSALS = [
  { name: 'invalidFilename', code: 1, text: 'Invalid filename' },
  { name: 'invalidDestination', code: 2, text: 'Invalid destination' },
  { name: 'invalidOrigin', code: 3, text: 'Invalid origin' },
  { name: 'recordFormatNotSupported', code: 4, text: 'Storage record format not supported' },
  { name: 'recordLengthNotSupported', code: 5, text: 'Maximum record length not supported' },
  { name: 'fileSizeTooBig', code: 6, text: 'File size is too big' },
  { name: 'invalidRecordCount', code: 10, text: 'Invalid record count' },
  { name: 'invalidByteCount', code: 11, text: 'Invalid byte count' },
  { name: 'accessMethodFailure', code: 12, text: 'Access method failure' },
  { name: 'duplicateFile', code: 13, text: 'Duplicate file' },
  { name: 'fileDirectionRefused', code: 14, text: 'File direction refused' },
  { name: 'cipherSuiteNotSupported', code: 15, text: 'Cipher suite not supported' },
  { name: 'encryptedFileNotAllowed', code: 16, text: 'Encrypted file not allowed' },
  { name: 'unencryptedFileNotAllowed', code: 17, text: 'Unencrypted file not allowed' },
  { name: 'compressionNotAllowed', code: 18, text: 'Compression not allowed' },
  { name: 'signedFileNotAllowed', code: 19, text: 'Signed file not allowed' },
  { name: 'unsignedFileNotAllowed', code: 20, text: 'Unsigned file not allowed' },
] as const satisfies readonly ReasonRow[];
