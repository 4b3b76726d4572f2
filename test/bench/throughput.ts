import { testCa } from '@certlane/pki/testing';
import { certificatePem, MemoryGateway, type FileSource } from '@certlane/session-gateway/testing';
import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { RawTlsNews, RawTlsStart } from './load/raw-tls.js';
import type { ReceivingNews, ReceivingStart } from './load/receiving-gateway.js';
import { median, spread, type BenchRow } from './report.js';

const US = 'O0013ACME';
const THEM = 'O0942BIGCAR';
const OCTETS = 768 * 1024 * 1024;
const ROUNDS = 5;
/** The first rounds are the compiler's. */
const WARMING = 1;
const PIECE = 1024 * 1024;
/** RFC 5024 allows no larger exchange buffers, and no wider windows. */
const LARGEST = { bufferSize: 99_999, credit: 999 };

/**
 * Octets of a file a second through two real sessions over TLS 1.3, from a file to a file, in two processes; against a raw TLS
 * stream from the same process to one with nothing else in it, in turns. The received file takes the place of another of the
 * same length, or is new: then the kernel has to find memory for it as well.
 */
export async function run(): Promise<BenchRow[]> {
  const ca = testCa({ name: 'Throughput' });
  const own = ca.issue({ host: 'localhost' });
  const folder = await mkdtemp(join(tmpdir(), 'certlane-throughput-'));
  const [receiver, rawReceiver] = ['receiving-gateway', 'raw-tls'].map(started) as [ChildProcess, ChildProcess];
  const gateway = new MemoryGateway({
    config: {
      tcp: undefined,
      tls: undefined,
      capabilities: { mode: 'B', ...LARGEST, compression: false, restart: true },
    },
  });
  try {
    const source = await filled(join(folder, 'source'));
    const target = join(folder, 'target');
    const certificates = [own.certificate, ...ca.chain].map(({ der }) => certificatePem(der)).join('');
    const identity: RawTlsStart = { certificates, key: own.privateKeyPem };
    const start: ReceivingStart = { ...identity, station: THEM, partner: US, path: target, ...LARGEST };
    const { port } = await told<ReceivingNews>(receiver, start);
    const raw = await told<RawTlsNews>(rawReceiver, identity);
    const rawPort = 'port' in raw ? raw.port : 0;
    gateway.tlsStore.issuerRows.push(ca.root.certificate.der);
    const connection = { host: 'localhost', port, transport: 'tls' } as const;
    gateway.addPartner({ station: US, partner: THEM, partnerPassword: 'PWB', ourPassword: 'PWA', connection });
    await gateway.keeper.refresh();

    const [streams, fresh, existing]: [number[], number[], number[]] = [[], [], []];
    const session = async (): Promise<number> => {
      const rate = await rateOf(() => sendFile(gateway, source));
      const { size } = await stat(target);
      if (size !== OCTETS) throw new Error(`${size} octets arrived of ${OCTETS}`);
      return rate;
    };
    for (let round = 0; round < WARMING + ROUNDS; round += 1) {
      streams.push(await rateOf(() => stream(rawReceiver, rawPort, certificatePem(ca.root.certificate.der))));
      await rm(target, { force: true });
      fresh.push(await session());
      existing.push(await session());
    }
    for (const rates of [streams, fresh, existing]) rates.splice(0, WARMING);
    const limit = median(streams);
    const row = (where: string, rates: readonly number[], note: string): BenchRow => ({
      name: `file to file over TLS 1.3, ${where}`,
      value: median(rates),
      unit: 'GB/s',
      limit,
      ratio: median(rates) / limit,
      note: `${note}, ${noiseOf(rates)}`,
    });
    return [
      { name: 'raw TLS 1.3 stream', value: limit, unit: 'GB/s', note: noiseOf(streams) },
      row('over an existing file', existing, 'aim 0.45; buffers of 99999 octets, credit 999'),
      row('into a new file', fresh, 'the kernel finds memory for it'),
    ];
  } finally {
    receiver.disconnect();
    rawReceiver.disconnect();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function noiseOf(rates: readonly number[]): string {
  return `noise ${Math.round(spread(rates) * 100)} %`;
}

async function filled(path: string): Promise<string> {
  const file = await open(path, 'w');
  const piece = Buffer.alloc(PIECE).map((_, index) => (index * 31 + (index >> 8)) & 0xff);
  for (let written = 0; written < OCTETS; written += PIECE) await file.write(piece);
  await file.close();
  return path;
}

function started(name: string): ChildProcess {
  return fork(fileURLToPath(new URL(`load/${name}.js`, import.meta.url)));
}

/** What a child says next, after it was told something. */
async function told<News>(child: ChildProcess, start?: Serializable): Promise<News> {
  if (start !== undefined) child.send(start);
  const [message] = (await once(child, 'message')) as [News];
  return message;
}

async function rateOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return OCTETS / 1e6 / (performance.now() - started);
}

async function stream(child: ChildProcess, port: number, authority: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: [authority], minVersion: 'TLSv1.3' });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  const arrived = told<RawTlsNews>(child);
  const piece = Buffer.alloc(PIECE, 0x41);
  for (let sent = 0; sent < OCTETS; sent += PIECE) if (!socket.write(piece)) await once(socket, 'drain');
  socket.end();
  const heard = await arrived;
  if (!('octets' in heard) || heard.octets !== OCTETS) throw new Error('octets were lost on the way');
  socket.destroy();
}

async function sendFile(gateway: MemoryGateway, path: string): Promise<void> {
  const identity = { datasetName: 'PAYLOAD', date: '20260301', time: '1200000001', originator: US, destination: THEM };
  gateway.exchange.queueFile('file', identity, new Uint8Array(0));
  const [item] = gateway.exchange.waiting;
  if (item?.type !== 'file') throw new Error('a file was queued');
  const description = { ...item.description, SFIDFSIZ: OCTETS / 1024, SFIDOSIZ: OCTETS / 1024 };
  gateway.exchange.waiting.splice(0, 1, { ...item, description, open: () => fileSource(path) });
  await gateway.dialer.dial({ station: US, partner: THEM }, new AbortController().signal);
  const report = gateway.ends.reports.at(-1);
  if (report?.filesSent !== 1) throw new Error(`the file was not sent: ${report?.end.message ?? 'no session'}`);
}

async function fileSource(path: string): Promise<FileSource> {
  const file = await open(path, 'r');
  return {
    read: async (into) => (await file.read(into)).bytesRead,
    close: () => file.close(),
  };
}
