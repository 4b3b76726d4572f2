import type { FetchReason } from '../../ports/fetcher.js';

/** Ends a fetch from any depth; becomes the refusal that the caller gets, and never leaves the adapter. */
export class FetchFailure extends Error {
  readonly reason: FetchReason;

  /** @param message completes "<address>: ..." */
  constructor(reason: FetchReason, message: string) {
    super(message);
    this.name = 'FetchFailure';
    this.reason = reason;
  }
}

/** What Node.js says about an error of a socket, a name, TLS or a stream: its code where it has one. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return Error.isError(error) ? error.message : String(error);
}
