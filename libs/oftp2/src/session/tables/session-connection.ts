import { sameOctets, samePadded } from '../authentication.js';
import { EsidReason } from '../../reasons/esid.js';
import { ssidOf } from '../commands.js';
import type { EventNamed } from '../events.js';
import { abandon, abort, go, indicate, send, stay, userError, type Machine, type Outcome } from '../machine.js';
import { narrowMode, negotiate, type Capabilities } from '../negotiation.js';
import type { RequestNamed } from '../primitives.js';
import { outOfPlace, U, X, type Cell, type StateTable } from './table.js';

const CHALLENGE_OCTETS = 20;
const CODE_OCTETS = 25;
const PASSWORD_OCTETS = 8;

/** RFC 5024 §9.8.1; after the standard's columns our two waiting states and the state it leaves to "Other States". */
export const SESSION_CONNECTION_COLUMNS = [
  'IDLE',
  'I_WF_NC',
  'I_WF_RM',
  'I_WF_SSID',
  'A_NC_ONLY',
  'A_WF_CONRS',
  'WF_AUCH',
  'WF_AURP',
  'WF_SECD',
  'AUCHP',
  'AURPP',
  'WF_NDISC',
  'Other',
] as const;

/** Our capabilities, narrowed to the mode that the user wants for this session. */
function wanted(machine: Machine, request: RequestNamed<'F_CONNECT_RQ' | 'F_CONNECT_RS'>): Capabilities | undefined {
  const mode = narrowMode(machine.capabilities.mode, request.mode ?? 'B');
  return mode === undefined ? undefined : { ...machine.capabilities, mode };
}

const A: Cell<EventNamed<'F_CONNECT_RQ'>> = (machine, { request }) => {
  const terms = wanted(machine, request);
  if (machine.role === 'responder' || terms === undefined) {
    return userError(
      machine,
      'invalid-value',
      machine.role === 'responder'
        ? 'F_CONNECT_RQ opens a session as Initiator; this one is a Responder'
        : `mode ${request.mode ?? 'B'} is beyond the capability ${machine.capabilities.mode}`,
    );
  }
  const agreed = { ...terms, authentication: request.authentication };
  return go(machine, 'I_WF_NC', [{ output: 'connect' }], { connect: request, agreed });
};

const B: Cell<EventNamed<'N_CON_IND'>> = (machine) =>
  machine.role === 'initiator'
    ? userError(machine, 'not-in-this-state', 'An Initiator connects with F_CONNECT_RQ; it takes no calls')
    : go(machine, 'A_NC_ONLY', [send({ command: 'SSRM' })]);

const C: Cell<EventNamed<'N_CON_CF'>> = (machine) => go(machine, 'I_WF_RM', []);

const D: Cell<EventNamed<'SSID'>> = (machine, { command }) => {
  const { connect } = machine;
  if (connect === undefined) return abort(machine, EsidReason.unspecified, 'Session was not requested');
  // Both are compared whatever the first one gives, so that the time taken says nothing.
  const knownCode = samePadded(command.SSIDCODE, connect.peer.code, CODE_OCTETS);
  const knownPassword = samePadded(command.SSIDPSWD, connect.peer.password, PASSWORD_OCTETS);
  if (!knownCode) return abort(machine, EsidReason.userCodeNotKnown, 'Not the station called');
  if (!knownPassword) return abort(machine, EsidReason.invalidPassword, 'Invalid password');
  const outcome = negotiate(machine.agreed, command, false);
  if ('refused' in outcome) return abort(machine, outcome.refused.reason, outcome.refused.text);
  if (connect.authentication !== (command.SSIDAUTH === 'Y')) return authenticationDiffers(machine);
  const agreed = { ...outcome.agreed, authentication: connect.authentication };
  if (agreed.authentication) return go(machine, 'WF_AUCH', [send({ command: 'SECD' })], { agreed, ssid: command });
  return sessionUp(machine, { agreed, ssid: command });
};

const E: Cell<EventNamed<'SSID'>> = (machine, { command }) =>
  go(machine, 'A_WF_CONRS', [indicate({ primitive: 'F_CONNECT_IND', ssid: command })], { ssid: command });

const F: Cell<EventNamed<'ESID(Normal)' | 'ESID(Error)'>> = (machine, { command }) =>
  abandon(machine, {
    origin: 'remote',
    how: 'esid-received',
    reason: command.ESIDREAS,
    text: command.ESIDREAST,
  });

const G: Cell<EventNamed<'F_CONNECT_RS'>> = (machine, { request }) => {
  const terms = wanted(machine, request);
  if (machine.ssid === undefined || terms === undefined) {
    return userError(
      machine,
      'invalid-value',
      `mode ${request.mode ?? 'B'} is beyond the capability ${machine.capabilities.mode}`,
    );
  }
  if (request.authentication !== (machine.ssid.SSIDAUTH === 'Y')) return authenticationDiffers(machine);
  const outcome = negotiate(terms, machine.ssid, true);
  if ('refused' in outcome) return abort(machine, outcome.refused.reason, outcome.refused.text);
  const agreed = { ...outcome.agreed, authentication: request.authentication };
  return go(machine, agreed.authentication ? 'WF_SECD' : 'IDLELI', [send(ssidOf(outcome.agreed, request))], { agreed });
};

const H: Cell<EventNamed<'SSRM'>> = (machine) =>
  machine.connect === undefined
    ? abort(machine, EsidReason.unspecified, 'Session was not requested')
    : go(machine, 'I_WF_SSID', [send(ssidOf(machine.agreed, machine.connect))]);

