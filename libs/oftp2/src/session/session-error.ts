import type { UserError } from './machine.js';
import type { SessionState } from './states.js';

/** A request that the session did not carry out; it is in the state it was in, and goes on. */
export class SessionRequestError extends Error {
  override readonly name = 'SessionRequestError';
  readonly code = 'OFTP2_REQUEST';

  /**
   * @param problem `session-ended` also befalls a driver that asked in good time: the peer was quicker
   * @param state the state the session is still in
   */
  constructor(
    readonly problem: UserError['problem'],
    readonly state: SessionState,
    message: string,
  ) {
    super(message);
  }
}
