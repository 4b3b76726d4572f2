import type { EsidReason } from '../reasons/esid.js';
import type { Command, CommandNamed } from '../wire/command.js';
import type { StorableRequest } from './commands.js';
import type { Capabilities, Negotiated } from './negotiation.js';
import type { AbortIndication, FileDescription, Indication, RequestNamed, StartFileAcceptance } from './primitives.js';
import type { SessionState } from './states.js';

/** Who opened the connection: the Initiator. RFC 5024 §4.2.1 */
export type Role = 'initiator' | 'responder';

/** A session at rest between two events: its state and the local variables of RFC 5024 §9.6. Never changed, only replaced. */
export interface Machine {
  readonly state: SessionState;
  /** V.Caller */
  readonly role: Role;
  /** The constants of RFC 5024 §9.7. */
  readonly capabilities: Capabilities;
  /** V.Mode, V.Buf-size, V.Compression, V.Restart, V.Window, V.Authentication: first what we want, then what was agreed. */
  readonly agreed: Negotiated;
  /** V.Id, V.Pswd: the Initiator's request until the SSIDs have been exchanged. */
  readonly connect: RequestNamed<'F_CONNECT_RQ'> | undefined;
  /** The Initiator's SSID, while its user is asked. */
  readonly ssid: Extract<Command, { command: 'SSID' }> | undefined;
  /** V.Challenge: what AURP must bring back. Forgotten after one comparison. */
  readonly challenge: Uint8Array | undefined;
  /** What we sent in AUCH, until the peer's own AUCH can no longer be a copy of it. */
  readonly envelope: Uint8Array | undefined;
  /** The file whose SFID has arrived, while it is being opened. */
  readonly offered: FileDescription | undefined;
  /** V.Restart-pos, while a file is being opened. */
  readonly restartPosition: bigint;
  /** V.Req-buf: the request to send as soon as the turn is ours. */
  readonly stored: StorableRequest | undefined;
  /** V.Credit_S as Speaker, V.Credit_L as Listener: only one of them counts at a time. */
  readonly credit: number;
}

/** Something a peer did that the standard forbids and we let pass. */
export type Tolerance = 'ESID-00-IN-IDLELI' | 'CD-IN-IDLELICD' | 'END-OF-FILE-NOT-MARKED' | 'COMPRESSION-NOT-AGREED';

/** What a transition brings about, in order. */
export type Output =
  | { readonly output: 'send'; readonly command: Command }
  /** DATA, already framed. */
  | { readonly output: 'send-frames'; readonly frames: Uint8Array; readonly released: Uint8Array | undefined }
  | { readonly output: 'indicate'; readonly indication: Indication }
  /** The Listener opens a file: what DATA brings from now on belongs to it. */
  | { readonly output: 'open-file'; readonly file: FileDescription; readonly acceptance: StartFileAcceptance }
  /** F_DATA_IND, of what the subrecords hold. */
  | { readonly output: 'indicate-data'; readonly payload: Uint8Array }
  /** F_CLOSE_FILE_IND, with the counts compared. */
  | { readonly output: 'indicate-end'; readonly end: CommandNamed<'EFID'> }
  | { readonly output: 'tolerate'; readonly tolerance: Tolerance }
  /** N_CON_RQ */
  | { readonly output: 'connect' }
  /** N_DISC_RQ */
  | { readonly output: 'disconnect' };

/** Why a request of our user was not carried out; nothing has changed. */
export interface UserError {
  readonly problem: 'not-in-this-state' | 'session-ended' | 'not-agreed' | 'invalid-value';
  readonly text: string;
}

/** What an event leads to. With `userError`, `next` is the machine as it was and there are no effects. */
export interface Outcome {
  readonly next: Machine;
  readonly effects: readonly Output[];
  readonly userError?: UserError;
}

/** A machine before anything happened. */
export function idleMachine(role: Role, capabilities: Capabilities): Machine {
  return {
    state: 'IDLE',
    role,
    capabilities,
    agreed: { ...capabilities, authentication: false },
    connect: undefined,
    ssid: undefined,
    challenge: undefined,
    envelope: undefined,
    offered: undefined,
    restartPosition: 0n,
    stored: undefined,
    credit: 0,
  };
}

/** Goes to a state with these effects and changed variables. */
export function go(
  machine: Machine,
  state: SessionState,
  effects: readonly Output[],
  changes?: Partial<Machine>,
): Outcome {
  return { next: { ...machine, ...changes, state }, effects };
}

/** Everything stays as it was. */
export function stay(machine: Machine): Outcome {
  return { next: machine, effects: [] };
}

/** Refuses a request; everything stays as it was. */
export function userError(machine: Machine, problem: UserError['problem'], text: string): Outcome {
  return { next: machine, effects: [], userError: { problem, text } };
}

/** A command to the peer. */
export function send(command: Command): Output {
  return { output: 'send', command };
}

/** A word to the user. */
export function indicate(indication: Indication): Output {
  return { output: 'indicate', indication };
}

/** Ends the session with ESID and tells the user: ESID(R), F_ABORT_IND(R,AO=L), WF_NDISC. */
export function abort(
  machine: Machine,
  reason: EsidReason,
  text: string,
  how: AbortIndication['how'] = 'esid-sent',
): Outcome {
  const indication = { primitive: 'F_ABORT_IND', origin: 'local', how, reason, text } as const;
  return go(machine, 'WF_NDISC', [send({ command: 'ESID', ESIDREAS: reason, ESIDREAST: text }), indicate(indication)]);
}

/** Tells the user and closes the connection: F_ABORT_IND, N_DISC_RQ, IDLE. */
export function abandon(machine: Machine, indication: Omit<AbortIndication, 'primitive'>): Outcome {
  return go(machine, 'IDLE', [indicate({ primitive: 'F_ABORT_IND', ...indication }), { output: 'disconnect' }]);
}
