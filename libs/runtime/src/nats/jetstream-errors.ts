/** JetStream API error: no such stream. */
export const STREAM_NOT_FOUND = 10_059;
/** JetStream API error: no such consumer. */
export const CONSUMER_NOT_FOUND = 10_014;
/** JetStream API error: another write came first. */
export const WRONG_LAST_SEQUENCE = 10_071;
/** The same, found out while replicating. */
export const WRONG_LAST_SEQUENCE_UNKNOWN = 10_164;
/** JetStream API error: no message has this sequence (any more). */
export const NO_MESSAGE_FOUND = 10_037;
/** JetStream API error: deleting a message by sequence failed, usually for the same reason. */
export const MESSAGE_DELETE_FAILED = 10_057;

/** `err_code` of a JetStream API error; undefined for everything else. */
export function jetstreamErrorCode(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('apiError' in thrown)) return undefined;
  return (thrown as { apiError(): { err_code: number } }).apiError().err_code;
}
