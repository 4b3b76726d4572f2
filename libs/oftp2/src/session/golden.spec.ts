import { describe, expect, it } from '@jest/globals';
import { FILE, CONNECT_REQUEST } from './testing/events.js';
import { GOLDEN, type Sender } from './testing/golden.js';
import { octetsOf } from './testing/notation.js';
import { endResponseFor } from '../testing/commands.js';
import { Station } from './testing/station.js';

const HELLO = octetsOf('HELLO');

function initiator(): Station {
  return new Station({
    role: 'initiator',
    capabilities: { mode: 'B', bufferSize: 4096, credit: 64, compression: true, restart: true },
    connect: CONNECT_REQUEST,
    work: [{ kind: 'file', file: { description: FILE, octets: HELLO } }],
  });
}

function responder(): Station {
  return new Station({
    role: 'responder',
    capabilities: { mode: 'B', bufferSize: 2048, credit: 7, compression: false, restart: true },
    accept: { primitive: 'F_CONNECT_RS', code: 'O0942BIGCAR', password: 'PW2', authentication: false },
    acknowledges: true,
  });
}

const stations = { I: initiator, R: responder };
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const saidBy = (sender: Sender): readonly Uint8Array[] =>
  GOLDEN.filter((frame) => frame.sender === sender).map((frame) => frame.octets);

/** What the peer says without waiting in between: its frames between two of ours. */
function turnsOf(peer: Sender): Uint8Array[] {
  const turns: Uint8Array[][] = [];
  let previous: Sender | undefined;
  for (const { sender, octets } of GOLDEN) {
    if (sender === peer) {
      if (previous !== peer) turns.push([]);
      turns.at(-1)?.push(octets);
    }
    previous = sender;
  }
  return turns.map((turn) => Buffer.concat(turn));
}

function play(role: Sender, pieces: readonly Uint8Array[]): Station {
  const station = stations[role]();
  station.connected();
  for (const piece of pieces) station.receive(piece);
  return station;
}

function expectGolden(role: Sender, station: Station): void {
  expect(station.sent.map(hex)).toEqual(saidBy(role).map(hex));
  expect(station.tolerated).toEqual([]);
  expect(station.aborted).toBeUndefined();
  if (role === 'I') {
    expect(station.responses).toMatchObject([endResponseFor(FILE)]);
    expect(station.session.state).toBe('WF_NDISC');
    station.disconnected();
  } else {
    expect(station.received).toMatchObject([{ octets: Buffer.from(HELLO), counts: { records: 0n, units: 5n } }]);
    expect(station.isDisconnected).toBe(true);
  }
  expect(station.session.state).toBe('IDLE');
  expect(station.aborted).toBeUndefined();
  expect(station.timers.size).toBe(0);
}

describe.each<[Sender, Sender, string]>([
  ['I', 'R', 'Initiator'],
  ['R', 'I', 'Responder'],
])('the golden session', (role, peer, name) => {
  it(`is said octet by octet by our ${name}, frame by frame`, () => {
    expectGolden(role, play(role, saidBy(peer)));
  });

  it.each([1, 2, 3, 5, 7, 11, 64, 1000])(`is the same for our ${name} in pieces of %i octets`, (size) => {
    const pieces = turnsOf(peer).flatMap((turn) =>
      Array.from({ length: Math.ceil(turn.length / size) }, (_, index) =>
        turn.subarray(index * size, (index + 1) * size),
      ),
    );
    expectGolden(role, play(role, pieces));
  });

  it(`is the same for our ${name} however each turn is cut in two`, () => {
    turnsOf(peer).forEach((turn, index) => {
      for (let cut = 1; cut < turn.length; cut += 1) {
        const pieces = turnsOf(peer).flatMap((other, at) =>
          at === index ? [other.subarray(0, cut), other.subarray(cut)] : [other],
        );
        expectGolden(role, play(role, pieces));
      }
    });
  });
});

describe('a peer that says all it has to say in one write', () => {
  it('is understood as Initiator as far as it only runs ahead of our user', () => {
    // Everything up to its CD: from then on the turn is ours, and what it says is out of turn.
    const ahead = Buffer.concat(saidBy('I').slice(0, 5));
    const station = stations.R();
    station.connected();
    station.receive(ahead);
    expect(station.sent.map(hex)).toEqual(saidBy('R').slice(0, 5).map(hex));
    station.receive(saidBy('I')[5] as Uint8Array);
    station.receive(saidBy('I')[6] as Uint8Array);
    expectGolden('R', station);
  });

  it('is told so with ESID 02 where it speaks although the turn is ours', () => {
    const station = stations.R();
    station.connected();
    station.receive(Buffer.concat(saidBy('I')));
    expect(station.aborted).toMatchObject({ origin: 'local', reason: 2 });
    expect(station.received).toHaveLength(1);
  });
});
