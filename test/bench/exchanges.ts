import { certificateToPem } from '@certlane/pki';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { DeliveringPartner, tlsOptions, type Target } from './load/delivering-partner.js';
import { ratePerSecond } from './load/rate.js';
import { BenchStation, type Company } from './load/station.js';
import type { BenchRow } from './report.js';

const AT_ONCE = 32;
const RENEWALS = 24;
const HANDSHAKE_MS = 3000;

/**
 * Complete inbound certificate exchanges a second: mutual TLS 1.3, secure authentication, a renewed certificate delivered,
 * taken over and acknowledged with every durable write; against mutual handshakes alone of the same client.
 */
export async function run(): Promise<BenchRow[]> {
  const acme = testCa({ name: 'Acme' });
  const beta = testCa({ name: 'Beta' });
  const own = acme.issue({ host: 'localhost' });
  const station = await BenchStation.start('O0013000000ACME', own, [beta.root.certificate, beta.authority.certificate]);
  try {
    const port = station.running.tlsPort;
    const target = { port, station: station.id, authority: acme.authority.certificate, certificate: own.certificate };
    const partners = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => addPartner(station, beta, index, target)),
    );
    const handshakes = await handshakeRate(own, beta, partners[0]?.partner.own ?? own);
    const first = performance.now();
    await Promise.all(
      partners.map(async ({ partner, renewals }) => {
        for (const renewal of renewals) await partner.deliver(renewal);
      }),
    );
    const value = (AT_ONCE * RENEWALS * 1000) / (performance.now() - first);
    return [
      { name: 'mutual TLS 1.3 handshakes, 32 at once', value: handshakes, unit: '/s' },
      {
        name: 'inbound exchanges, 32 at once, all durable',
        value,
        unit: '/s',
        limit: handshakes,
        ratio: value / handshakes,
        note: 'aim 0.40, with secure authentication; client, four services and NATS share the processors',
      },
    ];
  } finally {
    await station.stop();
  }
}

async function addPartner(station: BenchStation, beta: Company, index: number, target: Target) {
  const id = `O0177${String(index).padStart(4, '0')}BETA`;
  const host = `p${index}.beta.example`;
  const began = Date.now() - 86_400_000;
  const issue = (age: number): TestIdentity =>
    beta.issue({ host, odetteId: id, subject: `CN=${host},O=Beta,C=DE`, notBefore: new Date(began + age * 1000) });
  const identity = issue(0);
  await station.addPartner(id, beta.authority.certificate, { host, certificate: identity.certificate });
  const renewals = Array.from({ length: RENEWALS }, (_, age) => issue(age + 1));
  return { partner: new DeliveringPartner(id, identity, target), renewals };
}

async function handshakeRate(server: TestIdentity, clients: Company, client: TestIdentity): Promise<number> {
  const child = fork(fileURLToPath(new URL('load/handshakes.js', import.meta.url)));
  try {
    child.send({
      key: server.privateKey.export({ format: 'pem', type: 'pkcs8' }),
      cert: certificateToPem(server.certificate),
      ca: clients.chain.map(certificateToPem).join(''),
    });
    const [port] = (await once(child, 'message')) as [number];
    const options = { ...tlsOptions(client, server.certificate), port, rejectUnauthorized: false };
    return await ratePerSecond(
      async () => {
        const socket = connect(options);
        socket.resume();
        await once(socket, 'close');
      },
      AT_ONCE,
      HANDSHAKE_MS,
    );
  } finally {
    child.kill();
  }
}
