import { EsidReason } from '../../reasons/esid.js';
import type { EventNamed } from '../events.js';
import { abandon, abort, go, indicate, stay, type Output } from '../machine.js';
import { X, type Cell, type StateTable } from './table.js';

/** RFC 5024 §9.9.1 */
export const ERROR_AND_ABORT_COLUMNS = ['IDLE', 'I_WF_NC', 'WF_NDISC', 'Other'] as const;

const DISCONNECT = { output: 'disconnect' } as const;

const A: Cell = (machine) => go(machine, 'IDLE', [DISCONNECT]);

/** The RFC closes without a word; ESID 09 exists to be said here. */
const B: Cell<EventNamed<'TIME_OUT'>> = (machine, { waitedFor }) =>
  abort(machine, EsidReason.timeOut, `Timed out waiting for ${waitedFor}`);

const C = A;

const D: Cell = (machine) => go(machine, 'IDLE', [DISCONNECT, gone('reset', 'Connection reset')]);

const E: Cell = (machine) => go(machine, 'IDLE', [gone('disconnected', 'No connection')]);

const F: Cell = (machine) => go(machine, 'IDLE', []);

const G: Cell = (machine) => go(machine, 'IDLE', [gone('disconnected', 'Connection closed by the peer')]);

const H: Cell = stay;

const I: Cell<EventNamed<'INVALID_BUFFER'>> = (machine, { reason, text }) =>
  reason === undefined
    ? abandon(machine, { origin: 'local', how: 'closed', reason: EsidReason.commandNotRecognised, text })
    : abort(machine, reason, text);

/** The connection did not come about in time: there is nobody to send ESID to. */
const T: Cell<EventNamed<'TIME_OUT'>> = (machine, { waitedFor }) =>
  abandon(machine, {
    origin: 'local',
    how: 'closed',
    reason: EsidReason.timeOut,
    text: `Timed out waiting for ${waitedFor}`,
  });

function gone(how: 'disconnected' | 'reset', text: string): Output {
  return indicate({ primitive: 'F_ABORT_IND', origin: 'remote', how, reason: EsidReason.unspecified, text });
}

/** Errors and aborts. RFC 5024 §9.9 */
// prettier-ignore
/** What ends or breaks a session, whoever speaks: state by event. RFC 5024 §9.9.1 */
export const ERROR_AND_ABORT = {
  //               IDLE I_WF_NC WF_NDISC Other
  TIME_OUT:       [X,   T,      A,       B],
  F_ABORT_RQ:     [X,   A,      C,       C],
  N_RST_IND:      [X,   E,      A,       D],
  N_DISC_IND:     [X,   E,      F,       G],
  INVALID_BUFFER: [X,   X,      H,       I],
} satisfies StateTable<
  typeof ERROR_AND_ABORT_COLUMNS,
  'TIME_OUT' | 'F_ABORT_RQ' | 'N_RST_IND' | 'N_DISC_IND' | 'INVALID_BUFFER'
>;
