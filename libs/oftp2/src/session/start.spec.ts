import { describe, expect, it } from '@jest/globals';
import { EsidReason } from '../reasons/esid.js';
import { octetsOf } from './testing/notation.js';
import { CAPABILITIES, CHALLENGE, COMMAND_SAMPLES, CONNECT_REQUEST, REQUEST_SAMPLES } from './testing/events.js';
import { aResponder, anInitiator, commandsOf, INITIATOR_SSID, saidBy, say } from './testing/peer.js';
import type { Station } from './testing/station.js';

const { SSRM, SSID, SECD, AUCH, AURP, SFID, CD, DATA, EFID, EERP } = COMMAND_SAMPLES;
const AUTHENTICATED_REQUEST = { ...CONNECT_REQUEST, authentication: true };
const AUTHENTICATED_RESPONSE = { ...REQUEST_SAMPLES.F_CONNECT_RS, authentication: true };

/** An SSID as octets, with some of them overwritten. */
function ssidWith(at: number, text: string): Uint8Array {
  const octets = octetsOf('<10><00><00><41>X|5|O0013ACMEPARTS{5~}PLANT1|SECRET1~|04096|B|Y|Y|N|064|N|{4~}|{8~}|<0D>');
  octets.set(octetsOf(text), 4 + at);
  return octets;
}

function expectAborted(station: Station, reason: number): void {
  expect(station.aborted).toMatchObject({ origin: 'local', reason });
  expect(saidBy(station).split(' ').slice(-2)).toEqual(['ESID', String(reason)]);
  expect(station.session.state).toBe('WF_NDISC');
}

