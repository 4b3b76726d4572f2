import { DEFAULT_TIMEOUTS } from '@certlane/oftp2';
import { readCertificates } from '@certlane/pki';
import { MemoryGateway } from '@certlane/session-gateway/testing';
import { createPrivateKey } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the parent hands over; then it asks `memory` as often as it likes. */
export interface IdleStart {
  readonly what: 'sessions' | 'sockets';
  readonly station: string;
  readonly partner: string;
  readonly password: string;
  /** PEM. */
  readonly certificates: string;
  readonly key: string;
  readonly authority: string;
}

/** Answers: where to connect; resident memory in octets after a collection, and how many are held. */
export type IdleNews = { readonly port: number } | { readonly memory: number; readonly held: number };

const EVERYBODY = 1_000_000;
const HOUR = 3_600_000;

process.once('disconnect', () => process.exit());
process.once('message', (start: IdleStart) => {
  if (start.what === 'sockets') holdSockets(start);
  else void holdSessions(start);
});

function answer(held: () => number): void {
  process.on('message', () => {
    void settledMemory().then((memory) => process.send?.({ memory, held: held() } satisfies IdleNews));
  });
}

async function settledMemory(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await sleep(300);
  }
  return process.memoryUsage().rss;
}

async function holdSessions(start: IdleStart): Promise<void> {
  const { station, partner, password } = start;
  const gateway = new MemoryGateway({
    config: {
      tcp: undefined,
      clientCertificates: 'require',
      admission: { connections: EVERYBODY, perAddress: EVERYBODY, perNetwork: EVERYBODY, unauthenticated: EVERYBODY },
      timeouts: { ...DEFAULT_TIMEOUTS, listen: HOUR },
    },
  });
  const [certificate, ...chain] = readCertificates(Buffer.from(start.certificates));
  if (certificate === undefined) throw new Error('a certificate is needed');
  const [authority] = readCertificates(Buffer.from(start.authority));
  if (authority !== undefined) gateway.tlsStore.issuerRows.push(authority.der);
  gateway.setStationTls(station, { certificate, chain, privateKey: createPrivateKey(start.key) }, 'localhost');
  gateway.addPartner({ station, partner, partnerPassword: password, ourPassword: password });
  const { tls } = await gateway.open();
  answer(() => gateway.sessions.live);
  process.send?.({ port: tls?.port ?? 0 } satisfies IdleNews);
}

/** The bare sockets are as a gateway needs them: mutual TLS, read from, errors heard. */
function holdSockets({ certificates, key, authority }: IdleStart): void {
  let held = 0;
  const server = createServer({ cert: certificates, key, ca: [authority], requestCert: true }, (socket) => {
    held += 1;
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => (held -= 1));
    socket.write('ready');
  });
  server.listen(0, '127.0.0.1', () => {
    answer(() => held);
    process.send?.({ port: (server.address() as AddressInfo).port } satisfies IdleNews);
  });
}
