import { transmittedLayout } from '../../data/virtual-file.js';
import { fitText } from '../../wire/text.js';
import type { EventNamed } from '../events.js';
import { countsHeld } from '../file-receiver.js';
import { abandon, go, indicate, send, stay, userError, type Outcome, type Tolerance } from '../machine.js';
import { outOfPlace, U, X, type Cell, type StateTable } from './table.js';

/** RFC 5024 §9.12.1; the standard leaves all states after RTRP out. */
export const LISTENER_COLUMNS = [
  'IDLELI',
  'IDLELICD',
  'OPIP',
  'OPI',
  'CLIP',
  'RTRP',
  'WF_NDISC',
  'IDLE',
  'I_WF_NC',
  'Other',
] as const;

const A: Cell<EventNamed<'SFID'>> = (machine, event) => {
  const file = event.command;
  // Predicate P1
  if ((file.SFIDREST > 0n && !machine.agreed.restart) || machine.agreed.mode === 'S') return outOfPlace(machine, event);
  return go(machine, 'OPIP', [indicate({ primitive: 'F_START_FILE_IND', file })], {
    offered: file,
    restartPosition: file.SFIDREST,
  });
};

const B = outOfPlace;

const C: Cell = (machine) => go(machine, 'IDLESPCD', [indicate({ primitive: 'F_CD_IND' })]);

/** Both sides handed the turn over; nobody has more to say, and IDLESPCD cannot hand it back. */
const C1: Cell = (machine, event) => tolerate(C(machine, event), 'CD-IN-IDLELICD');

const D: Cell<EventNamed<'ESID(Normal)' | 'ESID(Error)'>> = (machine, { command }) =>
  abandon(machine, {
    origin: 'remote',
    how: 'esid-received',
    reason: command.ESIDREAS,
    text: command.ESIDREAST,
  });

const E: Cell<EventNamed<'EERP'>> = (machine, { command, octets }) =>
  go(machine, 'RTRP', [indicate({ primitive: 'F_EERP_IND', response: command, octets })]);

const F: Cell = (machine) => go(machine, 'IDLE', [indicate({ primitive: 'F_RELEASE_IND' }), { output: 'disconnect' }]);

const H: Cell<EventNamed<'F_START_FILE_RS'>> = (machine, event) => {
  const { request } = event;
  if (!request.accepted) {
    const { reason, retry } = request;
    return go(machine, 'IDLELI', [
      send({ command: 'SFNA', SFNAREAS: reason, SFNARRTR: retry ? 'Y' : 'N', SFNAREAST: fitText(request.text ?? '') }),
    ]);
  }
  // Predicate P4
  if (request.restartPosition > machine.restartPosition) {
    return userError(
      machine,
      'invalid-value',
      `restartPosition ${request.restartPosition} is beyond the ${machine.restartPosition} offered`,
    );
  }
  const file = machine.offered;
  if (file === undefined) return U(machine, event);
  if (countsHeld(transmittedLayout(file), request) === undefined) {
    return userError(machine, 'invalid-value', `octetsHeld is missing: records of format V have no common length`);
  }
  return go(
    machine,
    'OPI',
    [{ output: 'open-file', file, acceptance: request }, send({ command: 'SFPA', SFPAACNT: request.restartPosition })],
    { credit: machine.agreed.credit, offered: undefined },
  );
};

const I: Cell<EventNamed<'DATA'>> = (machine, event) => {
  const credit = machine.credit - 1;
  if (credit < 0) return outOfPlace(machine, event);
  return go(machine, 'OPI', [{ output: 'indicate-data', payload: event.command.payload }], { credit });
};

/** The standard's note 1: new credit when the last buffer of the window has been worked off, and not before. */
const I1: Cell = (machine) =>
  machine.credit > 0
    ? stay(machine)
    : go(machine, 'OPI', [send({ command: 'CDT' })], { credit: machine.agreed.credit });

const J: Cell<EventNamed<'EFID'>> = (machine, { command }) =>
  go(machine, 'CLIP', [{ output: 'indicate-end', end: command }]);

const K: Cell<EventNamed<'F_CLOSE_FILE_RS'>> = (machine, { request }) => {
  if (!request.accepted) {
    return go(machine, 'IDLELI', [
      send({ command: 'EFNA', EFNAREAS: request.reason, EFNAREAST: fitText(request.text ?? '') }),
    ]);
  }
  return request.speaker
    ? go(machine, 'WF_CD', [send({ command: 'EFPA', EFPACD: 'Y' })])
    : go(machine, 'IDLELI', [send({ command: 'EFPA', EFPACD: 'N' })]);
};

const L: Cell<EventNamed<'NERP'>> = (machine, { command, octets }) =>
  go(machine, 'RTRP', [indicate({ primitive: 'F_NERP_IND', response: command, octets })]);

const M: Cell = (machine) => go(machine, 'IDLELI', [send({ command: 'RTR' })]);

/** A peer that ends normally without having been handed the turn has still ended normally. */
const F1: Cell = (machine, event) => tolerate(F(machine, event), 'ESID-00-IN-IDLELI');

const S: Cell = stay;

function tolerate(outcome: Outcome, tolerance: Tolerance): Outcome {
  return { ...outcome, effects: [{ output: 'tolerate', tolerance }, ...outcome.effects] };
}

/** Listener. RFC 5024 §9.12 */
// prettier-ignore
/** The side that receives files and answers: state by event. RFC 5024 §9.12.1 */
export const LISTENER = {
  //                IDLELI LICD OPIP OPI CLIP RTRP NDISC IDLE NC Other
  SFID:            [A,     A,   B,   B,  B,   B,   S,    X,   X, B],
  DATA:            [B,     B,   B,   I,  B,   B,   S,    X,   X, B],
  EFID:            [B,     B,   B,   J,  B,   B,   S,    X,   X, B],
  F_START_FILE_RS: [U,     U,   H,   U,  U,   U,   U,    U,   U, U],
  F_CLOSE_FILE_RS: [U,     U,   U,   U,  K,   U,   U,    U,   U, U],
  CD:              [C,     C1,  B,   B,  B,   B,   S,    X,   X, B],
  'ESID(Normal)':  [F1,    F,   D,   D,  D,   D,   S,    X,   X, D],
  'ESID(Error)':   [D,     D,   D,   D,  D,   D,   S,    X,   X, D],
  EERP:            [E,     E,   B,   B,  B,   B,   S,    X,   X, B],
  NERP:            [L,     L,   B,   B,  B,   B,   S,    X,   X, B],
  F_RTR_RS:        [U,     U,   U,   U,  U,   M,   U,    U,   U, U],
  CREDIT:          [S,     S,   S,   I1, S,   S,   S,    S,   S, S],
} satisfies StateTable<
  typeof LISTENER_COLUMNS,
  | 'SFID'
  | 'DATA'
  | 'EFID'
  | 'F_START_FILE_RS'
  | 'F_CLOSE_FILE_RS'
  | 'CD'
  | 'ESID(Normal)'
  | 'ESID(Error)'
  | 'EERP'
  | 'NERP'
  | 'F_RTR_RS'
  | 'CREDIT'
>;
