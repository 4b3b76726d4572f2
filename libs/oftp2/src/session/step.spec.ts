import { describe, expect, it } from '@jest/globals';
import { EfnaReason } from '../reasons/efna.js';
import type { EsidReason } from '../reasons/esid.js';
import { SfnaReason } from '../reasons/sfna.js';
import type { Command } from '../wire/command.js';
import { encodeFrame } from '../wire/encode.js';
import { eventOfCommand, eventOfRequest } from './events.js';
import type { Machine, Outcome } from './machine.js';
import type { Negotiated } from './negotiation.js';
import type { Request } from './primitives.js';
import type { SessionState } from './states.js';
import { step } from './step.js';
import {
  CAPABILITIES,
  CHALLENGE,
  COMMAND_SAMPLES,
  CONNECT_REQUEST,
  ENVELOPE,
  FILE,
  machineIn,
  REQUEST_SAMPLES,
} from './testing/events.js';

const AGREED: Negotiated = { ...CAPABILITIES, authentication: false };

function receive(state: SessionState, command: Command, changes: Partial<Machine> = {}): Outcome {
  return step(machineIn(state, changes), eventOfCommand(command, new Uint8Array(0)));
}

function request(state: SessionState, asked: Request, changes: Partial<Machine> = {}): Outcome {
  return step(machineIn(state, changes), eventOfRequest(asked));
}

/** ESID reason of an abort by us, with the state and the indication that must go with it. */
function abortReason({ next, effects }: Outcome): number | string {
  const [sent, told] = effects;
  if (sent?.output !== 'send' || sent.command.command !== 'ESID') return 'no ESID first';
  if (told?.output !== 'indicate' || told.indication.primitive !== 'F_ABORT_IND') return 'no F_ABORT_IND';
  if (told.indication.origin !== 'local' || next.state !== 'WF_NDISC') return 'not a local abort';
  return told.indication.reason === sent.command.ESIDREAS ? sent.command.ESIDREAS : 'two reasons';
}

describe('predicates of session connection, RFC 5024 §9.8.3', () => {
  const { SSID } = COMMAND_SAMPLES;

  it.each([
    ['another station', { SSIDCODE: 'O0942OTHER' }, 3],
    ['a station whose code only begins alike', { SSIDCODE: 'O0942BIGCA' }, 3],
    ['a wrong password', { SSIDPSWD: 'PW3' }, 4],
    ['no password', { SSIDPSWD: '' }, 4],
    ['more credit than offered', { SSIDCRED: 8 }, 10],
    ['another authentication', { SSIDAUTH: 'Y' as const }, 12],
    ['several faults, identity first', { SSIDCODE: 'X', SSIDPSWD: 'X', SSIDCRED: 8, SSIDAUTH: 'Y' as const }, 3],
    ['incompatible terms before authentication', { SSIDCRED: 8, SSIDAUTH: 'Y' as const }, 10],
  ])('D: an Initiator answered by %s aborts', (_, fields, reason) => {
    expect(abortReason(receive('I_WF_SSID', { ...SSID, ...fields }))).toBe(reason);
  });

  it('D: asks to be challenged first where both want authentication', () => {
    const connect = { ...CONNECT_REQUEST, authentication: true };
    const { next, effects } = receive('I_WF_SSID', { ...SSID, SSIDAUTH: 'Y' }, { connect });
    expect(next.state).toBe('WF_AUCH');
    expect(next.agreed.authentication).toBe(true);
    expect(effects).toEqual([{ output: 'send', command: { command: 'SECD' } }]);
  });

  it('D: keeps the terms that were agreed', () => {
    const { next } = receive('I_WF_SSID', SSID);
    expect(next.agreed).toEqual({
      mode: 'B',
      bufferSize: 1024,
      credit: 3,
      compression: false,
      restart: true,
      authentication: false,
    });
    expect(next.connect).toBeUndefined();
  });

  it.each([
    ['authentication differs', { authentication: true }, {}, 12],
    ['modes are incompatible', { mode: 'S' as const }, { SSIDSR: 'S' as const }, 10],
    ['the level is below 5', {}, { SSIDLEV: 4 }, 10],
  ])('G: a Responder whose user accepts aborts where %s', (_, response, fields, reason) => {
    const ssid = { ...SSID, ...fields };
    expect(abortReason(request('A_WF_CONRS', { ...REQUEST_SAMPLES.F_CONNECT_RS, ...response }, { ssid }))).toBe(reason);
  });

  it('G: waits for SECD where both want authentication', () => {
    const ssid = { ...SSID, SSIDAUTH: 'Y' as const };
    const { next } = request('A_WF_CONRS', { ...REQUEST_SAMPLES.F_CONNECT_RS, authentication: true }, { ssid });
    expect(next.state).toBe('WF_SECD');
  });

  it('A, G: refuse a mode beyond the capability', () => {
    const changes = { capabilities: { ...CAPABILITIES, mode: 'S' as const } };
    expect(request('IDLE', { ...CONNECT_REQUEST, mode: 'R' }, changes).userError?.problem).toBe('invalid-value');
    expect(request('A_WF_CONRS', { ...REQUEST_SAMPLES.F_CONNECT_RS, mode: 'R' }, changes).userError?.problem).toBe(
      'invalid-value',
    );
  });

  it('A: refuses to call as a Responder, B: to be called as an Initiator', () => {
    expect(request('IDLE', CONNECT_REQUEST, { role: 'responder' }).userError?.problem).toBe('invalid-value');
    expect(step(machineIn('IDLE'), { event: 'N_CON_IND' }).userError?.problem).toBe('not-in-this-state');
  });

  it('I: knows its own challenge when it is reflected', () => {
    expect(abortReason(receive('WF_AUCH', COMMAND_SAMPLES.AUCH, { role: 'responder', envelope: ENVELOPE }))).toBe(11);
    expect(receive('WF_AUCH', COMMAND_SAMPLES.AUCH, { envelope: Uint8Array.of(1) }).next.state).toBe('AURPP');
  });

  it('I: ends authentication as Responder, goes on as Initiator', () => {
    expect(request('AURPP', REQUEST_SAMPLES.F_RESPONSE_RS, { role: 'responder' }).next.state).toBe('IDLELI');
    expect(request('AURPP', REQUEST_SAMPLES.F_RESPONSE_RS).next.state).toBe('WF_SECD');
  });

  it.each([19, 21, 0])('I, J: refuse %i octets where 20 belong', (length) => {
    const octets = new Uint8Array(length);
    const response = request('AURPP', { primitive: 'F_RESPONSE_RS', response: octets });
    const challenge = request('AUCHP', { primitive: 'F_CHALLENGE_RS', envelope: ENVELOPE, challenge: octets });
    expect([response.userError?.problem, challenge.userError?.problem]).toEqual(['invalid-value', 'invalid-value']);
  });

  it('K: challenges in turn as Responder', () => {
    const { next, effects } = receive('WF_AURP', COMMAND_SAMPLES.AURP, { role: 'responder' });
    expect(next.state).toBe('WF_AUCH');
    expect(effects).toEqual([{ output: 'send', command: { command: 'SECD' } }]);
  });

  it.each([...CHALLENGE.keys()])('K: refuses an answer with octet %i changed, and forgets the challenge', (index) => {
    const response = CHALLENGE.map((octet, at) => (at === index ? octet ^ 1 : octet));
    const outcome = receive('WF_AURP', { command: 'AURP', AURPRSP: response });
    expect(abortReason(outcome)).toBe(11);
    expect(outcome.next.challenge).toBeUndefined();
  });
});

