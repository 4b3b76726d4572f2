import { describe, expect, it } from '@jest/globals';
import { EfnaReason } from '../reasons/efna.js';
import { EsidReason } from '../reasons/esid.js';
import { SfnaReason } from '../reasons/sfna.js';
import type { Command } from '../wire/command.js';
import type { FileDescription } from './primitives.js';
import { CAPABILITIES, COMMAND_SAMPLES, CONNECT_REQUEST, EERP, FILE, NERP, REQUEST_SAMPLES } from './testing/events.js';
import { Link } from './testing/link.js';
import { octetsOf } from './testing/notation.js';
import { aListener, anInitiator, commandsOf, saidBy, say } from './testing/peer.js';
import { Station, type TestFile } from './testing/station.js';

const { SSRM, SSID, SFID, SFPA, SFNA, DATA, CDT, EFID, EFPA, EFNA, CD, RTR } = COMMAND_SAMPLES;
const EERP_COMMAND = COMMAND_SAMPLES.EERP;
const data = (...payload: number[]): Command => ({ command: 'DATA', payload: Uint8Array.from(payload) });

function file(octets: number, description: Partial<typeof FILE> = {}): TestFile {
  return {
    description: { ...FILE, ...description },
    octets: Uint8Array.from({ length: octets }, (_, index) => index * 7),
  };
}

/** An Initiator whose turn it is, with these files to send; SDEB 128 carries 125 octets. */
function aSpeaker(credit: number, ...files: TestFile[]): Station {
  const station = anInitiator({
    capabilities: { mode: 'B', bufferSize: 128, credit: 999, compression: false, restart: true },
    work: files.map((each) => ({ kind: 'file', file: each })),
  });
  say(station, SSRM, { ...SSID, SSIDCRED: credit });
  return station;
}

function expectAborted(station: Station, reason: number): void {
  expect(station.aborted).toMatchObject({ origin: 'local', reason });
  expect(saidBy(station)).toMatch(new RegExp(`ESID ${reason}$`));
}

describe('credit, as Speaker', () => {
  it.each([
    [1, 3, 'D <C D <C D <C T'],
    [2, 5, 'D D <C D D <C D T'],
    [2, 4, 'D D <C D D <C T'],
    [7, 3, 'D D D T'],
    [3, 3, 'D D D <C T'],
    [999, 5, 'D D D D D T'],
  ])('of %i sends %i buffers as %s', (credit, buffers, expected) => {
    const station = aSpeaker(credit, file(125 * buffers));
    say(station, SFPA);
    const log: string[] = [];
    let seen = 2;
    const read = () => {
      for (const { command } of commandsOf(station.sent.slice(seen))) log.push(command === 'DATA' ? 'D' : 'T');
      seen = station.sent.length;
    };
    read();
    while (station.session.state === 'OPOWFC') {
      log.push('<C');
      say(station, CDT);
      read();
    }
    expect(log.join(' ')).toBe(expected);
    expect(station.session.state).toBe('CLOP');
  });

  it('is not for the peer to give once the file is complete', () => {
    const station = aSpeaker(3, file(5));
    say(station, SFPA, CDT);
    expectAborted(station, 2);
  });
});

describe('credit, as Listener', () => {
  it('is given back exactly when it is used up', () => {
    const station = aListener({}, { SSIDCRED: 2 });
    say(station, SFID, data(1, 65), data(1, 66));
    expect(saidBy(station)).toBe('SSRM SSID SFPA CDT');
    say(station, data(1, 67));
    expect(saidBy(station)).toBe('SSRM SSID SFPA CDT');
    say(station, data(0x81, 68), { ...EFID, EFIDUCNT: 4n });
    expect(saidBy(station)).toBe('SSRM SSID SFPA CDT CDT EFPA N');
  });

  it('is not overrun: a DATA sent without waiting for CDT is ESID 02', () => {
    const station = aListener({}, { SSIDCRED: 2 });
    say(station, SFID, Buffer.concat([1, 2, 3].map(() => octetsOf('<10><00><00><07>D<01>A'))));
    expectAborted(station, 2);
  });

  it('need not be waited for before EFID, by a peer that does not', () => {
    const station = aListener({}, { SSIDCRED: 2 });
    const ahead = octetsOf('<10><00><00><07>D<01>A<10><00><00><07>D<81>B<10><00><00><27>T{17x0}{16x0}2');
    say(station, SFID, ahead);
    expect(saidBy(station)).toBe('SSRM SSID SFPA EFPA N');
  });
});

