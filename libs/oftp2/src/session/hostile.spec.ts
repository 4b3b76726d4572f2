import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EncodeError } from '../wire/errors.js';
import { encodeFrame } from '../wire/encode.js';
import type { Effect } from './effects.js';
import type { Request } from './primitives.js';
import { Session, type SessionOptions } from './session.js';
import { SessionRequestError } from './session-error.js';
import { WAITING_FOR } from './states.js';
import { CAPABILITIES, COMMAND_SAMPLES, CONNECT_REQUEST, ENVELOPE, FILE, REQUEST_SAMPLES } from './testing/events.js';
import { GOLDEN } from './testing/golden.js';
import { aListener, aResponder, anInitiator, commandsOf, INITIATOR_SSID, say } from './testing/peer.js';
import type { Station } from './testing/station.js';
import type { TimerKind } from './timers.js';

const TIMERS: readonly TimerKind[] = ['inactivity', 'frame', 'session-start'];

/** Lets time pass until nothing is left to wait for, at most as long as a session may hang. */
function letTimePass(session: Session): void {
  for (let round = 0; round < 3 && session.state !== 'IDLE'; round += 1) session.timeout('inactivity');
}

/** A session at some point of its life, with a user that answers. */
const start = fc.constantFrom<() => Station>(
  () => aResponder(),
  () => anInitiator(),
  () => aListener(),
  () => aListener({ work: [{ kind: 'file', file: { description: FILE, octets: new Uint8Array(300) } }] }),
  () => {
    const station = aListener();
    say(station, COMMAND_SAMPLES.SFID);
    return station;
  },
  () => {
    const station = aResponder({ accept: { ...REQUEST_SAMPLES.F_CONNECT_RS, authentication: true } });
    say(station, { ...INITIATOR_SSID, SSIDAUTH: 'Y' }, COMMAND_SAMPLES.SECD);
    return station;
  },
  () => {
    const station = anInitiator({
      work: [{ kind: 'file', file: { description: FILE, octets: new Uint8Array(100_000) } }],
    });
    say(station, COMMAND_SAMPLES.SSRM, COMMAND_SAMPLES.SSID, COMMAND_SAMPLES.SFPA);
    return station;
  },
);

const command = fc.constantFrom(...Object.values(COMMAND_SAMPLES)).map((each) => encodeFrame(each));
const goldenFrame = fc.constantFrom(...GOLDEN.map(({ octets }) => octets));

/** A frame with some octets changed, cut short or doubled. */
const mutated = fc
  .tuple(fc.oneof(command, goldenFrame), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }), fc.nat(200))
  .map(([frame, changes, cut]) => {
    const octets = Uint8Array.from(frame);
    for (const [at, octet] of changes) octets[at % octets.length] = octet;
    return cut % 5 === 0 ? octets.subarray(0, cut) : octets;
  });

const noise = fc.array(fc.oneof(fc.uint8Array({ maxLength: 300 }), command, mutated), { maxLength: 12 });

function expectOneEnd(station: Station): void {
  const ends = station.indications.filter(
    ({ primitive }) => primitive === 'F_ABORT_IND' || primitive === 'F_RELEASE_IND',
  );
  expect(ends.length).toBeLessThanOrEqual(1);
  const esids = commandsOf(station.sent).map(({ command: name }) => name === 'ESID');
  expect(esids.indexOf(true) === -1 || esids.indexOf(true) === esids.length - 1).toBe(true);
}