describe('predicates of errors and aborts, RFC 5024 §9.9', () => {
  it.each([1, 2, 6, 7])('I: says reason %i where that was found', (code) => {
    const reason = code as EsidReason;
    expect(abortReason(step(machineIn('OPI'), { event: 'INVALID_BUFFER', reason, text: 'found' }))).toBe(code);
  });

  it('I: says nothing to a client of another protocol', () => {
    const { next, effects } = step(machineIn('A_NC_ONLY'), { event: 'INVALID_BUFFER', reason: undefined, text: 'TLS' });
    expect(next.state).toBe('IDLE');
    expect(effects.map(({ output }) => output)).toEqual(['indicate', 'disconnect']);
  });
});

describe('predicates of the Speaker, RFC 5024 §9.10.3, §9.11.3', () => {
  it.each<[SessionState, string, Partial<Negotiated>, bigint]>([
    ['IDLESP', 'in a session in which we only receive', { mode: 'R' }, 0n],
    ['WF_CD', 'in a session in which we only receive', { mode: 'R' }, 0n],
    ['IDLESP', 'from a restart position that was not agreed on', { restart: false }, 1n],
    ['WF_CD', 'from a restart position that was not agreed on', { restart: false }, 1n],
  ])('P1: in %s refuses to offer a file %s', (state, _, agreed, SFIDREST) => {
    const file = { ...FILE, SFIDREST };
    const outcome = request(state, { primitive: 'F_START_FILE_RQ', file }, { agreed: { ...AGREED, ...agreed } });
    expect(outcome.userError?.problem).toBe('not-agreed');
  });

  it('P2: aborts where the Listener would begin beyond the position offered', () => {
    expect(abortReason(receive('OPOP', { command: 'SFPA', SFPAACNT: 3n }, { restartPosition: 2n }))).toBe(2);
    expect(receive('OPOP', { command: 'SFPA', SFPAACNT: 2n }, { restartPosition: 2n }).next.state).toBe('OPO');
  });

  it('offers an SFID that was stored while waiting for the turn with its restart position', () => {
    const stored = { primitive: 'F_START_FILE_RQ' as const, file: { ...FILE, SFIDREST: 4n } };
    const turned = receive('SFSTWFCD', { command: 'CD' }, { stored });
    expect(turned.next).toMatchObject({ state: 'OPOP', restartPosition: 4n, stored: undefined });
  });

  it('P3: waits for credit when the last buffer of the window has gone', () => {
    const frame = encodeFrame(COMMAND_SAMPLES.DATA);
    const frames = Buffer.concat([frame, frame]);
    const asked: Request = { primitive: 'F_DATA_RQ', frames };
    expect(request('OPO', asked, { credit: 3 }).next).toMatchObject({ state: 'OPO', credit: 1 });
    expect(request('OPO', asked, { credit: 2 }).next).toMatchObject({ state: 'OPOWFC', credit: 0 });
    expect(request('OPO', asked, { credit: 1 }).userError?.problem).toBe('not-agreed');
  });

  it('sets the credit to the window, and does not add to it', () => {
    expect(receive('OPOWFC', { command: 'CDT' }, { credit: 0 }).next.credit).toBe(CAPABILITIES.credit);
    expect(receive('OPOP', COMMAND_SAMPLES.SFPA, { credit: 99 }).next.credit).toBe(CAPABILITIES.credit);
  });

  it.each([
    ['nothing', []],
    ['half a frame', encodeFrame(COMMAND_SAMPLES.DATA).subarray(0, 6)],
    ['another command', encodeFrame({ command: 'CD' })],
    ['a buffer larger than agreed', encodeFrame({ command: 'DATA', payload: new Uint8Array(CAPABILITIES.bufferSize) })],
    ['a length of nothing', [0x10, 0, 0, 0, 0x44]],
  ])('refuses to send %s as DATA', (_, octets) => {
    const asked: Request = { primitive: 'F_DATA_RQ', frames: Uint8Array.from(octets) };
    expect(request('OPO', asked).userError?.problem).toBe('invalid-value');
  });

  it('9.11 P1: hands the turn over at once where the Listener asks for it', () => {
    const { next, effects } = receive('CLOP', { command: 'EFPA', EFPACD: 'Y' });
    expect(next.state).toBe('IDLELI');
    expect(effects).toEqual([
      { output: 'indicate', indication: { primitive: 'F_CLOSE_FILE_CF', accepted: true, speaker: false } },
      { output: 'send', command: { command: 'CD' } },
    ]);
  });
});