describe('opening a file', () => {
  it('goes on with the next file in the same turn where the first is refused', () => {
    const station = aSpeaker(3, file(5), file(6, { SFIDTIME: 1200000002 }));
    say(station, SFNA, SFPA, EFPA);
    expect(saidBy(station)).toBe('SSID SFID SFID DATA EFID CD');
    expect(station.refused).toMatchObject([{ accepted: false, reason: 13, retry: true }]);
    expect(station.delivered).toBe(1);
  });

  it('refuses with what the user says', () => {
    const station = aListener({
      onStartFile: () => ({
        primitive: 'F_START_FILE_RS',
        accepted: false,
        reason: SfnaReason.duplicateFile,
        retry: false,
      }),
    });
    say(station, SFID);
    expect(saidBy(station)).toBe('SSRM SSID SFNA 13');
    expect(station.session.state).toBe('IDLELI');
  });

  it.each([
    ['a restart that was not agreed', { SFIDREST: 1n }, { SSIDREST: 'N' as const }],
    ['a file to a station that was told to send only', {}, { SSIDSR: 'R' as const }],
  ])('ends with ESID 02 for %s', (_, fields, terms) => {
    const station = aListener({}, terms);
    say(station, { ...SFID, ...fields });
    expectAborted(station, 2);
  });

  it('begins where the Listener has got to, and counts the whole file', () => {
    const station = aSpeaker(99, file(3172, { SFIDREST: 2n }));
    say(station, { ...SFPA, SFPAACNT: 1n });
    const sent = commandsOf(station.sent);
    expect(sent.at(-1)).toMatchObject({ command: 'EFID', EFIDUCNT: 3172n });
    const payloads = sent.flatMap((each) => (each.command === 'DATA' ? [each.payload] : []));
    expect(payloads[0]?.[1]).toBe((1024 * 7) % 256);
  });

  it('ends with ESID 02 where the Listener would begin beyond the offer', () => {
    const station = aSpeaker(99, file(3172, { SFIDREST: 2n }));
    say(station, { ...SFPA, SFPAACNT: 3n });
    expectAborted(station, 2);
  });

  it('takes up a file where it broke off', () => {
    const station = aListener({
      onStartFile: () => ({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 1n, maximumOctets: 9999n }),
    });
    say(station, { ...SFID, SFIDREST: 2n }, data(0x82, 1, 2), { ...EFID, EFIDUCNT: 1026n });
    expect(commandsOf(station.sent)[2]).toEqual({ command: 'SFPA', SFPAACNT: 1n });
    expect(saidBy(station)).toBe('SSRM SSID SFPA EFPA N');
  });

  it.each<[FileDescription['SFIDFMT'], number, bigint, number]>([
    ['U', 0, 1n, 1024],
    ['T', 0, 1n, 1024],
    ['F', 100, 3n, 300],
    ['V', 100, 3n, 150],
  ])(
    'of format %s goes on behind what is held already, and the whole comes out',
    (SFIDFMT, SFIDLRECL, position, held) => {
      const lengths = SFIDFMT === 'V' ? [100, 0, 50, 70, 0, 80] : Array<number>(30).fill(SFIDLRECL);
      const recordEnds =
        SFIDLRECL === 0 ? [] : lengths.map((_, index) => lengths.slice(0, index + 1).reduce((a, b) => a + b));
      const whole = file(recordEnds.at(-1) ?? 3000, { SFIDFMT, SFIDLRECL, SFIDREST: position + 1n });
      const initiator = new Station({
        role: 'initiator',
        capabilities: CAPABILITIES,
        connect: CONNECT_REQUEST,
        work: [{ kind: 'file', file: { ...whole, recordEnds } }],
      });
      const responder = new Station({
        role: 'responder',
        capabilities: CAPABILITIES,
        accept: REQUEST_SAMPLES.F_CONNECT_RS,
        onStartFile: () => ({
          primitive: 'F_START_FILE_RS',
          accepted: true,
          restartPosition: position,
          octetsHeld: BigInt(held),
          maximumOctets: 9999n,
        }),
      });
      new Link(initiator, responder).run();
      const [received] = responder.received;
      expect(Buffer.compare(received?.octets ?? new Uint8Array(0), whole.octets.subarray(held))).toBe(0);
      expect(received?.counts).toEqual({ records: BigInt(recordEnds.length), units: BigInt(whole.octets.length) });
      expect(received?.recordEnds).toEqual(
        recordEnds.slice(recordEnds.length === 0 ? 0 : Number(position)).map((end) => end - held),
      );
    },
  );

  it('of format V takes up only with the octets held', () => {
    const station = aListener({
      onStartFile: () => ({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 1n, maximumOctets: 9999n }),
    });
    expect(() => {
      say(station, { ...SFID, SFIDFMT: 'V', SFIDLRECL: 80, SFIDREST: 2n });
    }).toThrow('octetsHeld');
    expect(station.session.state).toBe('OPIP');
  });

  it('answers an unlisted reason as it came', () => {
    const station = aSpeaker(3, file(5));
    say(station, octetsOf('<10><00><00><0B>377N000'));
    expect(station.refused).toMatchObject([{ reason: 77, retry: false }]);
  });
});

