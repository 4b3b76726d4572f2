import { EsidReason } from '../reasons/esid.js';
import type { Command, CommandName, CommandNamed } from '../wire/command.js';
import type { Request, RequestNamed } from './primitives.js';

/** Events of the peer: its commands. The tables tell a normal ESID from an error. */
export type PeerEventName = Exclude<CommandName, 'ESID'> | 'ESID(Normal)' | 'ESID(Error)';

/** Events of our user: its primitives. The tables tell a normal release from an error. */
export type UserEventName = Exclude<Request['primitive'], 'F_RELEASE_RQ'> | 'F_REL_RQ(Ok)' | 'F_REL_RQ(Err)';

/** Events of the network below, RFC 5024 §2.2, and of the machine's own clockwork. */
export type ServiceEventName =
  'N_CON_IND' | 'N_CON_CF' | 'N_DISC_IND' | 'N_RST_IND' | 'TIME_OUT' | 'INVALID_BUFFER' | 'CREDIT';

/** Every event of RFC 5024 §9.4, and three of ours: F_CHALLENGE_RS, F_RESPONSE_RS and CREDIT. */
export type SessionEventName = PeerEventName | UserEventName | ServiceEventName;

type CommandFor<Name extends PeerEventName> = Name extends CommandName ? CommandNamed<Name> : CommandNamed<'ESID'>;

type RequestFor<Name extends UserEventName> = Name extends Request['primitive']
  ? RequestNamed<Name>
  : RequestNamed<'F_RELEASE_RQ'>;

type PeerEvent<Name extends PeerEventName = PeerEventName> = {
  [Each in Name]: {
    readonly event: Each;
    readonly command: CommandFor<Each>;
    /** The exchange buffer the command was decoded from. */
    readonly octets: Uint8Array;
  };
}[Name];

type UserEvent<Name extends UserEventName = UserEventName> = {
  [Each in Name]: { readonly event: Each; readonly request: RequestFor<Each> };
}[Name];

type ServiceEvent =
  | { readonly event: 'N_CON_IND' | 'N_CON_CF' | 'N_DISC_IND' | 'N_RST_IND' }
  /** `waitedFor` says, for people, what did not come. */
  | { readonly event: 'TIME_OUT'; readonly waitedFor: string }
  /** A buffer that is no command, or none that could be taken; `reason` undefined where not even ODETTE-FTP is spoken. */
  | { readonly event: 'INVALID_BUFFER'; readonly reason: EsidReason | undefined; readonly text: string }
  /** All octets received have been worked off: the time to grant new credit, RFC 5024 §9.12.3 note 1. */
  | { readonly event: 'CREDIT' };

/** What can happen to a session. */
export type SessionEvent = PeerEvent | UserEvent | ServiceEvent;

/** The event with this name. */
export type EventNamed<Name extends SessionEventName> = Name extends PeerEventName
  ? PeerEvent<Name>
  : Name extends UserEventName
    ? UserEvent<Name>
    : Extract<ServiceEvent, { event: Name }>;

/** The event a request is to the tables. */
export function eventOfRequest(request: Request): SessionEvent {
  if (request.primitive === 'F_RELEASE_RQ') {
    return { event: request.reason === EsidReason.normalEnd ? 'F_REL_RQ(Ok)' : 'F_REL_RQ(Err)', request };
  }
  return { event: request.primitive, request } as UserEvent;
}

/** The event a command is to the tables. */
export function eventOfCommand(command: Command, octets: Uint8Array): SessionEvent {
  if (command.command === 'ESID') {
    return { event: command.ESIDREAS === EsidReason.normalEnd ? 'ESID(Normal)' : 'ESID(Error)', command, octets };
  }
  return { event: command.command, command, octets } as PeerEvent;
}

/** Whether an event is a request of our user, a command of the peer, or neither. */
export function sourceOf(event: SessionEvent): 'user' | 'peer' | 'service' {
  if ('request' in event) return 'user';
  return 'command' in event ? 'peer' : 'service';
}
