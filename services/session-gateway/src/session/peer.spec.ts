import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeFrame, EsidReason, type Command } from '@certlane/oftp2';
import { ssid } from '@certlane/oftp2/testing';
import { createLogger } from '@certlane/runtime';
import { certificateFile } from '../domain/virtual-file.js';
import type { Connection, ConnectionReader } from '../transport/connection.js';
import { Peer } from './peer.js';
import { isSessionOver } from './session-over.js';

/** A connection without a network: what is written is kept, what is read is given. */
class HandConnection implements Connection {
  readonly remoteAddress = '192.0.2.1';
  readonly remotePort = 1;
  readonly transport = 'tcp';
  readonly tls = undefined;
  readonly octetsRead = 0;
  readonly octetsWritten = 0;
  paused = false;
  ended = false;
  destroyed = false;
  broken = false;
  reader: ConnectionReader | undefined;

  attach(reader: ConnectionReader): void {
    this.reader = reader;
  }
  write(): boolean {
    if (this.broken) throw new Error('a defect');
    return true;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  /** The other side says something. */
  says(...commands: Command[]): void {
    this.reader?.octets(Buffer.concat(commands.map((command) => encodeFrame(command))));
  }
}

const capabilities = { mode: 'B', bufferSize: 4_096, credit: 64, compression: true, restart: true } as const;
const login = ssid('O0013ACME', 'SECRET1');
const identity = {
  datasetName: 'X',
  date: '20260301',
  time: '1200000001',
  originator: 'O0013ACME',
  destination: 'O0942',
};
const sfid: Command = { command: 'SFID', ...certificateFile(identity, '', 5) };
const efid = { command: 'EFID', EFIDRCNT: 0n } as const;
const data = (octets: number): Command => ({
  command: 'DATA',
  payload: Buffer.concat([Buffer.from([octets]), Buffer.alloc(octets, 0x41)]),
});

let connection: HandConnection;
let peer: Peer;

const over = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    if (isSessionOver(error)) return error.end;
    throw error;
  }
};

/** Up to the session with the other side speaking. */
async function up(): Promise<void> {
  peer.greet();
  connection.says(login);
  await peer.expect('F_CONNECT_IND');
  peer.request({ primitive: 'F_CONNECT_RS', code: 'O0942', password: 'PW2', authentication: false });
}

beforeEach(() => {
  connection = new HandConnection();
  const log = createLogger({ service: 'session-gateway', instance: 'test', level: 'silent' });
  peer = new Peer(connection, { role: 'responder', capabilities }, log);
});

// A session that is left in the middle would keep its timers.
afterEach(() => connection.reader?.closed({ by: 'us' }));

describe('Peer', () => {
  it('reads nothing while it owes an answer, and goes on with it', async () => {
    await up();
    expect([connection.paused, peer.idle]).toEqual([false, true]);
    connection.says(sfid);
    expect([connection.paused, peer.idle]).toEqual([true, false]);
    await peer.expect('F_START_FILE_IND');
    expect(connection.paused).toBe(true);
    peer.request({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 1_000n });
    expect(connection.paused).toBe(false);
    peer.cut();
  });

  it('reads nothing while what it read is not taken', async () => {
    await up();
    connection.says(sfid);
    await peer.expect('F_START_FILE_IND');
    peer.request({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 1_000n });
    for (let count = 0; count < 20; count += 1) connection.says(data(5));
    expect(connection.paused).toBe(true);
    let octets = 0;
    const received = peer.receiveFile((piece) => void (octets += piece.length));
    connection.says({ command: 'EFID', EFIDRCNT: 0n, EFIDUCNT: 100n });
    expect(await received).toBeUndefined();
    expect(octets).toBe(100);
    expect(connection.paused).toBe(true);
    peer.request({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: false });
    expect(connection.paused).toBe(false);
  });

  it('loses nothing of a file whose compressed buffers stand between others', async () => {
    await up();
    connection.says(sfid);
    await peer.expect('F_START_FILE_IND');
    peer.request({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition: 0n, maximumOctets: 100_000n });
    const subrecord = Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 0x41)]);
    const literal = (subrecords: number): Command => ({
      command: 'DATA',
      payload: Buffer.concat(Array<Buffer>(subrecords).fill(subrecord)),
    });
    // 50 runs of 63: far longer than what the memory of the buffers around has left.
    const runs: Command = { command: 'DATA', payload: Buffer.from('7f42'.repeat(50), 'hex') };
    connection.says(literal(20), literal(3), runs, data(5), literal(3), { ...efid, EFIDUCNT: 4_793n });
    const pieces: Buffer[] = [];
    expect(await peer.receiveFile((piece) => void pieces.push(Buffer.from(piece)))).toBeUndefined();
    const octets = (count: number, character: string) => character.repeat(count);
    expect(Buffer.concat(pieces).toString()).toBe(octets(1_449, 'A') + octets(3_150, 'B') + octets(194, 'A'));
  });

  it('tells whoever waits that the session is over, and everybody who asks later', async () => {
    await up();
    const waiting = over(peer.next());
    connection.reader?.closed({ by: 'network', code: 'ECONNRESET' });
    const end = { outcome: 'broken', by: 'network', message: 'the connection was lost (ECONNRESET)' };
    expect(await waiting).toEqual(end);
    expect(await over(peer.next())).toEqual(end);
    expect(() => peer.request({ primitive: 'F_RTR_RS' })).toThrow('the connection was lost');
    await peer.gone;
  });

  it('delivers what came before the end first', async () => {
    await up();
    connection.says({ command: 'CD' });
    connection.reader?.closed({ by: 'peer' });
    expect((await peer.next()).primitive).toBe('F_CD_IND');
    expect(await over(peer.next())).toMatchObject({ outcome: 'broken' });
  });

  it('can be stopped from outside, once', async () => {
    await up();
    const waiting = over(peer.next());
    const end = { outcome: 'failed', message: 'told to stop' } as const;
    peer.stop(EsidReason.emergencyCloseDown, 'closing', end);
    peer.stop(EsidReason.unspecified, 'again', { outcome: 'failed', message: 'again' });
    expect(await waiting).toEqual({ ...end, esid: 5, by: 'us' });
  });

  it('costs a defect of ours that octets bring to light this session alone', async () => {
    await up();
    const waiting = over(peer.next());
    connection.broken = true;
    connection.says({ command: 'SSRM' });
    expect(await waiting).toEqual({ outcome: 'failed', by: 'us', message: 'an internal error occurred' });
    expect(connection.destroyed).toBe(true);
  });

  it('calls a step that the protocol does not allow a defect', async () => {
    await up();
    expect(() => peer.request({ primitive: 'F_CD_RQ' })).toThrow('the session cannot do F_CD_RQ');
    expect(peer.over).toBe(false);
    peer.stop(EsidReason.unspecified, '', { outcome: 'failed', message: '' });
  });
});
