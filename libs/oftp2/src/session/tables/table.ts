import { EsidReason } from '../../reasons/esid.js';
import { sourceOf, type EventNamed, type SessionEvent, type SessionEventName } from '../events.js';
import { abort, stay, userError, type Machine, type Outcome } from '../machine.js';

/** One cell of a state table: what the event does in that state. The RFC's letter is the function's name. */
export type Cell<Event extends SessionEvent = SessionEvent> = (machine: Machine, event: Event) => Outcome;

/** One row: a cell for each column, in the order of the columns. */
export type Row<Columns extends readonly string[], Name extends SessionEventName> = {
  readonly [Index in keyof Columns]: Cell<EventNamed<Name>>;
};

/**
 * A state table laid out as the RFC prints it: rows are events, columns are states. Rows are tuples as long as the list
 * of columns, so a missing cell, a missing row, or a transition that cannot handle the row's event does not compile.
 */
export type StateTable<Columns extends readonly string[], Name extends SessionEventName> = {
  readonly [Event in Name]: Row<Columns, Event>;
};

/** What stands on the wire or in our request, for messages. */
export function nameOf(event: SessionEvent): string {
  const source = sourceOf(event);
  if (source === 'user') return event.event.replace('F_REL_RQ(Ok)', 'F_RELEASE_RQ');
  return event.event.replace(/\(.*/, '');
}

/** A command in a state where the peer may not send it: ESID(R=02). */
export function outOfPlace(machine: Machine, event: SessionEvent): Outcome {
  return abort(machine, EsidReason.protocolViolation, `${nameOf(event)} not expected now`);
}

/**
 * "X", impossible by design: by the peer's design too, and a peer may be of any. Its command is out of place; where there
 * is no connection, or the network or a timer comes too late, nothing happens; a request of ours is a user error.
 */
export function X(machine: Machine, event: SessionEvent): Outcome {
  if (sourceOf(event) === 'user') return U(machine, event);
  if (event.event === 'N_CON_IND' || event.event === 'N_CON_CF') return U(machine, event);
  const connected = machine.state !== 'IDLE' && machine.state !== 'I_WF_NC';
  return connected && sourceOf(event) === 'peer' ? outOfPlace(machine, event) : stay(machine);
}

/** "U", user error: the request is refused and nothing changes. A cell "U" that a peer can reach is a cell "X". */
export function U(machine: Machine, event: SessionEvent): Outcome {
  if (sourceOf(event) === 'peer') return X(machine, event);
  const ended = machine.state === 'WF_NDISC' || machine.state === 'IDLE';
  return userError(
    machine,
    ended && event.event !== 'F_CONNECT_RQ' ? 'session-ended' : 'not-in-this-state',
    `${nameOf(event)} is not possible in state ${machine.state}`,
  );
}