describe('the start of a session', () => {
  it('is opened by the Responder, and by nothing else', () => {
    expect(saidBy(aResponder())).toBe('SSRM');
    const initiator = anInitiator();
    expect(initiator.isConnecting).toBe(true);
    expect(saidBy(initiator)).toBe('');
  });

  it('agrees on the smaller of two capabilities', () => {
    const station = aResponder();
    say(station, { ...INITIATOR_SSID, SSIDCMPR: 'Y', SSIDREST: 'N' });
    const [, answer] = commandsOf(station.sent);
    expect(answer).toMatchObject({
      SSIDLEV: 5,
      SSIDSDEB: 2048,
      SSIDCRED: 7,
      SSIDCMPR: 'Y',
      SSIDREST: 'N',
      SSIDSPEC: 'N',
    });
    expect(station.session.negotiated).toEqual({ ...CAPABILITIES, restart: false, authentication: false });
  });

  it('knows nothing agreed before it was', () => {
    const station = aResponder({ accept: () => REQUEST_SAMPLES.F_CONNECT_RS });
    expect(station.session.negotiated).toBeUndefined();
  });

  it('lets the user of a Responder refuse an unknown code or a password, without showing its own', () => {
    for (const reason of [EsidReason.userCodeNotKnown, EsidReason.invalidPassword]) {
      const station = aResponder({ accept: () => ({ primitive: 'F_RELEASE_RQ', reason, text: 'No' }) });
      say(station, INITIATOR_SSID);
      expect(saidBy(station)).toBe(`SSRM ESID ${reason}`);
      expect(station.session.state).toBe('WF_NDISC');
    }
  });

  it.each([
    ['an unknown station', { SSIDCODE: 'O0942OTHER' }, 3],
    ['a wrong password', { SSIDPSWD: 'pw2' }, 4],
    ['more credit than it offered', { SSIDCRED: 8 }, 10],
    ['a higher level', { SSIDLEV: 6 }, 10],
    ['a lower level', { SSIDLEV: 4 }, 10],
    ['authentication it did not ask for', { SSIDAUTH: 'Y' as const }, 12],
  ])('ends an Initiator answered by %s with the reason for it', (_, fields, reason) => {
    const station = anInitiator();
    say(station, SSRM, { ...SSID, ...fields });
    expectAborted(station, reason);
  });

  it.each([
    ['a lower level', { SSIDLEV: 4 }, 10],
    ['authentication', { SSIDAUTH: 'Y' as const }, 12],
  ])('ends a Responder asked for %s with the reason for it', (_, fields, reason) => {
    const station = aResponder();
    say(station, { ...INITIATOR_SSID, ...fields });
    expectAborted(station, reason);
    expect(saidBy(station)).toBe(`SSRM ESID ${reason}`);
  });

  it('takes no authentication for an answer to the wish for it', () => {
    const initiator = anInitiator({ connect: AUTHENTICATED_REQUEST });
    say(initiator, SSRM, SSID);
    expectAborted(initiator, 12);
    const responder = aResponder({ accept: AUTHENTICATED_RESPONSE });
    say(responder, INITIATOR_SSID);
    expectAborted(responder, 12);
  });

  it.each([
    ['SSIDSDEB 00127', 35, '00127'],
    ['SSIDSDEB with a letter', 35, '0000A'],
    ['SSIDSDEB blank', 35, '{5~}'],
    ['SSIDCRED 000', 44, '000'],
    ['SSIDCRED -01', 44, '-01'],
    ['SSIDSR X', 40, 'X'],
    ['SSIDREST in small letters', 42, 'y'],
    ['SSIDLEV 0', 1, '0'],
    ['SSIDCODE with NUL', 2, '<00>'],
    ['SSIDCODE with FF', 2, '<FF>'],
  ])('answers %s with ESID 06', (_, at, text) => {
    const station = aResponder();
    say(station, ssidWith(at, text));
    expectAborted(station, 6);
  });

  it.each([
    ['flags in the header', 0, '<1F>'],
    ['level 6', 5, '6'],
    ['8D at the end', 64, '<8D>'],
  ])('takes an SSID with %s', (_, at, text) => {
    const octets = ssidWith(0, 'X');
    octets.set(octetsOf(text), at);
    const station = aResponder();
    say(station, octets);
    expect(saidBy(station)).toBe('SSRM SSID');
  });

  it('mentions once that a peer sets reserved flags', () => {
    const octets = ssidWith(0, 'X');
    octets[0] = 0x1f;
    const station = aResponder();
    say(station, octets, octetsOf('<13><00><00><05>R'));
    expect(station.tolerated).toEqual(['header-flags']);
  });

  it.each([
    ['SFID', SFID],
    ['DATA', DATA],
    ['CD', CD],
    ['EFID', EFID],
    ['EERP', EERP],
    ['SSRM', SSRM],
    ['AUCH', AUCH],
  ])('answers %s in place of SSID with ESID 02', (_, command) => {
    const station = aResponder();
    say(station, command);
    expectAborted(station, 2);
  });

  it('answers a second SSID or SSRM with ESID 02', () => {
    for (const command of [INITIATOR_SSID, SSRM]) {
      const station = aResponder();
      say(station, INITIATOR_SSID, command);
      expectAborted(station, 2);
    }
  });

  it('understands a Responder that is full and says ESID in place of SSRM', () => {
    const station = anInitiator();
    say(station, { command: 'ESID', ESIDREAS: EsidReason.resourcesNotAvailable, ESIDREAST: 'Full' });
    expect(station.aborted).toMatchObject({ origin: 'remote', how: 'esid-received', reason: 8, text: 'Full' });
    expect(station.isDisconnected).toBe(true);
    expect(station.sent).toEqual([]);
  });

  it('closes on a server that is no OFTP station', () => {
    const station = anInitiator();
    say(station, octetsOf('<10><00><00><17>IODETTE~FTP~REDAY~<0D>'));
    expectAborted(station, 6);
  });
});

