import type { FileProblem } from '../data/decoder.js';
import type { FileCounts } from '../data/virtual-file.js';
import type { EfnaReason } from '../reasons/efna.js';
import type { EsidReason } from '../reasons/esid.js';
import type { SfnaReason } from '../reasons/sfna.js';
import type { CommandNamed } from '../wire/command.js';
import type { Mode, Negotiated } from './negotiation.js';

/** The fields of an SFID as its user gives and gets them. RFC 5024 §5.3.3 */
export type FileDescription = Omit<CommandNamed<'SFID'>, 'command'>;

/** The fields of an EERP. RFC 5024 §5.3.13 */
export type EndResponse = Omit<CommandNamed<'EERP'>, 'command'>;

/** The fields of a NERP. RFC 5024 §5.3.14 */
export type NegativeEndResponse = Omit<CommandNamed<'NERP'>, 'command'>;

/** What one side says of itself in its SSID. */
interface Identification {
  /** Our identification code, at most 25 octets. */
  readonly code: string;
  /** Our password, at most 8 octets. */
  readonly password: string;
  /** Whether we insist on secure authentication; the other side must say the same. */
  readonly authentication: boolean;
  /** Narrows `capabilities.mode` for this session. */
  readonly mode?: Mode;
  /** SSIDUSER, at most 8 octets. */
  readonly user?: string;
}

/** Initiator: open a session. The answer must name `peer`, else the session ends with ESID 03 or 04. RFC 5024 §3.2 */
export interface ConnectRequest extends Identification {
  readonly primitive: 'F_CONNECT_RQ';
  readonly peer: { readonly code: string; readonly password: string };
}

/** Responder: accept the Initiator whose SSID was indicated. To refuse, release with a reason. RFC 5024 §3.2 */
export interface ConnectResponse extends Identification {
  readonly primitive: 'F_CONNECT_RS';
}

/** Answer to F_CHALLENGE_IND: what to send in AUCH, and the 20 octets inside that AURP must bring back. */
export interface ChallengeResponse {
  readonly primitive: 'F_CHALLENGE_RS';
  /** CMS EnvelopedData for the peer's certificate. */
  readonly envelope: Uint8Array;
  /** The 20 octets enveloped; fresh from a secure source for every session. */
  readonly challenge: Uint8Array;
}

/** Answer to F_RESPONSE_IND: the 20 octets decrypted from the peer's challenge. To give up, release with reason 11. */
export interface AuthenticationResponse {
  readonly primitive: 'F_RESPONSE_RS';
  readonly response: Uint8Array;
}

/** End the connection at once, without ESID. RFC 5024 §3.4.3 */
export interface AbortRequest {
  readonly primitive: 'F_ABORT_RQ';
}

/**
 * End the session with ESID. `EsidReason.normalEnd` only right after an unsolicited F_CD_IND (state IDLESPCD); any other
 * reason at any time while connected. RFC 5024 §3.4.1, §3.4.2
 */
export interface ReleaseRequest {
  readonly primitive: 'F_RELEASE_RQ';
  readonly reason: EsidReason;
  /** For the peer's operator: short, without secrets and internals. */
  readonly text?: string;
}

/** Speaker: offer a file. RFC 5024 §3.3.1 */
export interface StartFileRequest {
  readonly primitive: 'F_START_FILE_RQ';
  readonly file: FileDescription;
}

/** Listener: take the file from `restartPosition` on, at most the position offered. RFC 5024 §3.3.1 */
export interface StartFileAcceptance {
  readonly primitive: 'F_START_FILE_RS';
  readonly accepted: true;
  /** In units of 1024 octets, or records for an unsecured file of format F or V; 0n to begin at the beginning. */
  readonly restartPosition: bigint;
  /** Octets already held for `restartPosition`; needed for format V only, where records have no common length. */
  readonly octetsHeld?: bigint;
  /** Most octets the virtual file may have; of a longer one nothing more is indicated, and it ends in EFNA 06. */
  readonly maximumOctets: bigint;
}

/** Listener: refuse the file. RFC 5024 §3.3.1 */
export interface StartFileRefusal {
  readonly primitive: 'F_START_FILE_RS';
  readonly accepted: false;
  readonly reason: SfnaReason;
  /** True only where the cause is temporary: the Speaker tries again in a later session. */
  readonly retry: boolean;
  readonly text?: string;
}

/** Speaker: send DATA, at most as many buffers as there is credit. RFC 5024 §3.3.2 */
export interface DataRequest {
  readonly primitive: 'F_DATA_RQ';
  /** Complete stream transmission buffers end to end, each holding one DATA; a FileSender makes them. */
  readonly frames: Uint8Array;
  /** Handed on with the effect: memory that may be used again once the frames are written. */
  readonly released?: Uint8Array | undefined;
}

/** Speaker: the file is complete. RFC 5024 §3.3.3 */
export interface CloseFileRequest {
  readonly primitive: 'F_CLOSE_FILE_RQ';
  /** Of the whole virtual file, restart included. */
  readonly counts: FileCounts;
}

/** Listener: the file is safely stored. RFC 5024 §3.3.3 */
export interface CloseFileAcceptance {
  readonly primitive: 'F_CLOSE_FILE_RS';
  readonly accepted: true;
  /** True to become the Speaker, where there is something to send: the peer answers with CD at once. */
  readonly speaker: boolean;
}

/** Listener: the file is not taken. RFC 5024 §3.3.3 */
export interface CloseFileRefusal {
  readonly primitive: 'F_CLOSE_FILE_RS';
  readonly accepted: false;
  readonly reason: EfnaReason;
  readonly text?: string;
}

