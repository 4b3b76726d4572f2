import type { LeniencyName } from '../wire/leniencies.js';
import type { Tolerance } from './machine.js';
import type { Indication } from './primitives.js';
import type { TimerKind } from './timers.js';

/**
 * What the driver of a session does, in the order given. Effects of a request made meanwhile come after those still to be
 * done: nothing may overtake, least of all an ESID.
 */
export type Effect =
  /** Write these octets, whole frames, to the connection; `released` may be used again when they are written. */
  | { readonly effect: 'send'; readonly octets: Uint8Array; readonly released?: Uint8Array | undefined }
  /** Tell the user. */
  | { readonly effect: 'indicate'; readonly indication: Indication }
  /** Call `timeout(timer)` after that time; a timer of that kind still running is replaced. */
  | { readonly effect: 'startTimer'; readonly timer: TimerKind; readonly milliseconds: number }
  | { readonly effect: 'stopTimer'; readonly timer: TimerKind }
  /** Open the connection, then call `connected()`; call `disconnected()` where that fails. */
  | { readonly effect: 'connect' }
  /** Close the connection after what was sent has gone out. */
  | { readonly effect: 'disconnect' }
  /** Worth one line in the log: the peer departed from the RFC and was let. */
  | { readonly effect: 'tolerate'; readonly what: LeniencyName | Tolerance | 'header-flags'; readonly field?: string };
