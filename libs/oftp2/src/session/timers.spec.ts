import { describe, expect, it } from '@jest/globals';
import type { Command } from '../wire/command.js';
import { encodeFrame } from '../wire/encode.js';
import { CAPABILITIES, COMMAND_SAMPLES, EERP, FILE, REQUEST_SAMPLES } from './testing/events.js';
import { aListener, aResponder, anInitiator, INITIATOR_SSID, saidBy, say } from './testing/peer.js';
import { Station, type StationOptions, type Work } from './testing/station.js';
import { DEFAULT_TIMEOUTS } from './timers.js';

const { SSRM, SSID, SECD, AUCH, SFID, SFPA, DATA, EFID, CD } = COMMAND_SAMPLES;
const FILE_WORK: Work = { kind: 'file', file: { description: FILE, octets: new Uint8Array(10_000) } };
const SMALL_FILE: Work = { kind: 'file', file: { description: FILE, octets: new Uint8Array(10) } };
const AUTHENTICATED = { ...REQUEST_SAMPLES.F_CONNECT_RS, authentication: true };

function speaker(work: Work[], ...commands: Command[]): Station {
  const station = anInitiator({ work });
  say(station, SSRM, SSID, ...commands);
  return station;
}

const initiating = (options: Partial<StationOptions>, ...commands: Command[]): Station => {
  const station = anInitiator(options);
  say(station, ...commands);
  return station;
};

const responding = (options: Partial<StationOptions>, ...commands: Command[]): Station => {
  const station = aResponder(options);
  say(station, ...commands);
  return station;
};

describe('silence', () => {
  it.each<[string, keyof typeof DEFAULT_TIMEOUTS, () => Station]>([
    ['I_WF_RM', 'start', () => anInitiator()],
    ['I_WF_SSID', 'start', () => initiating({}, SSRM)],
    ['A_NC_ONLY', 'start', () => aResponder()],
    ['WF_SECD', 'start', () => responding({ accept: AUTHENTICATED }, { ...INITIATOR_SSID, SSIDAUTH: 'Y' })],
    ['WF_AURP', 'start', () => responding({ accept: AUTHENTICATED }, { ...INITIATOR_SSID, SSIDAUTH: 'Y' }, SECD)],
    ['IDLELI', 'listen', () => aListener()],
    ['IDLELICD', 'listen', () => speaker([])],
    ['OPI', 'data', () => responding({}, INITIATOR_SSID, SFID)],
    ['OPOP', 'answer', () => speaker([FILE_WORK])],
    ['OPOWFC', 'answer', () => speaker([FILE_WORK], SFPA)],
    ['CLOP', 'answer', () => speaker([SMALL_FILE], SFPA)],
    ['WF_RTR', 'answer', () => speaker([{ kind: 'eerp', response: EERP }])],
    [
      'CDSTWFCD',
      'answer',
      () =>
        responding(
          { onCloseFile: () => ({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true }) },
          INITIATOR_SSID,
          SFID,
          DATA,
          EFID,
        ),
    ],
  ])('in %s for the time of %s is ESID 09, then the connection is closed', (state, timeout, make) => {
    const station = make();
    expect(station.session.state).toBe(state);
    expect(station.timers.get('inactivity')).toBe(DEFAULT_TIMEOUTS[timeout]);
    station.timeout('inactivity');
    expect(saidBy(station)).toMatch(/ESID 9$/);
    expect(station.aborted).toMatchObject({ origin: 'local', reason: 9 });
    expect(station.timers).toEqual(new Map([['inactivity', DEFAULT_TIMEOUTS.close]]));
    expect(station.isDisconnected).toBe(false);
    station.timeout('inactivity');
    expect(station.isDisconnected).toBe(true);
    expect(station.timers.size).toBe(0);
  });

  it('of our own user ends the session too', () => {
    const { session } = aResponder();
    const effects = session.receive(encodeFrame(INITIATOR_SSID));
    expect(effects).toContainEqual({ effect: 'startTimer', timer: 'inactivity', milliseconds: DEFAULT_TIMEOUTS.user });
    session.timeout('inactivity');
    expect(session.state).toBe('WF_NDISC');
  });

  it('of the network ends the wait for a connection without ESID', () => {
    const connect = REQUEST_SAMPLES.F_CONNECT_RQ;
    const station = new Station({ role: 'initiator', capabilities: CAPABILITIES, connect });
    expect(station.timers).toEqual(new Map([['inactivity', DEFAULT_TIMEOUTS.connect]]));
    station.timeout('inactivity');
    expect(station.sent).toEqual([]);
    expect(station.aborted).toMatchObject({ origin: 'local', how: 'closed', reason: 9 });
    expect(station.isDisconnected).toBe(true);
  });
});

