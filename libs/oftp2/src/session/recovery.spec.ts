import { describe, expect, it } from '@jest/globals';
import { SfnaReason } from '../reasons/sfna.js';
import type { EndResponse, FileDescription, Request } from './primitives.js';
import { CAPABILITIES, CONNECT_REQUEST, FILE, REQUEST_SAMPLES } from './testing/events.js';
import { Link } from './testing/link.js';
import { commandsOf } from './testing/peer.js';
import { endResponseFor } from '../testing/commands.js';
import { Station } from './testing/station.js';

const HELLO = Buffer.from('HELLO');

/** What two stations have on disk: it outlives their sessions. */
class Disks {
  toSend: FileDescription[] = [FILE];
  readonly stored: Buffer[] = [];
  readonly storedNames = new Set<string>();
  owed: EndResponse[] = [];
  readonly confirmed: EndResponse[] = [];

  initiator(): Station {
    return new Station({
      role: 'initiator',
      capabilities: CAPABILITIES,
      connect: CONNECT_REQUEST,
      work: this.toSend.map((description) => ({ kind: 'file', file: { description, octets: HELLO } })),
    });
  }

  responder(): Station {
    const here = (file: FileDescription): boolean => this.storedNames.has(file.SFIDDSN);
    return new Station({
      role: 'responder',
      capabilities: CAPABILITIES,
      accept: REQUEST_SAMPLES.F_CONNECT_RS,
      work: this.owed.map((response) => ({ kind: 'eerp', response })),
      acknowledges: true,
      onStartFile: (file): Request =>
        here(file)
          ? { primitive: 'F_START_FILE_RS', accepted: false, reason: SfnaReason.duplicateFile, retry: false }
          : { primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 10n },
      onCloseFile: ({ description, octets }): Request => {
        // Stored and owed in one write, before EFPA.
        this.stored.push(Buffer.from(octets));
        this.storedNames.add(description.SFIDDSN);
        this.owed = [endResponseFor(description)];
        return { primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: false };
      },
    });
  }

  /** Writes down what a session has brought to an end, and no more. */
  settle(initiator: Station, responder: Station): void {
    const duplicate = initiator.refused.some((each) => !each.accepted && each.reason === SfnaReason.duplicateFile);
    if (initiator.delivered > 0 || duplicate) this.toSend = [];
    for (const response of initiator.responses) if ('EERPDSN' in response) this.confirmed.push(response);
    if (responder.indications.some(({ primitive }) => primitive === 'F_RTR_CF')) this.owed = [];
  }
}

/** Runs a session in which the connection breaks after this many commands have been sent; the rest is lost. */
function runUntil(disks: Disks, commands: number): number {
  const [initiator, responder] = [disks.initiator(), disks.responder()];
  const link = new Link(initiator, responder);
  const sent = () => commandsOf(initiator.sent).length + commandsOf(responder.sent).length;
  link.run(undefined, () => sent() >= commands);
  link.cut();
  disks.settle(initiator, responder);
  return sent();
}

describe('a connection that breaks', () => {
  const commands = runUntil(new Disks(), 1000);

  it('is that of the golden session', () => {
    expect(commands).toBe(13);
  });

  it.each(Array.from({ length: 13 }, (_, index) => index))(
    'after command %i leaves the file to arrive once and to be answered',
    (count) => {
      const disks = new Disks();
      runUntil(disks, count);
      runUntil(disks, 1000);
      expect(disks.stored).toEqual([HELLO]);
      expect([disks.toSend, disks.owed]).toEqual([[], []]);
      // The EERP may come again where its RTR was lost; it names the same file.
      expect(new Set(disks.confirmed.map((response) => JSON.stringify(response, replacer)))).toHaveProperty('size', 1);
    },
  );

  it('and one more breaking at every command still leaves it so', () => {
    for (let first = 0; first < commands; first += 1) {
      for (let second = 0; second < commands; second += 1) {
        const disks = new Disks();
        runUntil(disks, first);
        runUntil(disks, second);
        runUntil(disks, 1000);
        expect({ first, second, stored: disks.stored.length, left: disks.toSend.length + disks.owed.length }).toEqual({
          first,
          second,
          stored: 1,
          left: 0,
        });
      }
    }
  });
});

function replacer(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}