/** The first half of I: the user is asked to decrypt. */
const I1: Cell<EventNamed<'AUCH'>> = (machine, { command }) => {
  const envelope = command.AUCHCHAL;
  // Whoever answers its own challenge proves to the reflecting peer what that peer cannot prove itself.
  if (machine.envelope !== undefined && sameOctets(machine.envelope, envelope)) {
    return abort(machine, EsidReason.invalidChallengeResponse, 'Challenge reflected');
  }
  return go(machine, 'AURPP', [indicate({ primitive: 'F_RESPONSE_IND', envelope })]);
};

/** The second half of I. */
const I2: Cell<EventNamed<'F_RESPONSE_RS'>> = (machine, { request }) => {
  if (request.response.length !== CHALLENGE_OCTETS) {
    return userError(
      machine,
      'invalid-value',
      `response has ${request.response.length} octets, not 20; release with reason 11`,
    );
  }
  const next = machine.role === 'initiator' ? 'WF_SECD' : 'IDLELI';
  return go(machine, next, [send({ command: 'AURP', AURPRSP: request.response })], { envelope: undefined });
};

/** The first half of J: the user is asked for a challenge. */
const J1: Cell<EventNamed<'SECD'>> = (machine) => go(machine, 'AUCHP', [indicate({ primitive: 'F_CHALLENGE_IND' })]);

/** The second half of J. */
const J2: Cell<EventNamed<'F_CHALLENGE_RS'>> = (machine, { request }) => {
  if (request.challenge.length !== CHALLENGE_OCTETS) {
    return userError(machine, 'invalid-value', `challenge has ${request.challenge.length} octets, not 20`);
  }
  const { challenge, envelope } = request;
  return go(machine, 'WF_AURP', [send({ command: 'AUCH', AUCHCHAL: envelope })], { challenge, envelope });
};

const K: Cell<EventNamed<'AURP'>> = (machine, { command }) => {
  const asked = { ...machine, challenge: undefined };
  if (machine.challenge === undefined || !sameOctets(machine.challenge, command.AURPRSP)) {
    return abort(asked, EsidReason.invalidChallengeResponse, 'Invalid challenge response');
  }
  if (machine.role === 'initiator') return sessionUp(asked, { envelope: undefined });
  return go(asked, 'WF_AUCH', [send({ command: 'SECD' })]);
};

const L = outOfPlace;

/** ESID while we wait for the close: the peer gave up at the same moment and waits for our close. */
const W: Cell = (machine) => go(machine, 'IDLE', [{ output: 'disconnect' }]);

const S: Cell = stay;

function authenticationDiffers(machine: Machine): Outcome {
  return abort(machine, EsidReason.incompatibleAuthentication, 'Secure authentication requirements differ');
}

/** The Initiator's session is up: it is the first Speaker. RFC 5024 §4.3.1 */
function sessionUp(machine: Machine, changes: Partial<Machine>): Outcome {
  const next = { ...machine, ...changes };
  if (next.ssid === undefined) return abort(machine, EsidReason.unspecified, 'Session was not requested');
  const indication = { primitive: 'F_CONNECT_CF', ssid: next.ssid, negotiated: next.agreed } as const;
  return go(next, 'IDLESP', [indicate(indication)], { connect: undefined, ssid: undefined });
}

/** Session connection. RFC 5024 §9.8 */
// prettier-ignore
/** From the connection to a session that is up, secure authentication included: state by event. RFC 5024 §9.8.1 */
export const SESSION_CONNECTION = {
  //               IDLE NC  RM  SSID NC_O CONRS AUCH AURP SECD AUCHP AURPP NDISC Other
  F_CONNECT_RQ:   [A,   X,  X,  X,   X,   X,    X,   X,   X,   X,    X,    X,    X],
  N_CON_CF:       [X,   C,  X,  X,   X,   X,    X,   X,   X,   X,    X,    X,    X],
  SSRM:           [X,   X,  H,  X,   X,   X,    L,   L,   L,   L,    L,    S,    X],
  SSID:           [X,   X,  X,  D,   E,   L,    L,   L,   L,   L,    L,    S,    L],
  N_CON_IND:      [B,   X,  X,  X,   X,   X,    X,   X,   X,   X,    X,    X,    X],
  F_CONNECT_RS:   [X,   U,  U,  U,   U,   G,    X,   X,   X,   X,    X,    U,    U],
  'ESID(Normal)': [X,   X,  F,  F,   F,   F,    F,   F,   F,   F,    F,    W,    F],
  'ESID(Error)':  [X,   X,  F,  F,   F,   F,    F,   F,   F,   F,    F,    W,    F],
  AUCH:           [X,   X,  U,  U,   X,   X,    I1,  L,   L,   L,    L,    S,    U],
  AURP:           [X,   X,  U,  U,   X,   X,    L,   K,   L,   L,    L,    S,    U],
  SECD:           [X,   X,  U,  U,   X,   X,    L,   L,   J1,  L,    L,    S,    U],
  F_CHALLENGE_RS: [U,   U,  U,  U,   U,   U,    U,   U,   U,   J2,   U,    U,    U],
  F_RESPONSE_RS:  [U,   U,  U,  U,   U,   U,    U,   U,   U,   U,    I2,   U,    U],
} satisfies StateTable<
  typeof SESSION_CONNECTION_COLUMNS,
  | 'F_CONNECT_RQ'
  | 'N_CON_CF'
  | 'SSRM'
  | 'SSID'
  | 'N_CON_IND'
  | 'F_CONNECT_RS'
  | 'ESID(Normal)'
  | 'ESID(Error)'
  | 'AUCH'
  | 'AURP'
  | 'SECD'
  | 'F_CHALLENGE_RS'
  | 'F_RESPONSE_RS'
>;