describe('secure authentication', () => {
  it('is done by each side in turn, the Initiator asking first', () => {
    const initiator = anInitiator({ connect: AUTHENTICATED_REQUEST, work: [] });
    const responder = aResponder({ accept: AUTHENTICATED_RESPONSE });
    const log: string[] = [];
    let [fromInitiator, fromResponder] = [0, 0];
    while (fromInitiator < initiator.sent.length || fromResponder < responder.sent.length) {
      const ours = initiator.sent[fromInitiator];
      const theirs = responder.sent[fromResponder];
      const [sender, octets] = theirs === undefined ? (['I', ours] as const) : (['R', theirs] as const);
      if (octets === undefined) break;
      if (sender === 'I') fromInitiator += 1;
      else fromResponder += 1;
      log.push(`${sender}:${commandsOf([octets])[0]?.command ?? ''}`);
      (sender === 'I' ? responder : initiator).receive(octets);
    }
    expect(log.join(' ')).toBe('R:SSRM I:SSID R:SSID I:SECD R:AUCH I:AURP R:SECD I:AUCH R:AURP I:CD R:ESID');
  });

  function challengedResponder(): Station {
    const station = aResponder({ accept: AUTHENTICATED_RESPONSE });
    say(station, { ...INITIATOR_SSID, SSIDAUTH: 'Y' }, SECD);
    return station;
  }

  const rightResponse = (station: Station): Uint8Array => {
    const challenge = commandsOf(station.sent).find((command) => command.command === 'AUCH');
    return challenge?.command === 'AUCH' ? challenge.AUCHCHAL.slice(1) : new Uint8Array(20);
  };

  it.each([0, 7, 19])('ends with ESID 11 where octet %i of the answer has one bit flipped', (at) => {
    const station = challengedResponder();
    const response = rightResponse(station);
    response[at] = (response[at] ?? 0) ^ 0x40;
    say(station, { command: 'AURP', AURPRSP: response });
    expectAborted(station, 11);
  });

  it('ends with ESID 11 where the Responder proves nothing', () => {
    const station = anInitiator({ connect: AUTHENTICATED_REQUEST });
    const challenge = { ...AUCH, AUCHCHAL: new Uint8Array(21) };
    say(station, SSRM, { ...SSID, SSIDAUTH: 'Y' }, challenge, SECD, { ...AURP, AURPRSP: CHALLENGE });
    expectAborted(station, 11);
  });

  it('ends with ESID 07 where the answer has 19 octets', () => {
    const station = challengedResponder();
    say(station, octetsOf('<10><00><00><18>S{19~}'));
    expectAborted(station, 7);
  });

  it('ends with ESID 11 where the challenge comes back as the challenge', () => {
    const station = challengedResponder();
    say(station, { command: 'AURP', AURPRSP: rightResponse(station) });
    const ours = commandsOf(station.sent).find((command) => command.command === 'AUCH');
    say(station, ours ?? AUCH);
    expectAborted(station, 11);
  });

  it('ends with ESID 11 where the user cannot decrypt', () => {
    const station = anInitiator({
      connect: AUTHENTICATED_REQUEST,
      onChallenge: () => ({ primitive: 'F_RELEASE_RQ', reason: EsidReason.invalidChallengeResponse }),
    });
    say(station, SSRM, { ...SSID, SSIDAUTH: 'Y' }, AUCH);
    expect(saidBy(station)).toBe('SSID SECD ESID 11');
  });

  it.each([
    ['SFID', SFID],
    ['CD', CD],
    ['AUCH', AUCH],
    ['AURP', AURP],
    ['DATA', DATA],
  ])('cannot be skipped: %s in place of SECD is ESID 02', (_, command) => {
    const station = aResponder({ accept: AUTHENTICATED_RESPONSE });
    say(station, { ...INITIATOR_SSID, SSIDAUTH: 'Y' }, command);
    expectAborted(station, 2);
  });

  it('refuses an AUCH whose length runs past its end, with ESID 07', () => {
    const station = anInitiator({ connect: AUTHENTICATED_REQUEST });
    say(station, SSRM, { ...SSID, SSIDAUTH: 'Y' }, octetsOf('<10><00><00><11>A<FF><FF>{10~}'));
    expectAborted(station, 7);
  });
});
