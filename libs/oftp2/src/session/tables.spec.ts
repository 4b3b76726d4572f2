import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { SessionEventName } from './events.js';
import type { Output } from './machine.js';
import { SESSION_STATES, type SessionState } from './states.js';
import { SESSION_EVENTS, step } from './step.js';
import { LISTENER } from './tables/listener.js';
import { X, type StateTable } from './tables/table.js';
import { machineIn, sampleEvent } from './testing/events.js';
import { PRINTED_TABLES, type PrintedTable } from './testing/rfc-letters.js';

/** What each letter of RFC 5024 §9.8.2 to §9.12.2 stands for: outputs and next state of the branch that the sample events take. */
const LETTERS: Record<PrintedTable['section'], Record<string, string>> = {
  '9.8': {
    A: 'N_CON_RQ > I_WF_NC',
    B: 'SSRM > A_NC_ONLY',
    C: '> I_WF_RM',
    D: 'F_CONNECT_CF > IDLESP',
    E: 'F_CONNECT_IND > A_WF_CONRS',
    F: 'F_ABORT_IND, N_DISC_RQ > IDLE',
    G: 'SSID > IDLELI',
    H: 'SSID > I_WF_SSID',
    K: 'F_CONNECT_CF > IDLESP',
    L: 'ESID 02, F_ABORT_IND > WF_NDISC',
  },
  '9.9': {
    A: 'N_DISC_RQ > IDLE',
    C: 'N_DISC_RQ > IDLE',
    D: 'N_DISC_RQ, F_ABORT_IND > IDLE',
    E: 'F_ABORT_IND > IDLE',
    F: '> IDLE',
    G: 'F_ABORT_IND > IDLE',
    H: 'nothing',
  },
  '9.10': {
    A: 'EERP > WF_RTR',
    B: 'SFID > OPOP',
    C: 'ESID 02, F_ABORT_IND > WF_NDISC',
    D: 'CD > IDLELICD',
    E: 'ESID 00 > WF_NDISC',
    F: '> ERSTWFCD',
    G: '> SFSTWFCD',
    H: '> IDLESP',
    I: 'SFID > OPOP',
    J: 'CD > IDLELICD',
    K: 'F_START_FILE_CF > OPO',
    L: 'F_START_FILE_CF > IDLESP',
    M: 'DATA, F_DATA_CF > OPO',
    N: 'F_RTR_CF > IDLESP',
    O: 'F_DATA_CF > OPO',
    P: 'ESID 02, F_ABORT_IND > WF_NDISC',
    Q: 'ESID 08 > WF_NDISC',
    R: 'EERP > WF_RTR',
    S: 'nothing',
    T: '> CDSTWFCD',
    W: 'user error',
    Y: 'NERP > WF_RTR',
    Z: '> NRSTWFCD',
    Z1: 'NERP > WF_RTR',
  },
  '9.11': {
    A: 'EFID > CLOP',
    B: 'ESID 02, F_ABORT_IND > WF_NDISC',
    C: 'F_CLOSE_FILE_CF > IDLESP',
    D: 'F_CLOSE_FILE_CF > IDLESP',
    E: 'user error',
  },
  '9.12': {
    A: 'F_START_FILE_IND > OPIP',
    B: 'ESID 02, F_ABORT_IND > WF_NDISC',
    C: 'F_CD_IND > IDLESPCD',
    D: 'F_ABORT_IND, N_DISC_RQ > IDLE',
    E: 'F_EERP_IND > RTRP',
    F: 'F_RELEASE_IND, N_DISC_RQ > IDLE',
    H: 'SFPA > OPI',
    I: 'F_DATA_IND > OPI',
    J: 'F_CLOSE_FILE_IND > CLIP',
    K: 'EFPA > IDLELI',
    L: 'F_NERP_IND > RTRP',
    M: 'RTR > IDLELI',
  },
};

interface Divergence {
  readonly table: string;
  readonly events: readonly string[];
  readonly states: readonly string[];
  readonly printed: readonly string[];
  readonly here: string;
}

/** The rows of section 1 of docs/divergences.md. */
const DIVERGENCES: readonly Divergence[] = readFileSync(
  new URL('../../../../docs/divergences.md', import.meta.url),
  'utf8',
)
  .split('\n')
  .filter((line) => /^\| 9\.\d+ +\| [A-Z][A-Z_() a-z]+ +\|.*\|.*\|.*\|/.test(line) && line.split('|').length === 8)
  .map((line) => {
    const [, table = '', events = '', states = '', printed = '', here = ''] = line
      .split('|')
      .map((part) => part.trim());
    return { table, events: events.split(' '), states: states.split(' '), printed: printed.split(' '), here };
  });

interface PrintedCell {
  readonly section: string;
  readonly letter: string;
  readonly column: string;
}

/** The printed cell: of the table that names the state, else under "Other States", else none (`-`). */
function printedCell(state: SessionState, event: SessionEventName): PrintedCell {
  const rowName = (table: PrintedTable) => [event, event.replace(/^ESID.*/, 'ESID')].find((name) => name in table.rows);
  const tables = PRINTED_TABLES.filter((table) => rowName(table) !== undefined);
  const named = tables.find((table) => table.columns.split(' ').includes(state));
  const table = named ?? tables[0];
  if (table === undefined) return { section: '9.8', letter: '-', column: state };
  const column = named === undefined ? 'Other' : state;
  const letters = (table.rows[rowName(table) ?? ''] ?? '').trim().split(/ +/);
  return { section: table.section, letter: letters[table.columns.split(' ').indexOf(column)] ?? '-', column };
}