describe('whatever octets a peer sends', () => {
  it('never throw, are answered by at most one ESID and nothing after it, and end', () => {
    fc.assert(
      fc.property(start, noise, (make, pieces) => {
        const station = make();
        for (const piece of pieces) station.receive(piece);
        for (let round = 0; round < 3 && station.session.state !== 'IDLE'; round += 1) station.timeout('inactivity');
        expect(station.session.state).toBe('IDLE');
        expect(station.isDisconnected).toBe(true);
        expect(station.timers.size).toBe(0);
        expectOneEnd(station);
      }),
      { numRuns: 1000 },
    );
  });

  it("lead a Responder to the same answers however they are cut, as long as the turn is the peer's", () => {
    const making = fc.constantFrom(
      () => aResponder(),
      () => aListener(),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(making, noise, sizes, (make, pieces, lengths) => {
        const octets = Buffer.concat(pieces);
        const [whole, cut] = [make(), make()];
        whole.receive(octets);
        for (let at = 0, index = 0; at < octets.length; index += 1) {
          const size = lengths[index % lengths.length] ?? 1;
          cut.receive(octets.subarray(at, at + size));
          at += size;
        }
        // With the turn ours, a peer out of turn is caught or not, depending on who was quicker.
        fc.pre(!whole.indications.concat(cut.indications).some(({ primitive }) => primitive === 'F_CD_IND'));
        expect(cut.sent.map((frame) => Buffer.from(frame))).toEqual(whole.sent.map((frame) => Buffer.from(frame)));
        expect(cut.session.state).toBe(whole.session.state);
      }),
      { numRuns: 500 },
    );
  });
});

const request = fc.oneof(
  fc.constantFrom<Request>(...Object.values(REQUEST_SAMPLES)),
  fc.constantFrom<Request>(
    { ...CONNECT_REQUEST, authentication: true },
    { ...REQUEST_SAMPLES.F_CONNECT_RS, authentication: true },
    { ...CONNECT_REQUEST, password: 'LONGER.THAN.8' },
    { primitive: 'F_START_FILE_RQ', file: { ...FILE, SFIDDSN: '' } },
    { primitive: 'F_START_FILE_RS', accepted: true, restartPosition: -1n, maximumOctets: 5n },
    { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: true },
    { primitive: 'F_CHALLENGE_RS', envelope: ENVELOPE, challenge: new Uint8Array(3) },
    { primitive: 'F_DATA_RQ', frames: new Uint8Array(9) },
  ),
);

type Act =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'receive'; readonly octets: Uint8Array }
  | { readonly kind: 'timeout'; readonly timer: TimerKind }
  | { readonly kind: 'connected' };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: request.map((each): Act => ({ kind: 'request', request: each })) },
  { weight: 6, arbitrary: command.map((octets): Act => ({ kind: 'receive', octets })) },
  { weight: 1, arbitrary: fc.constantFrom(...TIMERS).map((timer): Act => ({ kind: 'timeout', timer })) },
  { weight: 2, arbitrary: fc.constant<Act>({ kind: 'connected' }) },
);

/** A session and a user that asks for anything at any time. */
const options: fc.Arbitrary<SessionOptions> = fc.record({
  role: fc.constantFrom('initiator' as const, 'responder' as const),
  capabilities: fc.constantFrom(
    CAPABILITIES,
    { ...CAPABILITIES, mode: 'R' as const },
    { ...CAPABILITIES, restart: false },
  ),
});

function perform(session: Session, doing: Act): Effect[] {
  switch (doing.kind) {
    case 'request':
      return session.request(doing.request);
    case 'receive':
      return session.receive(doing.octets);
    case 'timeout':
      return session.timeout(doing.timer);
    case 'connected':
      return session.connected();
  }
}

describe('whatever a user asks', () => {
  it('is done, or refused with a typed error that leaves the session as it was', () => {
    fc.assert(
      fc.property(options, fc.array(act, { maxLength: 30 }), (made, acts) => {
        const session = new Session(made);
        let ended = 0;
        for (const doing of acts) {
          const before = { state: session.state, credit: session.credit, negotiated: session.negotiated };
          try {
            const effects = perform(session, doing);
            if (ended > 0) expect(effects.filter(({ effect }) => effect === 'send')).toEqual([]);
            const sent = effects.flatMap((effect) => (effect.effect === 'send' ? commandsOf([effect.octets]) : []));
            ended += sent.filter(({ command: name }) => name === 'ESID').length;
          } catch (error) {
            expect(['request', 'connected']).toContain(doing.kind);
            expect(error instanceof SessionRequestError || error instanceof EncodeError).toBe(true);
            expect({ state: session.state, credit: session.credit, negotiated: session.negotiated }).toEqual(before);
          }
          expect(session.isHolding).toBe(WAITING_FOR[session.state] === 'user-response');
        }
        expect(ended).toBeLessThanOrEqual(1);
        letTimePass(session);
        expect(session.state).toBe('IDLE');
      }),
      { numRuns: 1000 },
    );
  });
});
