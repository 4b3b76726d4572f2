import { EfnaReason } from '../../reasons/efna.js';
import { EsidReason } from '../../reasons/esid.js';
import { NerpReason } from '../../reasons/nerp.js';
import { SfnaReason } from '../../reasons/sfna.js';
import type { Command, CommandName } from '../../wire/command.js';
import { endResponseFor, fileDescription, negativeEndResponseFor, ssid } from '../../testing/commands.js';
import { encodeFrame } from '../../wire/encode.js';
import { eventOfCommand, eventOfRequest, type SessionEvent, type SessionEventName } from '../events.js';
import { idleMachine, type Machine } from '../machine.js';
import type { Capabilities } from '../negotiation.js';
import type { Request } from '../primitives.js';
import type { SessionState } from '../states.js';

export const CAPABILITIES: Capabilities = { mode: 'B', bufferSize: 2048, credit: 7, compression: true, restart: true };

export const CHALLENGE = Uint8Array.from({ length: 20 }, (_, index) => index + 1);
export const ENVELOPE = Uint8Array.of(0x30, 3, 2, 1, 0);

export const FILE = fileDescription('O0013ACMEPARTS     PLANT1', 'O0942BIGCAR', { SFIDDSN: 'HELLO.TXT' });

export const EERP = endResponseFor(FILE);

export const NERP = negativeEndResponseFor(FILE, NerpReason.processingFailed);

export const COMMAND_SAMPLES: { readonly [Name in CommandName]: Extract<Command, { command: Name }> } = {
  SSRM: { command: 'SSRM' },
  SSID: ssid('O0942BIGCAR', 'PW2', { SSIDSDEB: 1024, SSIDCMPR: 'N', SSIDCRED: 3 }),
  SECD: { command: 'SECD' },
  AUCH: { command: 'AUCH', AUCHCHAL: ENVELOPE },
  AURP: { command: 'AURP', AURPRSP: CHALLENGE },
  SFID: { command: 'SFID', ...FILE },
  SFPA: { command: 'SFPA', SFPAACNT: 0n },
  SFNA: { command: 'SFNA', SFNAREAS: SfnaReason.duplicateFile, SFNARRTR: 'Y', SFNAREAST: '' },
  DATA: { command: 'DATA', payload: Uint8Array.of(0x82, 65, 66) },
  CDT: { command: 'CDT' },
  EFID: { command: 'EFID', EFIDRCNT: 0n, EFIDUCNT: 2n },
  EFPA: { command: 'EFPA', EFPACD: 'N' },
  EFNA: { command: 'EFNA', EFNAREAS: EfnaReason.invalidByteCount, EFNAREAST: '' },
  ESID: { command: 'ESID', ESIDREAS: EsidReason.resourcesNotAvailable, ESIDREAST: '' },
  CD: { command: 'CD' },
  EERP: { command: 'EERP', ...EERP },
  NERP: { command: 'NERP', ...NERP },
  RTR: { command: 'RTR' },
};

export const CONNECT_REQUEST = {
  primitive: 'F_CONNECT_RQ',
  code: 'O0013ACMEPARTS     PLANT1',
  password: 'SECRET1',
  authentication: false,
  peer: { code: 'O0942BIGCAR', password: 'PW2' },
} as const satisfies Request;

export const REQUEST_SAMPLES = {
  F_CONNECT_RQ: CONNECT_REQUEST,
  F_CONNECT_RS: { primitive: 'F_CONNECT_RS', code: 'O0942BIGCAR', password: 'PW2', authentication: false },
  F_CHALLENGE_RS: { primitive: 'F_CHALLENGE_RS', envelope: ENVELOPE, challenge: CHALLENGE },
  F_RESPONSE_RS: { primitive: 'F_RESPONSE_RS', response: CHALLENGE },
  F_ABORT_RQ: { primitive: 'F_ABORT_RQ' },
  F_RELEASE_RQ: { primitive: 'F_RELEASE_RQ', reason: EsidReason.resourcesNotAvailable, text: 'Full' },
  F_START_FILE_RQ: { primitive: 'F_START_FILE_RQ', file: FILE },
  F_START_FILE_RS: { primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 1000n },
  F_DATA_RQ: { primitive: 'F_DATA_RQ', frames: encodeFrame(COMMAND_SAMPLES.DATA) },
  F_CLOSE_FILE_RQ: { primitive: 'F_CLOSE_FILE_RQ', counts: { records: 0n, units: 2n } },
  F_CLOSE_FILE_RS: { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: false },
  F_EERP_RQ: { primitive: 'F_EERP_RQ', response: EERP },
  F_NERP_RQ: { primitive: 'F_NERP_RQ', response: NERP },
  F_RTR_RS: { primitive: 'F_RTR_RS' },
  F_CD_RQ: { primitive: 'F_CD_RQ' },
} as const satisfies { readonly [Name in Request['primitive']]: Extract<Request, { primitive: Name }> };

/** A valid event of each name. */
export function sampleEvent(name: SessionEventName): SessionEvent {
  const octets = new Uint8Array(0);
  switch (name) {
    case 'ESID(Normal)':
      return eventOfCommand({ ...COMMAND_SAMPLES.ESID, ESIDREAS: EsidReason.normalEnd }, octets);
    case 'ESID(Error)':
      return eventOfCommand(COMMAND_SAMPLES.ESID, octets);
    case 'F_REL_RQ(Ok)':
      return eventOfRequest({ primitive: 'F_RELEASE_RQ', reason: EsidReason.normalEnd });
    case 'F_REL_RQ(Err)':
      return eventOfRequest(REQUEST_SAMPLES.F_RELEASE_RQ);
    case 'TIME_OUT':
      return { event: name, waitedFor: 'the peer' };
    case 'INVALID_BUFFER':
      return { event: name, reason: EsidReason.invalidData, text: 'SSIDSDEB is no number' };
    case 'N_CON_IND':
    case 'N_CON_CF':
    case 'N_DISC_IND':
    case 'N_RST_IND':
    case 'CREDIT':
      return { event: name };
    default:
      return name in COMMAND_SAMPLES
        ? eventOfCommand(COMMAND_SAMPLES[name as CommandName], octets)
        : eventOfRequest(REQUEST_SAMPLES[name as keyof typeof REQUEST_SAMPLES]);
  }
}

/** A machine in a state, with the variables it may have there. */
export function machineIn(state: SessionState, changes: Partial<Machine> = {}): Machine {
  const stored = {
    ERSTWFCD: REQUEST_SAMPLES.F_EERP_RQ,
    NRSTWFCD: REQUEST_SAMPLES.F_NERP_RQ,
    SFSTWFCD: REQUEST_SAMPLES.F_START_FILE_RQ,
  };
  return {
    ...idleMachine('initiator', CAPABILITIES),
    state,
    connect: CONNECT_REQUEST,
    ssid: COMMAND_SAMPLES.SSID,
    offered: FILE,
    challenge: state === 'WF_AURP' ? CHALLENGE : undefined,
    stored: state in stored ? stored[state as keyof typeof stored] : undefined,
    credit: 5,
    ...changes,
  };
}
