import { describe, expect, it } from '@jest/globals';
import { EsidReason } from '../reasons/esid.js';
import { encodeFrame } from '../wire/encode.js';
import { CAPABILITIES, COMMAND_SAMPLES, CONNECT_REQUEST, FILE } from './testing/events.js';
import { octetsOf } from './testing/notation.js';
import { Station } from './testing/station.js';
import { aListener, aResponder, anInitiator, INITIATOR_SSID, saidBy, say } from './testing/peer.js';

const { SFID, SSRM, DATA, EFID } = COMMAND_SAMPLES;
const endSession = (reason: EsidReason, text = ''): Uint8Array =>
  encodeFrame({ command: 'ESID', ESIDREAS: reason, ESIDREAST: text });

describe('octets that are no ODETTE-FTP', () => {
  it.each([
    ['HTTP', 'GET~'],
    ['TLS', '<16><03><01><02>'],
    ['SSH', 'SSH-'],
  ])('of %s on the plain port close the connection without a word', (_, text) => {
    const station = aResponder();
    say(station, octetsOf(text));
    expect(saidBy(station)).toBe('SSRM');
    expect(station.isDisconnected).toBe(true);
    expect(station.aborted).toMatchObject({ origin: 'local', how: 'closed' });
    expect(station.session.state).toBe('IDLE');
  });

  it.each([
    ['version 0', '<00><00><00><05>R', 1],
    ['version 2', '<20><00><00><05>R', 1],
    ['a length of 0', '<10><00><00><00>', 7],
    ['a length of 4', '<10><00><00><04>', 7],
    ['the longest length there is', '<10><FF><FF><FF>', 7],
    ['a length of 100004', '<10><01><86><A4>', 7],
    ['a length that no SSID has', '<10><00><03><F3>', 7],
    ['an unknown command', '<10><00><00><05>Z', 1],
    ['a command octet 0', '<10><00><00><05><00>', 1],
    ['a command in small letters', '<10><00><00><05>d', 1],
    ['an SSID of 62 octets', '<10><00><00><42>X{61~}', 7],
    ['an SFID whose description is cut off', undefined, 7],
  ])('are answered as they deserve: %s', (_, text, reason) => {
    const cut = encodeFrame({ ...SFID, SFIDDESC: 'x'.repeat(999) }).slice(0, 174);
    cut.set([0x10, 0, 0, 174], 0);
    const station = text === undefined ? aListener() : aResponder();
    say(station, text === undefined ? cut : octetsOf(text));
    expect(station.aborted).toMatchObject({ origin: 'local', reason });
    expect(saidBy(station)).toMatch(new RegExp(`ESID ${reason}$`));
  });

  it('after a broken header are read no more, and end no session twice', () => {
    const station = aResponder();
    say(station, octetsOf('<10><00><00><00>'), octetsOf('<10><00><00><00>'), endSession(EsidReason.timeOut));
    expect(saidBy(station)).toBe('SSRM ESID 7');
    expect(station.indications).toHaveLength(1);
    expect(station.session.state).toBe('WF_NDISC');
  });
});

describe('commands that come while the user is asked', () => {
  // The session itself is asked here, so that nobody answers its indications.
  it('wait for the answer', () => {
    const { session } = aResponder();
    expect(session.isHolding).toBe(false);
    session.receive(encodeFrame(INITIATOR_SSID));
    expect(session.isHolding).toBe(true);
    expect(session.receive(encodeFrame(SFID))).toEqual([]);
    const effects = session.request({
      primitive: 'F_CONNECT_RS',
      code: 'O0942BIGCAR',
      password: 'PW2',
      authentication: false,
    });
    const indicated = effects.flatMap((effect) => (effect.effect === 'indicate' ? [effect.indication.primitive] : []));
    expect(indicated).toEqual(['F_START_FILE_IND']);
    expect(session.state).toBe('OPIP');
  });

  it('end the session with ESID 02 when they are more than one buffer', () => {
    const { session } = aResponder({ limits: { held: 1000 } });
    session.receive(encodeFrame(INITIATOR_SSID));
    session.receive(new Uint8Array(1000).fill(0x10));
    expect(session.state).toBe('A_WF_CONRS');
    session.receive(new Uint8Array(1));
    expect(session.state).toBe('WF_NDISC');
  });

  it('tell why the peer has gone, when they say so', () => {
    const { session } = aResponder();
    session.receive(encodeFrame(INITIATOR_SSID));
    session.receive(endSession(EsidReason.timeOut, 'Too slow'));
    const indications = session
      .disconnected()
      .flatMap((effect) => (effect.effect === 'indicate' ? [effect.indication] : []));
    expect(indications).toMatchObject([
      { primitive: 'F_ABORT_IND', how: 'esid-received', reason: 9, text: 'Too slow' },
    ]);
    expect(session.state).toBe('IDLE');
  });
});

