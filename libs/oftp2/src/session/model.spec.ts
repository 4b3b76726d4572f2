import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { transmittedLayout } from '../data/virtual-file.js';
import { EfnaReason } from '../reasons/efna.js';
import { SfnaReason } from '../reasons/sfna.js';
import type { Command } from '../wire/command.js';
import type { Mode } from './negotiation.js';
import type { FileDescription, Request } from './primitives.js';
import type { SessionState } from './states.js';
import { CONNECT_REQUEST, EERP, FILE, NERP, REQUEST_SAMPLES } from './testing/events.js';
import { Link, type Weather } from './testing/link.js';
import { commandsOf } from './testing/peer.js';
import { Station, type TestFile, type Work } from './testing/station.js';

const SPEAKING: ReadonlySet<SessionState> = new Set<SessionState>([
  'IDLESP',
  'IDLESPCD',
  'WF_RTR',
  'OPOP',
  'OPO',
  'OPOWFC',
  'CLOP',
]);

const capabilities = (mode: Mode) =>
  fc.record({
    mode: fc.constant(mode),
    bufferSize: fc.oneof(fc.integer({ min: 128, max: 300 }), fc.integer({ min: 128, max: 99_999 })),
    credit: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 999 })),
    compression: fc.boolean(),
    restart: fc.boolean(),
  });

const octets = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }),
  fc.tuple(fc.nat(255), fc.nat(3000)).map(([octet, length]) => new Uint8Array(length).fill(octet)),
);

const unstructured = fc.record({ format: fc.constantFrom('U' as const, 'T' as const), octets });

const fixed = fc
  .tuple(fc.integer({ min: 1, max: 90 }), fc.nat(20))
  .map(([length, count]) => ({ format: 'F' as const, lengths: Array<number>(count).fill(length), longest: length }));

const variable = fc
  .array(fc.nat(90), { maxLength: 20 })
  .map((lengths) => ({ format: 'V' as const, lengths, longest: Math.max(1, ...lengths) }));

const structured = fc.oneof(fixed, variable).chain(({ format, lengths, longest }) => {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return fc
    .uint8Array({ minLength: total, maxLength: total })
    .map((content) => ({ format, lengths, longest, content }));
});

const file = fc.oneof(
  unstructured.map((each): TestFile => ({ description: { ...FILE, SFIDFMT: each.format }, octets: each.octets })),
  structured.map(({ format, lengths, longest, content }): TestFile => {
    let end = 0;
    const recordEnds = lengths.map((length) => (end += length));
    return { description: { ...FILE, SFIDFMT: format, SFIDLRECL: longest }, octets: content, recordEnds };
  }),
);

const work = (mode: Mode) =>
  fc.array(
    fc.oneof(
      fc.constant<Work>({ kind: 'eerp', response: EERP }),
      fc.constant<Work>({ kind: 'nerp', response: NERP }),
      ...(mode === 'R' ? [] : [file.map((each): Work => ({ kind: 'file', file: each }))]),
    ),
    { maxLength: 5 },
  );

/** How a Listener treats each file: takes it, takes it and asks for the turn, refuses it before or after its octets. */
const mood = fc.constantFrom('take', 'turn', 'refuse', 'regret');
type Mood = 'take' | 'turn' | 'refuse' | 'regret';

const MODES: readonly (readonly [Mode, Mode])[] = [
  ['B', 'B'],
  ['S', 'R'],
  ['R', 'S'],
];

const meeting = fc.constantFrom(...MODES).chain(([ours, theirs]) =>
  fc.record({
    capabilities: fc.tuple(capabilities(ours), capabilities(theirs)),
    work: fc.tuple(work(ours), work(theirs)),
    moods: fc.tuple(fc.array(mood), fc.array(mood)),
    acknowledges: fc.tuple(fc.boolean(), fc.boolean()),
    authentication: fc.boolean(),
    pieces: fc.integer({ min: 1, max: 500 }),
    weather: fc.infiniteStream(fc.tuple(fc.boolean(), fc.oneof(fc.integer({ min: 1, max: 9 }), fc.nat(200_000)))),
  }),
);

/** Numbers the files, so that each has its own identity. */
function numbered(list: readonly Work[], first: number): Work[] {
  return list.map((each, index) =>
    each.kind === 'file'
      ? { ...each, file: { ...each.file, description: { ...each.file.description, SFIDTIME: first + index } } }
      : each,
  );
}

function moody(moods: readonly Mood[]) {
  const left = [...moods];
  let current: Mood = 'take';
  return {
    onStartFile: (): Request => {
      current = left.shift() ?? 'take';
      return current === 'refuse'
        ? { primitive: 'F_START_FILE_RS', accepted: false, reason: SfnaReason.duplicateFile, retry: false }
        : { primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 1_000_000n };
    },
    onCloseFile: (): Request =>
      current === 'regret'
        ? { primitive: 'F_CLOSE_FILE_RS', accepted: false, reason: EfnaReason.accessMethodFailure }
        : { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: current === 'turn' },
  };
}

