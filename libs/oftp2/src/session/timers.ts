import type { SessionState } from './states.js';

/**
 * The three clocks of a session. `inactivity` is the RFC's, started anew by every transition; `frame` runs from the first to
 * the last octet of one stream transmission buffer, so that nobody can hold a connection by sending an octet now and then;
 * `session-start` is absolute, from the connection to the session being up.
 */
export type TimerKind = 'inactivity' | 'frame' | 'session-start';

/** How long each kind of waiting may last, in milliseconds. */
export interface Timeouts {
  /** The connection we asked for, with its TLS handshake. */
  readonly connect: number;
  /** SSRM, SSID, SECD, AUCH, AURP. */
  readonly start: number;
  /** SFPA, EFPA, RTR, CD, CDT. */
  readonly answer: number;
  /** The Listener's wait for the Speaker's next command. */
  readonly listen: number;
  /** DATA or EFID of a file that is under way. */
  readonly data: number;
  /** Our own user: the peer's clock is running meanwhile. */
  readonly user: number;
  /** The peer's close after our ESID. */
  readonly close: number;
  /** One whole stream transmission buffer. */
  readonly frame: number;
  /** From the connection to the session being up, however lively the peer is. */
  readonly sessionStart: number;
}

/** RFC 5024 §4.7.2 leaves the values open; these fit between what deployed stations use. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connect: 60_000,
  start: 60_000,
  answer: 120_000,
  listen: 120_000,
  data: 120_000,
  user: 120_000,
  close: 10_000,
  frame: 30_000,
  sessionStart: 60_000,
};

/** What the inactivity timer of a state waits for: which time, and how people would call it. */
export interface Wait {
  readonly timeout: keyof Timeouts;
  readonly waitedFor: string;
}

const wait = (timeout: keyof Timeouts, waitedFor: string): Wait => ({ timeout, waitedFor });
const OUR_USER = wait('user', 'the local application');

/** The inactivity timer of each state; none without a connection. */
export const WAITS = {
  IDLE: undefined,
  I_WF_NC: wait('connect', 'the connection'),
  I_WF_RM: wait('start', 'SSRM'),
  I_WF_SSID: wait('start', 'SSID'),
  A_NC_ONLY: wait('start', 'SSID'),
  A_WF_CONRS: OUR_USER,
  WF_SECD: wait('start', 'SECD'),
  WF_AUCH: wait('start', 'AUCH'),
  WF_AURP: wait('start', 'AURP'),
  AUCHP: OUR_USER,
  AURPP: OUR_USER,
  IDLESP: OUR_USER,
  IDLESPCD: OUR_USER,
  WF_RTR: wait('answer', 'RTR'),
  WF_CD: wait('answer', 'CD'),
  ERSTWFCD: wait('answer', 'CD'),
  NRSTWFCD: wait('answer', 'CD'),
  SFSTWFCD: wait('answer', 'CD'),
  CDSTWFCD: wait('answer', 'CD'),
  OPOP: wait('answer', 'SFPA or SFNA'),
  OPO: OUR_USER,
  OPOWFC: wait('answer', 'CDT'),
  CLOP: wait('answer', 'EFPA or EFNA'),
  IDLELI: wait('listen', 'a command'),
  IDLELICD: wait('listen', 'a command'),
  OPIP: OUR_USER,
  OPI: wait('data', 'DATA or EFID'),
  CLIP: OUR_USER,
  RTRP: OUR_USER,
  WF_NDISC: wait('close', 'the close'),
} as const satisfies Record<SessionState, Wait | undefined>;
