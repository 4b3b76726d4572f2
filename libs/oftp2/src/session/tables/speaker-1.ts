import { EsidReason } from '../../reasons/esid.js';
import { fitText } from '../../wire/text.js';
import type { EventNamed } from '../events.js';
import { abort, go, indicate, send, stay, userError, type Machine, type Outcome } from '../machine.js';
import { commandOf } from '../commands.js';
import { countDataFrames } from '../data-frames.js';
import type { FileDescription } from '../primitives.js';
import { outOfPlace, U, X, type Cell, type StateTable } from './table.js';

/** RFC 5024 §9.10.1; after the standard's columns the two states without a connection. */
export const SPEAKER_1_COLUMNS = [
  'IDLESP',
  'IDLESPCD',
  'WF_RTR',
  'WF_CD',
  'ERSTWFCD',
  'NRSTWFCD',
  'SFSTWFCD',
  'CDSTWFCD',
  'OPOP',
  'OPO',
  'OPOWFC',
  'WF_NDISC',
  'IDLE',
  'I_WF_NC',
  'Other',
] as const;

const A: Cell<EventNamed<'F_EERP_RQ'>> = (machine, { request }) => go(machine, 'WF_RTR', [send(commandOf(request))]);

const Y: Cell<EventNamed<'F_NERP_RQ'>> = (machine, { request }) => go(machine, 'WF_RTR', [send(commandOf(request))]);

const B: Cell<EventNamed<'F_START_FILE_RQ'>> = (machine, { request }) =>
  notAgreed(machine, request.file) ??
  go(machine, 'OPOP', [send(commandOf(request))], { restartPosition: request.file.SFIDREST });

const C = outOfPlace;

const D: Cell<EventNamed<'F_CD_RQ'>> = (machine) => go(machine, 'IDLELICD', [send({ command: 'CD' })]);

const E: Cell<EventNamed<'F_REL_RQ(Ok)'>> = (machine, { request }) =>
  go(machine, 'WF_NDISC', [
    send({ command: 'ESID', ESIDREAS: request.reason, ESIDREAST: fitText(request.text ?? '') }),
  ]);

const F: Cell<EventNamed<'F_EERP_RQ'>> = (machine, { request }) => go(machine, 'ERSTWFCD', [], { stored: request });

const Z: Cell<EventNamed<'F_NERP_RQ'>> = (machine, { request }) => go(machine, 'NRSTWFCD', [], { stored: request });

const G: Cell<EventNamed<'F_START_FILE_RQ'>> = (machine, { request }) =>
  notAgreed(machine, request.file) ?? go(machine, 'SFSTWFCD', [], { stored: request });

const H: Cell = (machine) => go(machine, 'IDLESP', []);

/** The turn has come: the SFID stored while waiting for it goes out. */
const I: Cell = (machine) =>
  machine.stored?.primitive === 'F_START_FILE_RQ'
    ? go(machine, 'OPOP', [send(commandOf(machine.stored))], {
        stored: undefined,
        restartPosition: machine.stored.file.SFIDREST,
      })
    : go(machine, 'IDLESP', []);

const J: Cell = (machine) => go(machine, 'IDLELICD', [send({ command: 'CD' })]);

const K: Cell<EventNamed<'SFPA'>> = (machine, { command }) => {
  const { credit } = machine.agreed;
  const restartPosition = command.SFPAACNT;
  if (restartPosition > machine.restartPosition) {
    return abort(machine, EsidReason.protocolViolation, 'Restart position beyond the one offered');
  }
  const confirmation = { primitive: 'F_START_FILE_CF', accepted: true, restartPosition, credit } as const;
  return go(machine, 'OPO', [indicate(confirmation)], { credit });
};

const L: Cell<EventNamed<'SFNA'>> = (machine, { command }) =>
  go(machine, 'IDLESP', [
    indicate({
      primitive: 'F_START_FILE_CF',
      accepted: false,
      reason: command.SFNAREAS,
      retry: command.SFNARRTR === 'Y',
      text: command.SFNAREAST,
    }),
  ]);

const M: Cell<EventNamed<'F_DATA_RQ'>> = (machine, { request }) => {
  const buffers = countDataFrames(request.frames, machine.agreed.bufferSize);
  if (buffers === undefined || buffers === 0) {
    return userError(
      machine,
      'invalid-value',
      `frames are not whole DATA of at most ${machine.agreed.bufferSize} octets`,
    );
  }
  const credit = machine.credit - buffers;
  if (credit < 0) {
    return userError(
      machine,
      'not-agreed',
      `${buffers} DATA exceed the credit of ${machine.credit}; wait for F_DATA_CF`,
    );
  }
  const frames = { output: 'send-frames', frames: request.frames, released: request.released } as const;
  if (credit === 0) return go(machine, 'OPOWFC', [frames], { credit });
  return go(machine, 'OPO', [frames, indicate({ primitive: 'F_DATA_CF', credit })], { credit });
};

