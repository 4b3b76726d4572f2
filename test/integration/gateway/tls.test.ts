import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testCa, testSelfSigned } from '@certlane/pki/testing';
import { until } from '@certlane/runtime/testing';
import { certificatePem, MemoryGateway } from '@certlane/session-gateway/testing';
import { ssid } from '@certlane/oftp2/testing';
import { ScriptedPeer } from '../../support/oftp/index.js';

const STATION = 'O0942BIGCAR';
const SECOND = 'O0942BIGCAR PLANT2';
const PARTNER = 'O0013ACME';

const ours = testCa({ name: 'Ours' });
const theirs = testCa({ name: 'Theirs' });
const stranger = testCa({ name: 'Stranger' });
const station = ours.issue({ host: 'oftp.bigcar.example' });
const second = ours.issue({ host: 'plant2.bigcar.example' });
const partner = theirs.issue({ host: 'oftp.acme.example' });

const trust: ConnectionOptions = {
  ca: [certificatePem(ours.root.certificate.der)],
  servername: 'oftp.bigcar.example',
};
const withClientCertificate = (identity: { certificatePem: string; privateKeyPem: string }): ConnectionOptions => ({
  ...trust,
  cert: identity.certificatePem,
  key: identity.privateKeyPem,
});

let gateway: MemoryGateway;
let port: number;

async function open(clientCertificates: 'none' | 'request' | 'require' = 'request', host = '127.0.0.1'): Promise<void> {
  gateway = new MemoryGateway({ config: { tcp: undefined, tls: { host, port: 0 }, clientCertificates } });
  gateway.addPartner({ station: STATION, partner: PARTNER, partnerPassword: 'SECRET1', ourPassword: 'PW2' });
  gateway.setStationTls(STATION, { ...station, chain: ours.chain }, 'oftp.bigcar.example');
  // The authority below the root, without its root: what an operator installs.
  gateway.tlsStore.issuerRows.push(theirs.authority.certificate.der);
  port = (await gateway.open()).tls!.port;
}

beforeEach(() => open());
afterEach(() => gateway.close());

/** The certificate a fresh connection is shown. */
async function shown(options: ConnectionOptions): Promise<string> {
  const peer = await ScriptedPeer.tls(port, options);
  await peer.expect('SSRM');
  const raw = peer.tlsSocket!.getPeerX509Certificate()!.fingerprint256;
  peer.destroy();
  return raw.replaceAll(':', '').toLowerCase();
}

/** What becomes of a connection that should not come to a greeting. */
async function greeting(options: ConnectionOptions): Promise<string> {
  try {
    const peer = await ScriptedPeer.tls(port, options);
    const command = await peer.next();
    peer.destroy();
    return command?.command ?? 'closed';
  } catch {
    return 'closed';
  }
}