function divergenceOf(state: SessionState, event: SessionEventName, cell: PrintedCell): Divergence | undefined {
  const rows = DIVERGENCES.filter((row) => row.table === cell.section && row.events.includes(event));
  return (
    rows.find((row) => row.states.includes(state)) ??
    (cell.column === 'Other' ? rows.find((row) => row.states.includes('Other')) : undefined)
  );
}

const OUR_EVENTS = new Set<SessionEventName>(['F_CHALLENGE_RS', 'F_RESPONSE_RS', 'CREDIT']);

function expected(state: SessionState, event: SessionEventName): string {
  const cell = printedCell(state, event);
  const divergence = divergenceOf(state, event, cell);
  if (divergence !== undefined) return divergence.here;
  if (OUR_EVENTS.has(event)) return event === 'CREDIT' ? 'nothing' : 'user error';
  const source = 'request' in sampleEvent(event) || event.startsWith('N_CON') ? 'user' : 'peer or service';
  if ((cell.letter === 'X' || cell.letter === 'U') && source === 'user') return 'user error';
  return LETTERS[cell.section as PrintedTable['section']][cell.letter] ?? `undocumented ${cell.letter}`;
}

function nameOf(output: Output): string {
  switch (output.output) {
    case 'send':
      return output.command.command === 'ESID'
        ? `ESID ${String(output.command.ESIDREAS).padStart(2, '0')}`
        : output.command.command;
    case 'send-frames':
      return 'DATA';
    case 'indicate':
      return output.indication.primitive;
    case 'indicate-data':
      return 'F_DATA_IND';
    case 'indicate-end':
      return 'F_CLOSE_FILE_IND';
    case 'connect':
      return 'N_CON_RQ';
    case 'disconnect':
      return 'N_DISC_RQ';
    case 'open-file':
    case 'tolerate':
      return '';
  }
}

function observed(state: SessionState, event: SessionEventName): string {
  const machine = machineIn(state, event === 'N_CON_IND' ? { role: 'responder' } : {});
  const { next, effects, userError } = step(machine, sampleEvent(event));
  if (userError !== undefined) return next === machine && effects.length === 0 ? 'user error' : 'half a user error';
  if (next === machine && effects.length === 0) return 'nothing';
  const names = effects.map(nameOf).filter((name) => name !== '');
  return `${names.join(', ')} > ${next.state}`.trimStart();
}

/** Checked by the compiler: an expected error that does not come is one. */
type TwoColumns = readonly ['IDLE', 'Other'];
// @ts-expect-error a row without a cell for each column does not compile
({ SSRM: [X] }) satisfies StateTable<TwoColumns, 'SSRM'>;
// @ts-expect-error a table without a row for each event does not compile
({ SSRM: [X, X] }) satisfies StateTable<TwoColumns, 'SSRM' | 'SSID'>;
// @ts-expect-error a transition in the row of an event that it cannot handle does not compile
({ SSRM: [X, LISTENER.EERP[0]] }) satisfies StateTable<TwoColumns, 'SSRM'>;

describe('the state tables', () => {
  const cells = SESSION_EVENTS.flatMap((event) => SESSION_STATES.map((state) => ({ event, state })));

  it.each(SESSION_EVENTS)('do in every state what RFC 5024 or docs/divergences.md says of %s', (event) => {
    const states = SESSION_STATES.map((state) => `${state}: ${observed(state, event)}`);
    expect(states).toEqual(SESSION_STATES.map((state) => `${state}: ${expected(state, event)}`));
  });

  it('cover every event that the RFC prints', () => {
    const printed = PRINTED_TABLES.flatMap((table) => Object.keys(table.rows)).filter((name) => name !== 'ESID');
    expect(new Set(SESSION_EVENTS)).toEqual(new Set([...printed, ...OUR_EVENTS]));
  });

  it('diverge in every cell that docs/divergences.md lists, from the letter it quotes', () => {
    for (const row of DIVERGENCES) {
      const meant = cells.filter(({ event, state }) => divergenceOf(state, event, printedCell(state, event)) === row);
      expect(meant.length).toBeGreaterThan(0);
      for (const { event, state } of meant) {
        const { letter, section } = printedCell(state, event);
        expect({ event, state, quoted: row.printed.includes(letter) }).toEqual({ event, state, quoted: true });
        expect(LETTERS[section as PrintedTable['section']][letter]).not.toBe(row.here);
      }
    }
  });

  it('name the request and the state when they refuse one', () => {
    const { userError } = step(machineIn('OPOWFC'), sampleEvent('F_CLOSE_FILE_RQ'));
    expect(userError).toEqual({
      problem: 'not-in-this-state',
      text: 'F_CLOSE_FILE_RQ is not possible in state OPOWFC',
    });
  });

  it('tell a request that comes too late from one that is wrong', () => {
    expect(step(machineIn('WF_NDISC'), sampleEvent('F_EERP_RQ')).userError?.problem).toBe('session-ended');
    expect(step(machineIn('IDLELI'), sampleEvent('F_EERP_RQ')).userError?.problem).toBe('not-in-this-state');
  });
});
