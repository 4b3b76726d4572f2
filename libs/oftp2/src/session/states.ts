/**
 * The states of RFC 5024 §9.3, by their names there, and two of ours.
 *
 * The standard sends AUCH and AURP the moment SECD and AUCH arrive. Both need a private or a public key that lives outside
 * this library, so each gets a waiting state named after the pattern of `RTRP`: `AUCHP` (SECD received, AUCH still to be
 * built) and `AURPP` (AUCH received, AURP still to be built).
 */
export const SESSION_STATES = [
  'IDLE',
  'I_WF_NC',
  'I_WF_RM',
  'I_WF_SSID',
  'A_NC_ONLY',
  'A_WF_CONRS',
  'WF_SECD',
  'WF_AUCH',
  'WF_AURP',
  'AUCHP',
  'AURPP',
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
  'CLOP',
  'IDLELI',
  'IDLELICD',
  'OPIP',
  'OPI',
  'CLIP',
  'RTRP',
  'WF_NDISC',
] as const;

/** One state of the session machine, RFC 5024 §9.3. */
export type SessionState = (typeof SESSION_STATES)[number];

/**
 * What the machine waits for in a state: an answer of its own user, the peer, or nothing at all.
 *
 * `user-response` are the states where an indication was given and the standard waits for the F_..._RS: the peer has
 * nothing to say until then, so frames that have already arrived stay unread. `user-turn` are the Speaker's states: the
 * next move is ours too, but a peer that speaks there is out of turn and is told so at once.
 */
export type Waiting = 'nothing' | 'network' | 'peer' | 'user-response' | 'user-turn';

/** What each state waits for. */
export const WAITING_FOR = {
  IDLE: 'nothing',
  I_WF_NC: 'network',
  I_WF_RM: 'peer',
  I_WF_SSID: 'peer',
  A_NC_ONLY: 'peer',
  A_WF_CONRS: 'user-response',
  WF_SECD: 'peer',
  WF_AUCH: 'peer',
  WF_AURP: 'peer',
  AUCHP: 'user-response',
  AURPP: 'user-response',
  IDLESP: 'user-turn',
  IDLESPCD: 'user-turn',
  WF_RTR: 'peer',
  WF_CD: 'peer',
  ERSTWFCD: 'peer',
  NRSTWFCD: 'peer',
  SFSTWFCD: 'peer',
  CDSTWFCD: 'peer',
  OPOP: 'peer',
  OPO: 'user-turn',
  OPOWFC: 'peer',
  CLOP: 'peer',
  IDLELI: 'peer',
  IDLELICD: 'peer',
  OPIP: 'user-response',
  OPI: 'peer',
  CLIP: 'user-response',
  RTRP: 'user-response',
  WF_NDISC: 'network',
} as const satisfies Record<SessionState, Waiting>;

/** The states before the session is up: identities not yet exchanged or not yet proven. */
export const STARTING_STATES: ReadonlySet<SessionState> = new Set([
  'I_WF_NC',
  'I_WF_RM',
  'I_WF_SSID',
  'A_NC_ONLY',
  'A_WF_CONRS',
  'WF_SECD',
  'WF_AUCH',
  'WF_AURP',
  'AUCHP',
  'AURPP',
]);

/** The states before any SSID has been accepted: only short frames are read. */
export const BEFORE_SSID: ReadonlySet<SessionState> = new Set(['IDLE', 'I_WF_NC', 'I_WF_RM', 'I_WF_SSID', 'A_NC_ONLY']);

/** The states in which nothing has been agreed. */
export const BEFORE_NEGOTIATION: ReadonlySet<SessionState> = new Set([...BEFORE_SSID, 'A_WF_CONRS']);