describe('receiving a file', () => {
  const received = (station: Station): string => Buffer.concat(station.received.map(({ octets }) => octets)).toString();

  it('expands what is compressed, also where compression was not agreed', () => {
    const station = aListener({}, { SSIDCMPR: 'N' });
    say(station, SFID, data(0x4a, 65), data(0x41, 65, 0x82, 66, 67), { ...EFID, EFIDUCNT: 13n });
    expect(received(station)).toBe('AAAAAAAAAAABC');
    expect(station.tolerated).toEqual(['COMPRESSION-NOT-AGREED']);
  });

  it.each([
    ['no DATA at all', []],
    ['one empty record', [data(0x80)]],
  ])('takes an empty file of %s', (_, buffers) => {
    const station = aListener();
    say(station, SFID, ...buffers, { ...EFID, EFIDUCNT: 0n });
    expect(station.received).toMatchObject([{ octets: Buffer.alloc(0) }]);
    expect(station.tolerated).toEqual([]);
  });

  it('mentions that the end of a file was not marked', () => {
    const station = aListener();
    say(station, SFID, data(2, 65, 66), { ...EFID, EFIDUCNT: 2n });
    expect(received(station)).toBe('AB');
    expect(station.tolerated).toEqual(['END-OF-FILE-NOT-MARKED']);
  });

  it.each<[string, Partial<typeof FILE>, Command[], Partial<typeof EFID>, number]>([
    ['more octets announced than came', {}, [data(0x81, 65)], { EFIDUCNT: 2n }, 11],
    ['octets announced and none sent', {}, [], { EFIDUCNT: 5n }, 11],
    ['a wrong record count', { SFIDFMT: 'F', SFIDLRECL: 1 }, [data(0x81, 65)], { EFIDUCNT: 1n, EFIDRCNT: 2n }, 10],
    [
      'a record longer than said',
      { SFIDFMT: 'V', SFIDLRECL: 1 },
      [data(0x82, 65, 66)],
      { EFIDUCNT: 2n, EFIDRCNT: 1n },
      5,
    ],
    [
      'a record of another length',
      { SFIDFMT: 'F', SFIDLRECL: 3 },
      [data(0x82, 65, 66)],
      { EFIDUCNT: 2n, EFIDRCNT: 1n },
      4,
    ],
  ])('ends in EFNA for %s, and the session goes on', (_, fields, buffers, end, reason) => {
    const station = aListener();
    say(station, { ...SFID, ...fields }, ...buffers, { ...EFID, ...end });
    expect(saidBy(station)).toBe(`SSRM SSID SFPA EFNA ${reason}`);
    expect(station.session.state).toBe('IDLELI');
  });

  it('stores no more than the user allows, however much a little DATA expands to', () => {
    const station = aListener({
      onStartFile: () => ({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 2000n }),
    });
    const bomb = data(...Array.from({ length: 20 }, () => [0x7f, 0]).flat());
    say(station, SFID, bomb, bomb, bomb, { ...EFID, EFIDUCNT: 3780n });
    const stored = station.indications.flatMap((each) => (each.primitive === 'F_DATA_IND' ? [each.octets.length] : []));
    expect(stored).toEqual([1260]);
    expect(saidBy(station)).toBe('SSRM SSID SFPA EFNA 6');
  });

  it.each([
    ['a literal subrecord', [0x3f, 65]],
    ['a compressed subrecord', [0x45]],
    ['a later subrecord', [0x01, 65, 0x02, 66]],
  ])('ends with ESID 06 where %s is cut off, and stores nothing of the buffer', (_, payload) => {
    const station = aListener();
    say(station, SFID, data(...payload));
    expectAborted(station, 6);
    expect(station.indications.some(({ primitive }) => primitive === 'F_DATA_IND')).toBe(false);
  });

  it.each([
    ['empty', []],
    ['full of empty subrecords', [0, 0, 0]],
  ])('ends with ESID 02 where DATA are %s for ever', (_, payload) => {
    const station = aListener({ limits: { emptyBuffers: 3 } });
    say(station, SFID, ...Array.from({ length: 3 }, () => data(...payload)));
    expect(station.aborted).toBeUndefined();
    say(station, data(...payload));
    expectAborted(station, 2);
  });

  it('ends with ESID 07 for DATA larger than agreed, as soon as their header says so', () => {
    const station = aListener({}, { SSIDSDEB: 128 });
    say(station, SFID, octetsOf('<10><00><00><85>D'));
    expectAborted(station, 7);
  });

  it('takes DATA just as large as agreed', () => {
    const station = aListener({}, { SSIDSDEB: 128 });
    say(station, SFID, octetsOf('<10><00><00><84>D<3F>{63x0}<BE>{62x0}'), { ...EFID, EFIDUCNT: 125n });
    expect(station.received).toHaveLength(1);
  });

  it('refuses with what the user says after the last octet', () => {
    const station = aListener({
      onCloseFile: () => ({ primitive: 'F_CLOSE_FILE_RS', accepted: false, reason: EfnaReason.accessMethodFailure }),
    });
    say(station, SFID, DATA, EFID);
    expect(saidBy(station)).toBe('SSRM SSID SFPA EFNA 12');
  });
});