describe('the timer of a whole frame', () => {
  const frame = encodeFrame(INITIATOR_SSID);

  it('runs from the first octet, is not prolonged by further ones, and stops with the last', () => {
    const { session } = aResponder();
    expect(session.receive(frame.subarray(0, 1))).toEqual([
      { effect: 'startTimer', timer: 'frame', milliseconds: DEFAULT_TIMEOUTS.frame },
    ]);
    for (let at = 1; at < frame.length - 1; at += 1) expect(session.receive(frame.subarray(at, at + 1))).toEqual([]);
    expect(session.receive(frame.subarray(-1))).toContainEqual({ effect: 'stopTimer', timer: 'frame' });
  });

  it('starts anew for the next frame', () => {
    const station = aListener();
    const [sfid, data] = [encodeFrame(SFID), encodeFrame(DATA)];
    station.receive(Buffer.concat([sfid, data.subarray(0, 5)]));
    expect(station.timers.get('frame')).toBe(DEFAULT_TIMEOUTS.frame);
    const effects = station.session.receive(Buffer.concat([data.subarray(5), data.subarray(0, 1)]));
    expect(effects).toContainEqual({ effect: 'startTimer', timer: 'frame', milliseconds: DEFAULT_TIMEOUTS.frame });
  });

  it('ends the session with ESID 09', () => {
    const station = aResponder();
    station.receive(frame.subarray(0, 30));
    station.timeout('frame');
    expect(saidBy(station)).toBe('SSRM ESID 9');
    expect([...station.timers.keys()]).toEqual(['inactivity']);
  });
});

describe('the timer of the start of a session', () => {
  it('runs from the connection until the session is up, whatever is said meanwhile', () => {
    const station = aResponder({ accept: AUTHENTICATED });
    expect(station.timers.get('session-start')).toBe(DEFAULT_TIMEOUTS.sessionStart);
    const effects = station.session.receive(encodeFrame({ ...INITIATOR_SSID, SSIDAUTH: 'Y' }));
    expect(effects).not.toContainEqual(expect.objectContaining({ timer: 'session-start' }));
    station.timeout('session-start');
    expect(saidBy(station)).toBe('SSRM ESID 9');
  });

  it('stops when the session is up', () => {
    expect(aListener().timers.has('session-start')).toBe(false);
    expect(speaker([FILE_WORK]).timers.has('session-start')).toBe(false);
  });

  it('goes on during authentication', () => {
    const connect = { ...REQUEST_SAMPLES.F_CONNECT_RQ, authentication: true };
    const challenge = { ...AUCH, AUCHCHAL: new Uint8Array(21) };
    const station = initiating({ connect }, SSRM, { ...SSID, SSIDAUTH: 'Y' }, challenge);
    expect(station.session.state).toBe('WF_SECD');
    expect(station.timers.has('session-start')).toBe(true);
  });
});

describe('timers', () => {
  it('are taken from the options', () => {
    const station = aResponder({ timeouts: { start: 5, sessionStart: 7 } });
    expect(station.timers).toEqual(
      new Map([
        ['inactivity', 5],
        ['session-start', 7],
      ]),
    );
  });

  it('cost one restart for any number of DATA', () => {
    const station = aListener({}, { SSIDCRED: 999 });
    say(station, SFID);
    const data = encodeFrame(DATA);
    const effects = station.session.receive(Buffer.concat(Array.from({ length: 5 }, () => data)));
    expect(effects.filter(({ effect }) => effect === 'startTimer')).toHaveLength(1);
  });

  it('that run out too late do nothing', () => {
    const station = aListener();
    expect(station.session.timeout('frame')).toEqual([]);
    expect(station.session.timeout('session-start')).toEqual([]);
    expect(station.session.state).toBe('IDLELI');
  });

  it('are not prolonged by what a peer says after our ESID', () => {
    const station = aListener();
    say(station, SSRM);
    expect(station.session.receive(encodeFrame(CD))).toEqual([]);
  });
});
