import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encodeFrame, type Command } from '@certlane/oftp2';
import { createLogger } from '@certlane/runtime';
import { certificateFile } from '../domain/virtual-file.js';
import type { Connection, ConnectionReader } from '../transport/connection.js';
import { Peer } from './peer.js';

const LONGEST = 99_999;
const capabilities = { mode: 'B', bufferSize: LONGEST, credit: 999, compression: true, restart: true } as const;
const log = createLogger({ service: 'session-gateway', instance: 'test', level: 'silent' });
const identity = { datasetName: 'X', date: '20260301', time: '1200000001', originator: 'O0013ACME', destination: 'O2' };
const SSID: Command = {
  command: 'SSID',
  SSIDLEV: 5,
  SSIDCODE: 'O0013ACME',
  SSIDPSWD: 'SECRET1',
  SSIDSDEB: LONGEST,
  SSIDSR: 'B',
  SSIDCMPR: 'Y',
  SSIDREST: 'Y',
  SSIDSPEC: 'N',
  SSIDCRED: 999,
  SSIDAUTH: 'N',
  SSIDUSER: '',
};

let open: ConnectionReader | undefined;

// A session that is left in the middle would keep its timers.
afterEach(() => open?.closed({ by: 'us' }));

/** A peer in the middle of a file, and the reader that the connection would give octets to. */
async function receiving(): Promise<{ readonly peer: Peer; readonly reader: ConnectionReader }> {
  let reader: ConnectionReader | undefined;
  const connection: Connection = {
    remoteAddress: '192.0.2.1',
    remotePort: 1,
    transport: 'tcp',
    tls: undefined,
    octetsRead: 0,
    octetsWritten: 0,
    attach: (attached) => (reader = attached),
    write: () => true,
    pause: () => undefined,
    resume: () => undefined,
    end: () => undefined,
    destroy: () => undefined,
  };
  const peer = new Peer(connection, { role: 'responder', capabilities }, log);
  peer.greet();
  if (reader === undefined) throw new Error('a peer reads its connection');
  open = reader;
  reader.octets(Buffer.from(encodeFrame(SSID)));
  await peer.expect('F_CONNECT_IND');
  peer.request({ primitive: 'F_CONNECT_RS', code: 'O2', password: 'PW2', authentication: false });
  reader.octets(Buffer.from(encodeFrame({ command: 'SFID', ...certificateFile(identity, '', 5) })));
  await peer.expect('F_START_FILE_IND');
  peer.request({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 1n << 40n });
  return { peer, reader };
}

/** One DATA and what it holds: literal subrecords, or runs that need far more room than they take on the wire. */
interface Piece {
  readonly compressed: boolean;
  readonly subrecords: number;
}

function dataOf({ compressed, subrecords }: Piece, number: number): { readonly frame: Buffer; readonly file: Buffer } {
  const octet = number & 0xff;
  const file = Buffer.alloc(subrecords * 63, octet);
  const one = compressed ? Buffer.from([0x7f, octet]) : Buffer.concat([Buffer.from([63]), Buffer.alloc(63, octet)]);
  const payload = Buffer.concat(Array<Buffer>(subrecords).fill(one));
  return { frame: Buffer.from(encodeFrame({ command: 'DATA', payload })), file };
}

/** The same choices for the same seed. */
function choices(seed: number): <Choice>(of: readonly Choice[]) => Choice {
  let state = seed;
  return (of) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return of[(state >>> 8) % of.length] as (typeof of)[number];
  };
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index * 7_919 + 1);

describe('octets of a received file', () => {
  it.each(SEEDS)('arrive as they were sent and stay so until they are written, choices of %i', async (seed) => {
    const choose = choices(seed);
    const { peer, reader } = await receiving();
    const sent = Array.from({ length: choose([1, 10, 60, 90]) }, (_, number) =>
      dataOf({ compressed: choose([false, false, false, true]), subrecords: choose([1, 258, 1_500, 1_500]) }, number),
    );
    const file = Buffer.concat(sent.map((each) => each.file));
    const written: Buffer[] = [];
    const problem = peer.receiveFile(async (octets) => {
      const copy = Buffer.from(octets);
      for (let turns = choose([0, 0, 1, 3]); turns > 0; turns -= 1) await nextTurn();
      expect(copy.equals(octets)).toBe(true);
      written.push(copy);
    });
    const efid = encodeFrame({ command: 'EFID', EFIDRCNT: 0n, EFIDUCNT: BigInt(file.length) });
    const stream = Buffer.concat([...sent.map((each) => each.frame), efid]);
    for (let at = 0; at < stream.length;) {
      const end = Math.min(stream.length, at + choose([1_000, 16_384, 16_385, 65_536, 300_000]));
      // As from a socket: memory of its own, the reader's to keep.
      const chunk = Buffer.allocUnsafeSlow(end - at);
      stream.copy(chunk, 0, at, end);
      reader.octets(chunk);
      at = end;
      if (choose([true, false])) await nextTurn();
    }
    expect(await problem).toBeUndefined();
    expect(Buffer.concat(written).equals(file)).toBe(true);
  });

  it('that came before the connection was lost are written all the same', async () => {
    const { peer, reader } = await receiving();
    const written: Buffer[] = [];
    const receives = peer.receiveFile((octets) => void written.push(Buffer.from(octets)));
    const { frame, file } = dataOf({ compressed: false, subrecords: 3 }, 7);
    reader.octets(frame);
    reader.octets(Buffer.from(frame));
    reader.closed({ by: 'network', code: 'ECONNRESET' });
    await expect(receives).rejects.toMatchObject({ end: { outcome: 'broken' } });
    expect(Buffer.concat(written)).toEqual(Buffer.concat([file, file]));
  });
});