describe('predicates of the Listener, RFC 5024 §9.12.3', () => {
  it('P1: takes no restart that was not agreed on, and no file where it only sends', () => {
    const restarted = { ...COMMAND_SAMPLES.SFID, SFIDREST: 1n };
    expect(abortReason(receive('IDLELI', restarted, { agreed: { ...AGREED, restart: false } }))).toBe(2);
    expect(abortReason(receive('IDLELI', COMMAND_SAMPLES.SFID, { agreed: { ...AGREED, mode: 'S' } }))).toBe(2);
  });

  it('P2: sends SFNA and stays Listener where the user refuses', () => {
    const { next, effects } = request('OPIP', {
      primitive: 'F_START_FILE_RS',
      accepted: false,
      reason: SfnaReason.duplicateFile,
      retry: true,
      text: 'here already',
    });
    expect(next.state).toBe('IDLELI');
    const command = { command: 'SFNA', SFNAREAS: 13, SFNARRTR: 'Y', SFNAREAST: 'here already' };
    expect(effects).toEqual([{ output: 'send', command }]);
  });

  it('P2, P3: answers EFID with EFPA or EFNA as the user says', () => {
    const asked = { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true } as const;
    expect(request('CLIP', asked).next.state).toBe('WF_CD');
    const refused = { primitive: 'F_CLOSE_FILE_RS', accepted: false, reason: EfnaReason.invalidByteCount } as const;
    const { next, effects } = request('CLIP', refused);
    expect(next.state).toBe('IDLELI');
    expect(effects).toEqual([{ output: 'send', command: { command: 'EFNA', EFNAREAS: 11, EFNAREAST: '' } }]);
  });

  it('P4: refuses to begin beyond the position offered', () => {
    const asked = { primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 3n, maximumOctets: 9n } as const;
    expect(request('OPIP', asked, { restartPosition: 2n }).userError?.problem).toBe('invalid-value');
    expect(request('OPIP', { ...asked, restartPosition: 2n }, { restartPosition: 2n }).next.state).toBe('OPI');
  });

  it('P6: takes no DATA without credit', () => {
    expect(abortReason(receive('OPI', COMMAND_SAMPLES.DATA, { credit: 0 }))).toBe(2);
  });

  it('P7: gives new credit when the window is used up, and not before', () => {
    const used = step(machineIn('OPI', { credit: 0 }), { event: 'CREDIT' });
    expect(used.effects).toEqual([{ output: 'send', command: { command: 'CDT' } }]);
    expect(used.next.credit).toBe(CAPABILITIES.credit);
    expect(step(machineIn('OPI', { credit: 1 }), { event: 'CREDIT' }).effects).toEqual([]);
  });

  it('cuts a reason text to what fits instead of failing', () => {
    const text = `${'x'.repeat(998)}ß`;
    const { effects } = request('CLIP', {
      primitive: 'F_CLOSE_FILE_RS',
      accepted: false,
      reason: EfnaReason.unspecified,
      text,
    });
    expect(effects).toEqual([
      { output: 'send', command: { command: 'EFNA', EFNAREAS: 99, EFNAREAST: 'x'.repeat(998) } },
    ]);
  });
});
