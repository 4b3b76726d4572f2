import { constantsOf, ReasonTable, type Reason, type ReasonRow } from './reason.js';

const ROWS = [
  { name: 'normalEnd', code: 0, text: 'Normal session termination' },
  { name: 'commandNotRecognised', code: 1, text: 'Command not recognised' },
  { name: 'protocolViolation', code: 2, text: 'Protocol violation' },
  { name: 'userCodeNotKnown', code: 3, text: 'User code not known' },
  { name: 'invalidPassword', code: 4, text: 'Invalid password' },
  { name: 'emergencyCloseDown', code: 5, text: 'Local site emergency close down' },
  { name: 'invalidData', code: 6, text: 'Command contained invalid data' },
  { name: 'bufferSizeError', code: 7, text: 'Exchange Buffer size error' },
  { name: 'resourcesNotAvailable', code: 8, text: 'Resources not available' },
  { name: 'timeOut', code: 9, text: 'Time out' },
  { name: 'incompatibleMode', code: 10, text: 'Mode or capabilities incompatible' },
  { name: 'invalidChallengeResponse', code: 11, text: 'Invalid challenge response' },
  { name: 'incompatibleAuthentication', code: 12, text: 'Secure authentication requirements incompatible' },
  { name: 'unspecified', code: 99, text: 'Unspecified reason' },
] as const satisfies readonly ReasonRow[];

/** Why a session ended, as ESIDREAS says it. RFC 5024 §5.3.11 */
export type EsidReason = Reason<'ESID'>;

/** Every ESIDREAS with its text. RFC 5024 §5.3.11 */
export const esidReasons = new ReasonTable('ESID', ROWS);

/** ESIDREAS by name. RFC 5024 §5.3.11 */
export const EsidReason = constantsOf(esidReasons, ROWS);