describe('the turn', () => {
  it('goes at once where the Listener asks for it', () => {
    const station = aSpeaker(3, file(5), file(6));
    say(station, SFPA, { ...EFPA, EFPACD: 'Y' });
    expect(saidBy(station)).toBe('SSID SFID DATA EFID CD');
    expect(station.session.state).toBe('IDLELI');
  });

  it.each([
    ['EERP', { kind: 'eerp', response: EERP } as const],
    ['NERP', { kind: 'nerp', response: NERP } as const],
    ['SFID', { kind: 'file', file: file(3) } as const],
    ['CD', undefined],
  ])('is used for %s, said before it came, as soon as it comes', (expected, work) => {
    const station = aListener({
      work: work === undefined ? [] : [work],
      onCloseFile: () => ({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true }),
    });
    say(station, SFID, DATA, EFID);
    expect(saidBy(station)).toBe('SSRM SSID SFPA EFPA Y');
    say(station, CD);
    expect(saidBy(station)).toBe(`SSRM SSID SFPA EFPA Y ${expected}`);
  });

  it('must be handed over by nothing but CD after EFPA Y', () => {
    const station = aListener({
      onCloseFile: () => ({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true }),
      work: [{ kind: 'eerp', response: EERP }],
    });
    say(station, SFID, DATA, EFID, SFID);
    expectAborted(station, 2);
  });

  it('stays after EFNA', () => {
    const station = aSpeaker(3, file(5), file(6));
    say(station, SFPA, EFNA);
    expect(saidBy(station)).toBe('SSID SFID DATA EFID SFID');
  });

  it('ends an empty session as the RFC has it: CD, then ESID 00 of the other', () => {
    const initiator = anInitiator();
    say(initiator, SSRM, SSID);
    expect(saidBy(initiator)).toBe('SSID CD');
    say(initiator, { command: 'ESID', ESIDREAS: EsidReason.normalEnd, ESIDREAST: '' });
    expect(initiator.indications.at(-1)).toEqual({ primitive: 'F_RELEASE_IND' });
    expect(initiator.isDisconnected).toBe(true);
    const responder = aListener();
    say(responder, CD);
    expect(saidBy(responder)).toBe('SSRM SSID ESID 0');
  });

  it('comes back from a peer that answers CD with CD, once', () => {
    const station = anInitiator();
    say(station, SSRM, SSID, CD);
    expect(saidBy(station)).toBe('SSID CD ESID 0');
    expect(station.tolerated).toEqual(['CD-IN-IDLELICD']);
  });

  it('cannot be handed back and forth for ever: a CD more is ESID 02, and none of ours can follow one', () => {
    const station = anInitiator({ work: [] });
    // Nobody answers here, so that the session stays where the peer's CD puts it.
    const { session } = station;
    session.receive(octetsOf('<10><00><00><17>I|ODETTE~FTP~READY~|<0D>'));
    session.receive(octetsOf('<10><00><00><41>X|5|O0942BIGCAR{14~}|PW2{5~}|02048|B|N|Y|N|007|N|{4~}|{8~}|<0D>'));
    session.request({ primitive: 'F_CD_RQ' });
    session.receive(octetsOf('<10><00><00><05>R'));
    expect(session.state).toBe('IDLESPCD');
    expect(() => session.request({ primitive: 'F_CD_RQ' })).toThrow('F_CD_RQ is not possible in state IDLESPCD');
    session.receive(octetsOf('<10><00><00><05>R'));
    expect(session.state).toBe('WF_NDISC');
  });

  it('ends well where a peer says ESID 00 although the turn was not handed to it', () => {
    const station = aListener();
    say(station, SFID, DATA, EFID, { command: 'ESID', ESIDREAS: EsidReason.normalEnd, ESIDREAST: '' });
    expect(station.tolerated).toContain('ESID-00-IN-IDLELI');
    expect(station.indications.at(-1)).toEqual({ primitive: 'F_RELEASE_IND' });
  });
});