interface Held {
  readonly initiator: Station;
  readonly responder: Station;
  readonly bothSpoke: boolean;
}

type Meeting = typeof meeting extends fc.Arbitrary<infer Value> ? Value : never;

function hold({ capabilities: [ours, theirs], work: [first, second], ...plan }: Meeting): Held {
  const { authentication, pieces } = plan;
  const initiator = new Station({
    role: 'initiator',
    capabilities: ours,
    connect: { ...CONNECT_REQUEST, authentication },
    work: numbered(first, 1),
    acknowledges: plan.acknowledges[0],
    pieces,
    ...moody(plan.moods[0]),
  });
  const responder = new Station({
    role: 'responder',
    capabilities: theirs,
    accept: { ...REQUEST_SAMPLES.F_CONNECT_RS, authentication },
    work: numbered(second, 1001),
    acknowledges: plan.acknowledges[1],
    pieces,
    ...moody(plan.moods[1]),
  });
  let bothSpoke = false;
  const drops: Iterator<readonly [boolean, number], undefined> = plan.weather;
  const weather: Weather = {
    initiatorFirst: () => drops.next().value?.[0] ?? true,
    octets: () => drops.next().value?.[1] ?? 1,
  };
  new Link(initiator, responder).run(weather, () => {
    bothSpoke ||= SPEAKING.has(initiator.session.state) && SPEAKING.has(responder.session.state);
    return false;
  });
  return { initiator, responder, bothSpoke };
}

/** The longest DATA that one side sent, and the CDT that this many of them are owed. */
function dataOf(station: Station, window: number): { readonly longest: number; readonly creditsOwed: number } {
  let [longest, buffers, creditsOwed] = [0, 0, 0];
  for (const command of commandsOf(station.sent)) {
    if (command.command === 'SFID') buffers = 0;
    if (command.command !== 'DATA') continue;
    buffers += 1;
    if (buffers % window === 0) creditsOwed += 1;
    longest = Math.max(longest, command.payload.length + 1);
  }
  return { longest, creditsOwed };
}

const creditsGiven = (station: Station): number =>
  commandsOf(station.sent).filter(({ command }: Command) => command === 'CDT').length;

const nameOf = (description: FileDescription): number => description.SFIDTIME;

function expectArrived(sender: readonly Work[], receiver: Station, moods: readonly Mood[]): void {
  const files = sender.flatMap((each) => (each.kind === 'file' ? [each.file] : []));
  const kept = files.filter((_, index) => ['take', 'turn'].includes(moods[index] ?? 'take'));
  expect(receiver.received.map(({ description }) => nameOf(description))).toEqual(
    kept.map((each) => nameOf(each.description)),
  );
  receiver.received.forEach(({ octets: stored, recordEnds, counts }, index) => {
    const original = kept[index] as TestFile;
    const layout = transmittedLayout(original.description);
    expect(Buffer.compare(stored, original.octets)).toBe(0);
    expect(recordEnds).toEqual(original.recordEnds ?? []);
    expect(counts).toEqual({
      records: layout.recordLength > 0 ? BigInt(original.recordEnds?.length ?? 0) : 0n,
      units: BigInt(original.octets.length),
    });
  });
}

describe('two of our sessions', () => {
  it('come to a good end with all files and responses delivered, whatever they want of one another', () => {
    fc.assert(
      fc.property(meeting, (plan) => {
        const { initiator, responder, bothSpoke } = hold(plan);
        expect([initiator.aborted, responder.aborted]).toEqual([undefined, undefined]);
        expect([initiator.session.state, responder.session.state]).toEqual(['IDLE', 'IDLE']);
        expect(bothSpoke).toBe(false);
        expect([initiator.pending, responder.pending]).toEqual([0, 0]);
        expect([initiator.tolerated, responder.tolerated]).toEqual([[], []]);
        expectArrived(numbered(plan.work[0], 1), responder, plan.moods[1]);
        expectArrived(numbered(plan.work[1], 1001), initiator, plan.moods[0]);
        const [ours, theirs] = plan.capabilities;
        for (const [sender, receiver] of [
          [initiator, responder],
          [responder, initiator],
        ] as const) {
          const { longest, creditsOwed } = dataOf(sender, Math.min(ours.credit, theirs.credit));
          expect(longest).toBeLessThanOrEqual(Math.min(ours.bufferSize, theirs.bufferSize));
          expect(creditsGiven(receiver)).toBe(creditsOwed);
        }
        const owed = (receiver: Station, asked: boolean) => (asked ? receiver.received.length : 0);
        const said = (list: readonly Work[]) => list.filter((each) => each.kind !== 'file').length;
        expect(initiator.responses.length).toBe(said(plan.work[1]) + owed(responder, plan.acknowledges[1]));
        expect(responder.responses.length).toBe(said(plan.work[0]) + owed(initiator, plan.acknowledges[0]));
      }),
      { numRuns: 300 },
    );
  });
});