const N: Cell = (machine) => go(machine, 'IDLESP', [indicate({ primitive: 'F_RTR_CF' })]);

const O: Cell = (machine) => {
  const { credit } = machine.agreed;
  return go(machine, 'OPO', [indicate({ primitive: 'F_DATA_CF', credit })], { credit });
};

const P = outOfPlace;

const Q: Cell<EventNamed<'F_REL_RQ(Err)'>> = (machine, { request }) =>
  go(machine, 'WF_NDISC', [
    send({ command: 'ESID', ESIDREAS: request.reason, ESIDREAST: fitText(request.text ?? '') }),
  ]);

/** The EERP stored. */
const R: Cell = (machine) =>
  machine.stored === undefined
    ? go(machine, 'IDLESP', [])
    : go(machine, 'WF_RTR', [send(commandOf(machine.stored))], { stored: undefined });

const S: Cell = stay;

const T: Cell = (machine) => go(machine, 'CDSTWFCD', []);

/** The standard's note 1: a second request while one is stored is a user error. */
const W = U;

/** The NERP stored. */
const Z1: Cell = (machine, event) => R(machine, event);

/** Predicate P1: restart without agreement, or a file in a session in which we only receive. */
function notAgreed(machine: Machine, file: FileDescription): Outcome | undefined {
  if (machine.agreed.mode === 'R') {
    return userError(machine, 'not-agreed', 'F_START_FILE_RQ in a session in which this side only receives files');
  }
  return file.SFIDREST > 0n && !machine.agreed.restart
    ? userError(machine, 'not-agreed', `SFIDREST is ${file.SFIDREST}, restart was not agreed; offer 0`)
    : undefined;
}

/** Speaker, first table. RFC 5024 §9.10 */
// prettier-ignore
/** The side that sends files and answers: state by event. RFC 5024 §9.10.1 */
export const SPEAKER_1 = {
  //                IDLESP SPCD WF_RTR WF_CD ERST NRST SFST CDST OPOP OPO OPOWFC NDISC IDLE NC Other
  F_EERP_RQ:       [A,     A,   W,     F,    W,   W,   U,   U,   U,   U,  U,     U,    U,   U, U],
  F_NERP_RQ:       [Y,     Y,   W,     Z,    W,   W,   U,   U,   U,   U,  U,     U,    U,   U, U],
  F_START_FILE_RQ: [B,     B,   W,     G,    W,   W,   U,   U,   U,   U,  U,     X,    U,   U, U],
  SFPA:            [C,     C,   C,     C,    C,   C,   C,   C,   K,   C,  C,     S,    X,   X, C],
  SFNA:            [C,     C,   C,     C,    C,   C,   C,   C,   L,   C,  C,     S,    X,   X, C],
  CD:              [C,     C,   C,     H,    R,   Z1,  I,   J,   C,   C,  C,     S,    X,   X, C],
  F_DATA_RQ:       [U,     U,   U,     U,    U,   U,   U,   U,   U,   M,  U,     S,    U,   U, U],
  CDT:             [C,     C,   C,     C,    C,   C,   C,   C,   C,   P,  O,     S,    X,   X, C],
  F_CD_RQ:         [D,     U,   W,     T,    W,   W,   U,   U,   U,   U,  U,     X,    U,   U, U],
  'F_REL_RQ(Ok)':  [U,     E,   U,     U,    U,   U,   U,   U,   U,   U,  U,     X,    U,   U, U],
  'F_REL_RQ(Err)': [Q,     Q,   Q,     Q,    Q,   Q,   Q,   Q,   Q,   Q,  Q,     S,    U,   U, Q],
  RTR:             [C,     C,   N,     C,    C,   C,   C,   C,   C,   C,  C,     S,    X,   X, C],
} satisfies StateTable<
  typeof SPEAKER_1_COLUMNS,
  | 'F_EERP_RQ'
  | 'F_NERP_RQ'
  | 'F_START_FILE_RQ'
  | 'SFPA'
  | 'SFNA'
  | 'CD'
  | 'F_DATA_RQ'
  | 'CDT'
  | 'F_CD_RQ'
  | 'F_REL_RQ(Ok)'
  | 'F_REL_RQ(Err)'
  | 'RTR'
>;
