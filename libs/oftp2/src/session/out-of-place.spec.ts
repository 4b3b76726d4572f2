import { describe, expect, it } from '@jest/globals';
import type { Command, CommandName } from '../wire/command.js';
import { encodeFrame } from '../wire/encode.js';
import type { Request } from './primitives.js';
import { Session } from './session.js';
import type { SessionState } from './states.js';
import { CAPABILITIES, COMMAND_SAMPLES, REQUEST_SAMPLES } from './testing/events.js';
import { commandsOf, INITIATOR_SSID } from './testing/peer.js';

type Move = Command | Request;

const { SSRM, SSID, SECD, AUCH, SFID, SFPA, DATA, EFID, CD, EERP } = COMMAND_SAMPLES;
const {
  F_CONNECT_RQ,
  F_CONNECT_RS,
  F_CHALLENGE_RS,
  F_RESPONSE_RS,
  F_START_FILE_RQ,
  F_START_FILE_RS,
  F_DATA_RQ,
  F_CLOSE_FILE_RQ,
  F_EERP_RQ,
  F_CD_RQ,
} = REQUEST_SAMPLES;

const AUTHENTICATED = { authentication: true };
const AS_INITIATOR: Move[] = [SSRM, { ...SSID, SSIDCRED: 1 }];
const AS_RESPONDER: Move[] = [INITIATOR_SSID, F_CONNECT_RS];
const CHALLENGED: Move[] = [
  { ...INITIATOR_SSID, SSIDAUTH: 'Y' },
  { ...F_CONNECT_RS, ...AUTHENTICATED },
];
const OPENED: Move[] = [...AS_RESPONDER, SFID, F_START_FILE_RS];

/** How to get into a state where the peer is heard, and which commands are in their place there. */
const PLACES: Partial<
  Record<SessionState, { readonly moves: readonly Move[]; readonly allowed: readonly CommandName[] }>
> = {
  I_WF_RM: { moves: [], allowed: ['SSRM'] },
  I_WF_SSID: { moves: [SSRM], allowed: ['SSID'] },
  WF_AUCH: { moves: [SSRM, { ...SSID, SSIDAUTH: 'Y' }], allowed: ['AUCH'] },
  IDLESP: { moves: AS_INITIATOR, allowed: [] },
  OPOP: { moves: [...AS_INITIATOR, F_START_FILE_RQ], allowed: ['SFPA', 'SFNA'] },
  OPO: { moves: [...AS_INITIATOR, F_START_FILE_RQ, SFPA], allowed: [] },
  OPOWFC: { moves: [...AS_INITIATOR, F_START_FILE_RQ, SFPA, F_DATA_RQ], allowed: ['CDT'] },
  CLOP: { moves: [...AS_INITIATOR, F_START_FILE_RQ, SFPA, F_CLOSE_FILE_RQ], allowed: ['EFPA', 'EFNA'] },
  WF_RTR: { moves: [...AS_INITIATOR, F_EERP_RQ], allowed: ['RTR'] },
  IDLELICD: { moves: [...AS_INITIATOR, F_CD_RQ], allowed: ['SFID', 'EERP', 'NERP', 'CD'] },
  A_NC_ONLY: { moves: [], allowed: ['SSID'] },
  WF_SECD: { moves: CHALLENGED, allowed: ['SECD'] },
  WF_AURP: { moves: [...CHALLENGED, SECD, F_CHALLENGE_RS], allowed: ['AURP'] },
  IDLELI: { moves: AS_RESPONDER, allowed: ['SFID', 'EERP', 'NERP', 'CD'] },
  IDLESPCD: { moves: [...AS_RESPONDER, CD], allowed: [] },
  OPI: { moves: OPENED, allowed: ['DATA', 'EFID'] },
  WF_CD: {
    moves: [...OPENED, DATA, EFID, { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true }],
    allowed: ['CD'],
  },
};

