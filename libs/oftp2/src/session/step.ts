import type { SessionEvent, SessionEventName } from './events.js';
import type { Machine, Outcome } from './machine.js';
import { SESSION_STATES, type SessionState } from './states.js';
import { ERROR_AND_ABORT, ERROR_AND_ABORT_COLUMNS } from './tables/error-and-abort.js';
import { LISTENER, LISTENER_COLUMNS } from './tables/listener.js';
import { SESSION_CONNECTION, SESSION_CONNECTION_COLUMNS } from './tables/session-connection.js';
import { SPEAKER_1, SPEAKER_1_COLUMNS } from './tables/speaker-1.js';
import { SPEAKER_2, SPEAKER_2_COLUMNS } from './tables/speaker-2.js';
import { X, type Cell } from './tables/table.js';

interface PlacedTable {
  readonly columns: readonly string[];
  readonly rows: Readonly<Partial<Record<SessionEventName, readonly Cell<never>[]>>>;
}

/**
 * The five tables of RFC 5024 §9.8 to §9.12. CD and ESID stand in two of them: the Listener's states have their own rows,
 * so that a table which names the state goes before one that means it by "Other States".
 */
const TABLES: readonly PlacedTable[] = [
  { columns: SESSION_CONNECTION_COLUMNS, rows: SESSION_CONNECTION },
  { columns: ERROR_AND_ABORT_COLUMNS, rows: ERROR_AND_ABORT },
  { columns: SPEAKER_1_COLUMNS, rows: SPEAKER_1 },
  { columns: SPEAKER_2_COLUMNS, rows: SPEAKER_2 },
  { columns: LISTENER_COLUMNS, rows: LISTENER },
];

/** Every event of the five tables. */
export const SESSION_EVENTS: readonly SessionEventName[] = [
  ...new Set(TABLES.flatMap((table) => Object.keys(table.rows) as SessionEventName[])),
];

/** The cell for a state and an event; what no table knows is impossible by design. */
export function cellOf(state: SessionState, event: SessionEventName): Cell<never> {
  const tables = TABLES.filter((candidate) => event in candidate.rows);
  const table = tables.find((candidate) => candidate.columns.includes(state)) ?? tables[0];
  const column = table?.columns.includes(state) ? state : 'Other';
  return table?.rows[event]?.[table.columns.indexOf(column)] ?? X;
}

type Matrix = Readonly<Record<SessionState, Readonly<Record<SessionEventName, Cell>>>>;

/** All cells, looked up once: every DATA passes here. The tables' types say that each cell takes its row's event. */
const MATRIX = Object.fromEntries(
  SESSION_STATES.map((state) => [
    state,
    Object.fromEntries(SESSION_EVENTS.map((event) => [event, cellOf(state, event)])),
  ]),
) as unknown as Matrix;

/**
 * What an event does to a session: the machine after it, and the effects it has, in order. Pure: same machine and same event,
 * same outcome; never throws. RFC 5024 §9
 */
export function step(machine: Machine, event: SessionEvent): Outcome {
  return MATRIX[machine.state][event.event](machine, event);
}
