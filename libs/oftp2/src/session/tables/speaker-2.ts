import type { EventNamed } from '../events.js';
import { go, indicate, send, stay } from '../machine.js';
import { outOfPlace, U, X, type Cell, type StateTable } from './table.js';

/** RFC 5024 §9.11.1; the standard leaves all states after CLOP out. */
export const SPEAKER_2_COLUMNS = ['OPO', 'OPOWFC', 'CLOP', 'WF_NDISC', 'IDLE', 'I_WF_NC', 'Other'] as const;

const A: Cell<EventNamed<'F_CLOSE_FILE_RQ'>> = (machine, { request }) =>
  go(machine, 'CLOP', [send({ command: 'EFID', EFIDRCNT: request.counts.records, EFIDUCNT: request.counts.units })], {
    credit: 0,
  });

const B = outOfPlace;

const C: Cell<EventNamed<'EFPA'>> = (machine, { command }) => {
  const speaker = command.EFPACD === 'N';
  const closed = indicate({ primitive: 'F_CLOSE_FILE_CF', accepted: true, speaker });
  return speaker ? go(machine, 'IDLESP', [closed]) : go(machine, 'IDLELI', [closed, send({ command: 'CD' })]);
};

const D: Cell<EventNamed<'EFNA'>> = (machine, { command }) =>
  go(machine, 'IDLESP', [
    indicate({
      primitive: 'F_CLOSE_FILE_CF',
      accepted: false,
      reason: command.EFNAREAS,
      text: command.EFNAREAST,
    }),
  ]);

/** The standard's note 1: EFID may not go out in OPOWFC; the CDT that is due comes first. */
const E = U;

const S: Cell = stay;

/** Speaker, second table. RFC 5024 §9.11 */
// prettier-ignore
/** The side that sends, while a file is open: state by event. RFC 5024 §9.11.1 */
export const SPEAKER_2 = {
  //                OPO OPOWFC CLOP WF_NDISC IDLE I_WF_NC Other
  F_CLOSE_FILE_RQ: [A,  E,     U,   U,       U,   U,      U],
  EFPA:            [B,  B,     C,   S,       X,   X,      B],
  EFNA:            [B,  B,     D,   S,       X,   X,      B],
} satisfies StateTable<typeof SPEAKER_2_COLUMNS, 'F_CLOSE_FILE_RQ' | 'EFPA' | 'EFNA'>;