/** States in which the user is being asked: the peer is not heard until the answer. */
const HOLDING: Partial<Record<SessionState, readonly Move[]>> = {
  A_WF_CONRS: [INITIATOR_SSID],
  AUCHP: [...CHALLENGED, SECD],
  AURPP: [SSRM, { ...SSID, SSIDAUTH: 'Y' }, AUCH],
  OPIP: [...AS_RESPONDER, SFID],
  CLIP: [...OPENED, DATA, EFID],
  RTRP: [...AS_RESPONDER, EERP],
};

const INITIATING: ReadonlySet<string> = new Set<SessionState>([
  'I_WF_RM',
  'I_WF_SSID',
  'WF_AUCH',
  'AURPP',
  'IDLESP',
  'OPOP',
  'OPO',
  'OPOWFC',
  'CLOP',
  'WF_RTR',
  'IDLELICD',
]);

function sessionIn(state: string, moves: readonly Move[]): Session {
  const role = INITIATING.has(state) ? 'initiator' : 'responder';
  const session = new Session({ role, capabilities: CAPABILITIES });
  const authenticated = moves.some((move) => 'SSIDAUTH' in move && move.SSIDAUTH === 'Y');
  if (role === 'initiator') session.request({ ...F_CONNECT_RQ, authentication: authenticated });
  session.connected();
  for (const move of moves) {
    if ('command' in move) session.receive(encodeFrame(move));
    else session.request(move);
  }
  expect(session.state).toBe(state);
  return session;
}

const esidOf = (session: Session, command: Command): number | undefined => {
  const sent = session
    .receive(encodeFrame(command))
    .flatMap((effect) => (effect.effect === 'send' ? [effect.octets] : []));
  const esid = commandsOf(sent).find((each) => each.command === 'ESID');
  return esid?.command === 'ESID' ? esid.ESIDREAS : undefined;
};

describe.each(Object.entries(PLACES))('in %s', (state, { moves, allowed }) => {
  it(`every command but ${allowed.join(', ') || 'none'} is ESID 02`, () => {
    for (const [name, command] of Object.entries(COMMAND_SAMPLES)) {
      if (name === 'ESID') continue;
      const session = sessionIn(state, moves);
      const expected = allowed.includes(command.command) ? { name, esid: undefined } : { name, esid: 2 };
      expect({ name, esid: esidOf(session, command) }).toEqual(expected);
      if (expected.esid === 2) expect(session.state).toBe('WF_NDISC');
      else expect(session.state).not.toBe('WF_NDISC');
    }
  });

  it('the peer may end the session', () => {
    const session = sessionIn(state, moves);
    expect(esidOf(session, COMMAND_SAMPLES.ESID)).toBeUndefined();
    expect(session.state).toBe('IDLE');
  });

  it('the user may end the session with a reason', () => {
    const session = sessionIn(state, moves);
    session.request(REQUEST_SAMPLES.F_RELEASE_RQ);
    expect(session.state).toBe('WF_NDISC');
  });
});

describe.each(Object.entries(HOLDING))('in %s, where the user is asked,', (state, moves) => {
  it('no command is answered yet', () => {
    for (const command of Object.values(COMMAND_SAMPLES)) {
      const session = sessionIn(state, moves);
      expect(session.receive(encodeFrame(command))).toEqual([]);
      expect(session.state).toBe(state);
    }
  });

  it('the user may end the session with a reason', () => {
    const session = sessionIn(state, moves);
    session.request(REQUEST_SAMPLES.F_RELEASE_RQ);
    expect(session.state).toBe('WF_NDISC');
  });
});

describe('an answer that is owed', () => {
  it('does not make a command legal that came before it', () => {
    const session = sessionIn('OPIP', HOLDING.OPIP ?? []);
    session.receive(encodeFrame(SFID));
    session.request(F_START_FILE_RS);
    expect(session.state).toBe('WF_NDISC');
    expect(sessionIn('AURPP', HOLDING.AURPP ?? []).request(F_RESPONSE_RS)).not.toEqual([]);
  });
});
