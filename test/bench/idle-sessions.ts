import { encodeFrame } from '@certlane/oftp2';
import { testCa } from '@certlane/pki/testing';
import { certificatePem } from '@certlane/session-gateway/testing';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ssid } from '@certlane/oftp2/testing';
import type { IdleNews, IdleStart } from './load/idle-holder.js';
import type { BenchRow } from './report.js';

const US = 'O0942BIGCAR';
const THEM = 'O0013ACME';
const PASSWORD = 'SECRET1';
const HELD = 5_000;
const WARMING = 300;
const AT_ONCE = 50;
const KIB = 1024;

/** Memory of a session that is up and waits, against a bare mutual TLS socket of the same process on its own. */
export async function run(): Promise<BenchRow[]> {
  const ca = testCa({ name: 'Idle' });
  const own = ca.issue({ host: 'localhost' });
  const authority = certificatePem(ca.root.certificate.der);
  const certificates = [own.certificate, ...ca.chain].map(({ der }) => certificatePem(der)).join('');
  const context = createSecureContext({ cert: certificates, key: own.privateKeyPem, ca: [authority] });
  const login = encodeFrame(ssid(THEM, PASSWORD));
  const identity = { certificates, key: own.privateKeyPem, authority };
  const start = { station: US, partner: THEM, password: PASSWORD, ...identity };
  const sockets = await held({ ...start, what: 'sockets' }, context, undefined);
  const sessions = await held({ ...start, what: 'sessions' }, context, login);
  return [
    { name: 'bare mutual TLS socket', value: sockets.each, unit: 'KiB', note: `${sockets.count} held` },
    {
      name: 'idle session over mutual TLS',
      value: sessions.each,
      unit: 'KiB',
      limit: sockets.each,
      ratio: sessions.each / sockets.each,
      note: `aim at most 1.5; ${sessions.count} of ${HELD} accepted and up`,
    },
  ];
}

/** Opens connections to a process that holds them, and asks it what they cost. */
async function held(
  start: IdleStart,
  context: SecureContext,
  login: Uint8Array | undefined,
): Promise<{ readonly each: number; readonly count: number }> {
  const file = fileURLToPath(new URL('load/idle-holder.js', import.meta.url));
  const child = fork(file, { execArgv: ['--expose-gc'] });
  const open: TLSSocket[] = [];
  try {
    const { port } = (await told(child, start)) as { port: number };
    // What the first connections make the process load and grow is not theirs.
    const warm = await many(WARMING, () => connected(port, context, login));
    for (const socket of warm) socket.destroy();
    const before = (await told(child, 'memory')) as { memory: number };
    open.push(...(await many(HELD, () => connected(port, context, login))));
    const after = (await told(child, 'memory')) as { memory: number; held: number };
    return { each: (after.memory - before.memory) / after.held / KIB, count: after.held };
  } finally {
    for (const socket of open) socket.destroy();
    child.disconnect();
  }
}

async function told(child: ChildProcess, message: IdleStart | 'memory'): Promise<IdleNews> {
  child.send(message);
  const [news] = (await once(child, 'message')) as [IdleNews];
  return news;
}

async function many(count: number, make: () => Promise<TLSSocket>): Promise<TLSSocket[]> {
  const made: TLSSocket[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      made.push(await make());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return made;
}

/** A connection on which the other side has said all it has to say unasked, and answered what it was told. */
async function connected(
  port: number,
  secureContext: SecureContext,
  login: Uint8Array | undefined,
): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', secureContext });
  socket.on('error', () => undefined);
  await once(socket, 'data');
  if (login !== undefined) {
    socket.write(login);
    await once(socket, 'data');
  }
  return socket;
}