describe('the TLS port', () => {
  it.each([
    ['TLSv1.2', 'without', trust, []],
    ['TLSv1.3', 'without', trust, []],
    ['TLSv1.2', 'with', withClientCertificate(partner), [partner]],
    ['TLSv1.3', 'with', withClientCertificate(partner), [partner]],
  ] as const)(
    'greets over %s %s a client certificate and tells what it saw',
    async (version, _word, options, chain) => {
      const peer = await ScriptedPeer.tls(port, { ...options, minVersion: version, maxVersion: version });
      await peer.expect('SSRM');
      peer.send(ssid(PARTNER, 'SECRET1'));
      await peer.expect('SSID');
      expect(gateway.trust.questions.at(-1)!.tls).toMatchObject({
        version,
        serverName: 'oftp.bigcar.example',
        authorized: chain.length > 0,
        peerChain: chain.map(({ certificate }) => Buffer.from(certificate.der).toString('base64')),
      });
      peer.destroy();
    },
  );

  it.each(['TLSv1.1', 'TLSv1'] as const)('refuses %s', async (version) => {
    const old = { ...trust, minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
    await expect(ScriptedPeer.tls(port, old)).rejects.toThrow(/version|alert/i);
  });

  it('does not resume sessions, so that every connection shows its certificate', async () => {
    const first = connect({ port, host: '127.0.0.1', ...withClientCertificate(partner) });
    const sessions: Buffer[] = [];
    first.on('session', (session) => sessions.push(session));
    await once(first, 'data');
    first.destroy();
    for (const session of sessions) {
      const again = connect({ port, host: '127.0.0.1', ...trust, session });
      await once(again, 'secureConnect');
      expect(again.isSessionReused()).toBe(false);
      again.destroy();
    }
  });

  it.each([
    ['no client certificate', trust],
    ['an expired one', withClientCertificate(theirs.issue({ expired: true }))],
    ['one of an unknown authority', withClientCertificate(stranger.issue())],
    ['a self-signed one', withClientCertificate(testSelfSigned(new Date()))],
  ])('does not greet a caller with %s where one is required', async (_what, options) => {
    await gateway.close();
    await open('require');
    expect(await greeting(options)).toBe('closed');
    expect(await greeting(withClientCertificate(partner))).toBe('SSRM');
  });

  it('lets a certificate of an unknown authority in where it is only asked for, and says that it is not authorized', async () => {
    const peer = await ScriptedPeer.tls(port, withClientCertificate(stranger.issue()));
    await peer.expect('SSRM');
    peer.send(ssid(PARTNER, 'SECRET1'));
    await peer.expect('SSID');
    expect(gateway.trust.questions.at(-1)!.tls).toMatchObject({ authorized: false });
    peer.destroy();
  });
});

/** A connection from a port of 127.0.0.1 (0: any) to one of our addresses. */
async function tcpFrom(localPort: number, host: string): Promise<Socket> {
  const socket = connectTcp({ host, port, localAddress: '127.0.0.1', localPort });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

// Only Linux has all of 127.0.0.0/8 on the loopback interface.
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('handshakes at the same time', () => {
  onLinux('from one port of a caller to two addresses of ours keep their places', async () => {
    await gateway.close();
    await open('request', '0.0.0.0');
    const one = await tcpFrom(0, '127.0.0.1');
    const other = await tcpFrom(one.localPort!, '127.0.0.2');
    const peers = await Promise.all([one, other].map((socket) => ScriptedPeer.tls(port, { ...trust, socket })));
    for (const peer of peers) await peer.expect('SSRM');
    peers[0]!.destroy();
    await until('its place is free', () => gateway.gateway.connections === 1);
    peers[1]!.send(ssid(PARTNER, 'SECRET1'));
    await peers[1]!.expect('SSID');
    peers[1]!.destroy();
  });
});

describe('station certificates', () => {
  it('are chosen by server name, the first station standing in for names nobody has', async () => {
    gateway.setStationTls(SECOND, { ...second, chain: ours.chain }, 'plant2.bigcar.example');
    await gateway.keeper.refresh();
    const lax = { ...trust, checkServerIdentity: () => undefined };
    expect(await shown({ ...trust, servername: 'plant2.bigcar.example' })).toBe(second.certificate.fingerprint);
    expect(await shown({ ...trust, servername: 'PLANT2.bigcar.example' })).toBe(second.certificate.fingerprint);
    expect(await shown({ ...trust, servername: 'oftp.bigcar.example' })).toBe(station.certificate.fingerprint);
    expect(await shown({ ...lax, servername: 'elsewhere.example' })).toBe(station.certificate.fingerprint);
    expect(await shown({ ...lax, servername: '' })).toBe(station.certificate.fingerprint);
  });

  it('are swapped while connections run: those go on, new ones see the new certificate', async () => {
    const renewed = ours.renew(station);
    const running = await ScriptedPeer.tls(port, trust);
    await running.expect('SSRM');
    gateway.setStationTls(STATION, { ...renewed, chain: ours.chain }, 'oftp.bigcar.example');
    await gateway.keeper.refresh();
    expect(await shown(trust)).toBe(renewed.certificate.fingerprint);
    running.send(ssid(PARTNER, 'SECRET1'));
    await running.expect('SSID');
    running.destroy();
  });

  it('of which one cannot be used do not take the others along', async () => {
    gateway.setStationTls(
      SECOND,
      { certificate: second.certificate, privateKey: partner.privateKey },
      'plant2.bigcar.example',
    );
    await gateway.keeper.refresh();
    expect(await shown(trust)).toBe(station.certificate.fingerprint);
  });

  it('are missed where there is none: callers are turned away until there is one', async () => {
    gateway.tlsStore.stationRows.length = 0;
    await gateway.keeper.refresh();
    expect(await greeting(trust)).toBe('closed');
    expect(gateway.gateway.connections).toBe(0);
    gateway.setStationTls(STATION, { ...station, chain: ours.chain }, 'oftp.bigcar.example');
    await gateway.keeper.refresh();
    expect(await greeting(trust)).toBe('SSRM');
  });
});

describe('issuers', () => {
  it('that are taken out are trusted no more from the next connection on', async () => {
    await gateway.close();
    await open('require');
    expect(await greeting(withClientCertificate(partner))).toBe('SSRM');
    gateway.tlsStore.issuerRows.length = 0;
    await gateway.keeper.refresh();
    expect(await greeting(withClientCertificate(partner))).toBe('closed');
    gateway.tlsStore.issuerRows.push(theirs.root.certificate.der);
    await gateway.keeper.refresh();
    const whole = {
      ...partner,
      certificatePem: partner.certificatePem + theirs.chain.map(({ der }) => certificatePem(der)).join(''),
    };
    expect(await greeting(withClientCertificate(whole))).toBe('SSRM');
  });
});