describe('the end of a session', () => {
  it('is one indication, whoever ends it and however often', () => {
    const station = aListener();
    say(station, SSRM);
    say(station, SSRM, SFID, DATA, endSession(EsidReason.protocolViolation));
    expect(station.indications.filter(({ primitive }) => primitive === 'F_ABORT_IND')).toHaveLength(1);
    expect(station.isDisconnected).toBe(true);
    expect(station.session.state).toBe('IDLE');
  });

  it('makes everything a peer still says unheard, but its own ESID', () => {
    const station = aListener();
    say(station, SSRM);
    const { session } = station;
    // A CDT without its reserved octets would be worth a mention at other times.
    expect(session.receive(octetsOf('<10><00><00><05>C'))).toEqual([]);
    expect(session.receive(octetsOf('<10><00><00><05>?'))).toEqual([]);
    expect(session.receive(endSession(EsidReason.timeOut))).toContainEqual({ effect: 'disconnect' });
  });

  it('leaves nothing that octets, timers or the network could do', () => {
    const { session } = aListener();
    session.receive(endSession(EsidReason.timeOut));
    expect(session.state).toBe('IDLE');
    expect(session.receive(encodeFrame(SFID))).toEqual([]);
    expect(session.timeout('inactivity')).toEqual([]);
    expect(session.disconnected()).toEqual([]);
    expect(session.reset()).toEqual([]);
    expect(() => session.connected()).toThrow('ended');
    expect(() => session.request({ primitive: 'F_CD_RQ' })).toThrow('F_CD_RQ');
  });

  it('by a broken ESID is an end all the same', () => {
    const station = aListener();
    say(station, octetsOf('<10><00><00><0C>FAB999xyz'));
    expect(station.aborted).toMatchObject({ origin: 'remote', reason: 99 });
    expect(saidBy(station)).toBe('SSRM SSID');
  });

  it.each([
    ['closed', (station: Station) => station.session.disconnected(), 'disconnected'],
    ['broken', (station: Station) => station.session.reset(), 'reset'],
  ])('of a connection that is %s in a frame frees the session', (_, end, how) => {
    const station = aListener();
    say(station, SFID, encodeFrame(DATA).subarray(0, 3));
    expect(station.timers.has('frame')).toBe(true);
    station.do(end(station));
    expect(station.aborted).toMatchObject({ origin: 'remote', how, reason: 99 });
    expect(station.timers.size).toBe(0);
  });

  it('can be had at once, without ESID', () => {
    const { session } = aListener();
    const effects = session.request({ primitive: 'F_ABORT_RQ' });
    expect(effects).toEqual([{ effect: 'stopTimer', timer: 'inactivity' }, { effect: 'disconnect' }]);
    expect(session.state).toBe('IDLE');
  });

  it('is known to an Initiator whose connection did not come about', () => {
    const station = new Station({ role: 'initiator', capabilities: CAPABILITIES, connect: CONNECT_REQUEST });
    expect(station.session.state).toBe('I_WF_NC');
    station.disconnected();
    expect(station.aborted).toMatchObject({ origin: 'remote', how: 'disconnected', reason: 99 });
    expect(station.session.state).toBe('IDLE');
  });
});

describe('a request that cannot be carried out', () => {
  it('changes nothing: out of turn', () => {
    const { session } = aListener();
    expect(() => session.request({ primitive: 'F_START_FILE_RQ', file: FILE })).toThrow('IDLELI');
    session.receive(encodeFrame(SFID));
    expect(session.state).toBe('OPIP');
  });

  it('changes nothing: a value that does not fit its field', () => {
    const { session } = aListener();
    session.receive(encodeFrame({ command: 'CD' }));
    const file = { ...FILE, SFIDDSN: 'A.NAME.LONGER.THAN.26.OCTETS' };
    expect(() => session.request({ primitive: 'F_START_FILE_RQ', file })).toThrow('SFIDDSN');
    expect(session.state).toBe('IDLESPCD');
  });

  it('is known at once where it would go out only later', () => {
    const station = aListener({
      onCloseFile: () => ({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true }),
      onStartFile: () => ({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 9n }),
    });
    const { session } = station;
    say(station, SFID, DATA);
    session.receive(encodeFrame(EFID));
    session.request({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true });
    const file = { ...FILE, SFIDDSN: '' };
    expect(() => session.request({ primitive: 'F_START_FILE_RQ', file })).toThrow('SFIDDSN');
    expect(session.state).toBe('WF_CD');
  });

  it('is refused before the connection is made where our own identity does not fit', () => {
    expect(() => anInitiator({ connect: { ...CONNECT_REQUEST, password: 'LONGER.THAN.8' } })).toThrow('SSIDPSWD');
  });

  it('is refused for capabilities that no SSID can say', () => {
    const capabilities = { mode: 'B', bufferSize: 127, credit: 1, compression: true, restart: true } as const;
    expect(() => aResponder({ capabilities })).toThrow('capabilities.bufferSize is 127; give 128 to 99999');
    expect(() => aResponder({ capabilities: { ...capabilities, bufferSize: 128, credit: 1000 } })).toThrow('credit');
  });
});
