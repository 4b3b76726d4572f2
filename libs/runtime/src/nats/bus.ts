import type { ParsedReplyOf, RequestContract, RequestOf } from '@certlane/contracts';
import type { OutboxMessage } from '../store/messages.js';

/** How a request is made. */
export interface RequestOptions {
  /** Milliseconds to wait for the reply; 5,000 unless told. */
  readonly timeoutMs?: number;
}

/** The bus as a service or the command line uses it. */
export interface Bus {
  /**
   * Asks a service and waits for its reply; both are checked against the contract, trace context goes along.
   * @throws {CertlaneError} `invalid-argument` before sending when the request does not fit its contract; the code the service
   *   refused with; `unavailable` when none answers in time or the bus is away; `internal` when the reply does not fit
   */
  request<C extends RequestContract>(
    contract: C,
    input: RequestOf<C>,
    options?: RequestOptions,
  ): Promise<ParsedReplyOf<C>>;
  /**
   * Publishes an event or a job and waits until its stream holds it; the same id again is no second message.
   * A change in a store brings its messages along itself: this is for what has no document.
   * @throws {CertlaneError} `unavailable`
   */
  publish(message: OutboxMessage): Promise<void>;
}