describe('end responses', () => {
  it('alternate strictly with RTR', () => {
    const responses = Array.from({ length: 100 }, (_, index) => ({ ...EERP, EERPTIME: index + 1 }));
    const station = anInitiator({ work: responses.map((response) => ({ kind: 'eerp', response })) });
    say(station, SSRM, SSID);
    for (let count = 1; count <= 100; count += 1) {
      expect(station.pending).toBe(100 - count);
      expect(saidBy(station)).toBe(['SSID', ...Array<string>(count).fill('EERP')].join(' '));
      say(station, RTR);
    }
    expect(saidBy(station)).toMatch(/EERP CD$/);
  });

  it.each([SFID, CD, EERP_COMMAND])('are not answered with $command: ESID 02', (command) => {
    const station = anInitiator({ work: [{ kind: 'eerp', response: EERP }] });
    say(station, SSRM, SSID, command);
    expectAborted(station, 2);
  });

  it('are handed up with their octets, and answered when the user has them', () => {
    const station = aListener();
    say(station, EERP_COMMAND);
    expect(saidBy(station)).toBe('SSRM SSID RTR');
    const [, indication] = station.indications;
    expect(indication).toMatchObject({ primitive: 'F_EERP_IND', response: EERP });
    expect(indication?.primitive === 'F_EERP_IND' && indication.octets.length).toBe(110);
  });

  it('of an unlisted reason are handed up as they are', () => {
    const station = aListener();
    say(
      station,
      octetsOf(
        `<10><00><00><8B>N|HELLO.TXT{17~}|{6~}|20260301|1200000001|O{24~}|O{24~}|O{24~}|77|000|<00><00>|<00><00>`,
      ),
    );
    expect(saidBy(station)).toBe('SSRM SSID RTR');
    expect(station.responses).toMatchObject([{ NERPREAS: 77 }]);
  });

  it('whose hash or signature runs past the end are ESID 07', () => {
    const station = aListener();
    say(
      station,
      octetsOf('<10><00><00><72>E|HELLO.TXT{17~}|{3~}|20260301|1200000001|{8~}|O{24~}|O{24~}|<FF><FF>|<00><00>'),
    );
    expectAborted(station, 7);
  });
});
