import type { EsidReason } from '../reasons/esid.js';

/**
 * The peer broke the protocol on the wire: the session ends with ESID `reason`. The message names field and rule and never
 * repeats what the peer sent, so it may be ESIDREAST and may be logged. RFC 5024 §5.3.11
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code = 'OFTP2_PROTOCOL';

  /**
   * @param reason what ESIDREAS says
   * @param message what ESIDREAST may say
   */
  constructor(
    readonly reason: EsidReason,
    message: string,
  ) {
    super(message);
  }
}

/** A command we were about to send does not fit its fields: nothing is cut or rounded to make it fit. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly code = 'OFTP2_ENCODE';

  /**
   * @param field the RFC's name of the field, or of the command where a rule between fields is broken
   * @param message field, value (unless secret) and what would be right
   */
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}