/** Speaker: acknowledge a file end to end. RFC 5024 §3.3.5 */
export interface EndResponseRequest {
  readonly primitive: 'F_EERP_RQ';
  readonly response: EndResponse;
}

/** Speaker: report that a file found no good end. RFC 5024 §3.3.6 */
export interface NegativeEndResponseRequest {
  readonly primitive: 'F_NERP_RQ';
  readonly response: NegativeEndResponse;
}

/** Listener: the EERP or NERP indicated is durably stored. RFC 5024 §3.3.5 */
export interface ReadyToReceiveResponse {
  readonly primitive: 'F_RTR_RS';
}

/** Speaker: hand over the turn; not right after an unsolicited F_CD_IND. RFC 5024 §3.3.4 */
export interface ChangeDirectionRequest {
  readonly primitive: 'F_CD_RQ';
}

/** What the user of a session may ask of it: the F_..._RQ and F_..._RS of RFC 5024 §3, and two of ours. */
export type Request =
  | ConnectRequest
  | ConnectResponse
  | ChallengeResponse
  | AuthenticationResponse
  | AbortRequest
  | ReleaseRequest
  | StartFileRequest
  | StartFileAcceptance
  | StartFileRefusal
  | DataRequest
  | CloseFileRequest
  | CloseFileAcceptance
  | CloseFileRefusal
  | EndResponseRequest
  | NegativeEndResponseRequest
  | ReadyToReceiveResponse
  | ChangeDirectionRequest;

/** The request with this name. */
export type RequestNamed<Name extends Request['primitive']> = Extract<Request, { primitive: Name }>;

/** How a session came to its abnormal end. */
export interface AbortIndication {
  readonly primitive: 'F_ABORT_IND';
  /** RFC 5024 §3.4.3, AO: who ended it. */
  readonly origin: 'local' | 'remote';
  /** `closed`: by us, without ESID, as nobody would have understood it. */
  readonly how: 'esid-sent' | 'esid-received' | 'disconnected' | 'reset' | 'closed';
  /** 99 where the connection ended without ESID. */
  readonly reason: EsidReason;
  /** The text sent or received; a peer's text is untrusted. */
  readonly text: string;
}

/** What a session tells its user: the F_..._IND and F_..._CF of RFC 5024 §3, and two of ours. */
export type Indication =
  | {
      /** Responder: the Initiator's SSID; answer F_CONNECT_RS, or F_RELEASE_RQ with reason 03 or 04. */
      readonly primitive: 'F_CONNECT_IND';
      readonly ssid: CommandNamed<'SSID'>;
    }
  | {
      /** Initiator: the session is up and the turn is ours. */
      readonly primitive: 'F_CONNECT_CF';
      readonly ssid: CommandNamed<'SSID'>;
      readonly negotiated: Negotiated;
    }
  /** SECD arrived: the peer waits for a challenge; answer F_CHALLENGE_RS. */
  | { readonly primitive: 'F_CHALLENGE_IND' }
  /** AUCH arrived: decrypt `envelope` and answer F_RESPONSE_RS. */
  | { readonly primitive: 'F_RESPONSE_IND'; readonly envelope: Uint8Array }
  | { readonly primitive: 'F_START_FILE_IND'; readonly file: FileDescription }
  | {
      readonly primitive: 'F_START_FILE_CF';
      readonly accepted: true;
      /** Where the transfer goes on, in the units of SFIDREST. */
      readonly restartPosition: bigint;
      /** DATA that may be sent before the first F_DATA_CF. */
      readonly credit: number;
    }
  | {
      readonly primitive: 'F_START_FILE_CF';
      readonly accepted: false;
      readonly reason: SfnaReason;
      readonly retry: boolean;
      readonly text: string;
    }
  | {
      /**
       * What one DATA holds of the file. The octets stay as they are until `allocate` of the session's options gives their
       * memory again; keep a copy of a few rather than a view for long.
       */
      readonly primitive: 'F_DATA_IND';
      readonly octets: Uint8Array;
      /** Unsecured files of format F and V: where in `octets` records end; an empty record repeats the end before it. */
      readonly recordEnds: readonly number[];
    }
  /** The Speaker may send `credit` more buffers. */
  | { readonly primitive: 'F_DATA_CF'; readonly credit: number }
  | {
      readonly primitive: 'F_CLOSE_FILE_IND';
      /** EFIDRCNT and EFIDUCNT, as the Speaker counted. */
      readonly counts: FileCounts;
      /** Why the file has to be refused with EFNA: what came is not what was announced. */
      readonly problem: FileProblem | undefined;
    }
  | {
      readonly primitive: 'F_CLOSE_FILE_CF';
      readonly accepted: true;
      /** False where the peer asked for the turn: CD has gone out, we listen. */
      readonly speaker: boolean;
    }
  | {
      readonly primitive: 'F_CLOSE_FILE_CF';
      readonly accepted: false;
      readonly reason: EfnaReason;
      readonly text: string;
    }
  /** `octets` is the exchange buffer: what a signature is checked against. Answer F_RTR_RS when it is stored. */
  | { readonly primitive: 'F_EERP_IND'; readonly response: EndResponse; readonly octets: Uint8Array }
  | { readonly primitive: 'F_NERP_IND'; readonly response: NegativeEndResponse; readonly octets: Uint8Array }
  | { readonly primitive: 'F_RTR_CF' }
  | { readonly primitive: 'F_CD_IND' }
  | { readonly primitive: 'F_RELEASE_IND' }
  | AbortIndication;
