import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { testCa } from '@certlane/pki/testing';
import { createLogger, type Logger } from '@certlane/runtime';
import { until } from '@certlane/runtime/testing';
import { certificatePem, MemoryGateway, type GatewayConfig } from '@certlane/session-gateway/testing';
import { efid, lastData, sfid, ssid } from '@certlane/oftp2/testing';
import { ScriptedPeer } from '../../support/oftp/index.js';

const US = 'O0942BIGCAR';
const THEM = 'O0013ACME';
const ca = testCa({ name: 'Limits' });
const station = ca.issue({ host: 'localhost' });
const trust = { ca: [certificatePem(ca.root.certificate.der)], servername: 'localhost' };

let gateway: MemoryGateway;

async function open(config: Partial<GatewayConfig>, log?: Logger): Promise<{ tcp: number; tls: number }> {
  gateway = new MemoryGateway({ config, ...(log === undefined ? {} : { log }) });
  gateway.addPartner({ station: US, partner: THEM, partnerPassword: 'SECRET1', ourPassword: 'PW2' });
  gateway.setStationTls(US, { ...station, chain: ca.chain }, 'localhost');
  const { tcp, tls } = await gateway.open();
  return { tcp: tcp!.port, tls: tls!.port };
}

afterEach(() => gateway.close());

async function loggedIn(port: number): Promise<ScriptedPeer> {
  const peer = await ScriptedPeer.tcp(port);
  await peer.expect('SSRM');
  peer.send(ssid(THEM, 'SECRET1', { SSIDCRED: 999, SSIDSDEB: 65_535 }));
  await peer.expect('SSID');
  return peer;
}

describe('the limits on connections', () => {
  it('hang up on an address that has too many, before TLS costs anything', async () => {
    const { tls } = await open({ admission: { connections: 100, perAddress: 2, perNetwork: 2, unauthenticated: 100 } });
    const held = [await ScriptedPeer.tls(tls, trust), await ScriptedPeer.tls(tls, trust)];
    await expect(ScriptedPeer.tls(tls, trust)).rejects.toThrow();
    held[0]!.destroy();
    await until('its place is free', () => gateway.gateway.connections === 1);
    const again = await ScriptedPeer.tls(tls, trust);
    await again.expect('SSRM');
    again.destroy();
    held[1]!.destroy();
  });

  it.each(['tcp', 'tls'] as const)('tell a caller over %s that all places are taken', async (transport) => {
    const ports = await open({ admission: { connections: 1, perAddress: 100, perNetwork: 100, unauthenticated: 100 } });
    const first = await ScriptedPeer.tcp(ports.tcp);
    await first.expect('SSRM');
    const second = transport === 'tcp' ? await ScriptedPeer.tcp(ports.tcp) : await ScriptedPeer.tls(ports.tls, trust);
    expect(await second.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    await second.closed();
    first.destroy();
  });

  it('leave room for new callers as soon as the waiting ones have proven who they are', async () => {
    const { tcp } = await open({
      admission: { connections: 100, perAddress: 100, perNetwork: 100, unauthenticated: 1 },
    });
    const known = await loggedIn(tcp);
    const waiting = await ScriptedPeer.tcp(tcp);
    await waiting.expect('SSRM');
    const third = await ScriptedPeer.tcp(tcp);
    expect(await third.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    for (const peer of [known, waiting, third]) peer.destroy();
  });
});

describe('callers that guess', () => {
  it('have their address turned away for a while, whoever else is served', async () => {
    const { tcp } = await open({ admission: { connections: 100, perAddress: 3, perNetwork: 3, unauthenticated: 100 } });
    for (let guess = 0; guess < 3; guess += 1) {
      const peer = await ScriptedPeer.tcp(tcp);
      await peer.expect('SSRM');
      peer.send(ssid(THEM, `GUESS${guess}`));
      expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 4 });
      peer.destroy();
      await until('it is gone', () => gateway.gateway.connections === 0);
    }
    const next = await ScriptedPeer.tcp(tcp);
    expect(await next.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    next.destroy();
  });
});

describe('the limit on one turn', () => {
  it('ends a partner that offers a refused file over and over', async () => {
    const { tcp } = await open({});
    const peer = await loggedIn(tcp);
    let refused = 0;
    for (;;) {
      peer.send(sfid(US, THEM));
      const command = await peer.next();
      if (command?.command !== 'SFNA') {
        expect(command).toMatchObject({ command: 'ESID', ESIDREAS: 8 });
        break;
      }
      refused += 1;
    }
    expect(refused).toBe(4_096);
    peer.destroy();
  });
});

describe('what callers nobody knows leave in the log', () => {
  it('is a bounded number of lines, however many of them call', async () => {
    let logged = '';
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        logged += chunk.toString();
        done();
      },
    });
    const log = createLogger({ service: 'session-gateway', instance: 'test', level: 'info', destination });
    const { tcp } = await open({}, log);
    for (let count = 0; count < 90; count += 1) {
      const peer = await ScriptedPeer.tcp(tcp);
      await peer.expect('SSRM');
      peer.destroy();
    }
    await until('all are gone', () => gateway.gateway.connections === 0);
    const lines = logged.split('\n').filter((line) => line.includes('session ended'));
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(lines.length).toBeLessThan(80);
  });
});

describe('slow and silent peers', () => {
  it('that send a certificate an octet at a time are told that it took too long, whoever they are', async () => {
    const { tcp } = await open({ certificateFileMilliseconds: 400 });
    const ended = gateway.ends.next();
    const peer = await loggedIn(tcp);
    peer.send(sfid(THEM, US));
    await peer.expect('SFPA');
    // An octet well within every other time limit, on and on.
    const trickle = setInterval(() => peer.send(lastData(Buffer.from('A'))), 50);
    try {
      expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 9, ESIDREAST: 'The file took too long' });
    } finally {
      clearInterval(trickle);
    }
    peer.destroy();
    expect(await ended).toMatchObject({
      filesReceived: 0,
      end: { outcome: 'failed', esid: 9, by: 'us', message: 'a file was not complete after 0.4 seconds' },
    });
    expect(gateway.exchange.received.size).toBe(0);
  });

  it('may take the time that a certificate has, one after the other', async () => {
    const { tcp } = await open({ certificateFileMilliseconds: 2_000 });
    const peer = await loggedIn(tcp);
    for (const SFIDTIME of [1, 2, 3]) {
      peer.send(sfid(THEM, US, { SFIDTIME }));
      await peer.expect('SFPA');
      await sleep(750);
      peer.send(lastData(Buffer.from('A')));
      peer.send(efid(1));
      // The first is answered by an EERP that we owe, so we ask for the turn.
      expect(await peer.expect('EFPA')).toMatchObject({ EFPACD: 'Y' });
      peer.send({ command: 'CD' });
      await peer.expect('EERP');
      gateway.exchange.waiting.length = 0;
      peer.send({ command: 'RTR' });
      await peer.expect('CD');
    }
    peer.destroy();
  });

  it('that keep a session busy for ever are told that it took too long', async () => {
    const { tcp } = await open({ sessionMilliseconds: 400 });
    const ended = gateway.ends.next();
    const peer = await loggedIn(tcp);
    // Files that are refused, well within every other limit.
    let offers = 0;
    let heard: Awaited<ReturnType<ScriptedPeer['next']>>;
    do {
      peer.send(sfid(US, THEM));
      offers += 1;
      heard = await peer.next();
      await sleep(20);
    } while (heard?.command === 'SFNA');
    expect(heard).toMatchObject({ command: 'ESID', ESIDREAS: 9, ESIDREAST: 'The session took too long' });
    expect(offers).toBeGreaterThan(1);
    peer.destroy();
    expect(await ended).toMatchObject({
      end: { outcome: 'failed', esid: 9, by: 'us', message: 'the session was not over after 0.4 seconds' },
    });
  });

  it('that never begin TLS are dropped after the time for a handshake', async () => {
    const { tls } = await open({ handshakeMilliseconds: 200 });
    const socket = connect(tls, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.resume();
    await closed;
    await allFree();
  });

  it('that do not read what they asked for are dropped, and cost no more than some buffers', async () => {
    // A window far larger than what the kernel takes on behalf of a peer that does not read.
    const capabilities = { mode: 'B', bufferSize: 65_535, credit: 999, compression: false, restart: true } as const;
    const { tcp } = await open({ stallMilliseconds: 400, capabilities });
    let taken = 0;
    const endless = {
      read: (into: Uint8Array) => {
        taken += into.length;
        return into.length;
      },
      close: () => undefined,
    };
    gateway.exchange.queueFile('huge', file, Buffer.alloc(0));
    const [item] = gateway.exchange.waiting;
    if (item?.type !== 'file') throw new Error('a file was queued');
    gateway.exchange.waiting.splice(0, 1, { ...item, open: () => endless });
    const ended = gateway.ends.next();
    const peer = await loggedIn(tcp);
    peer.send({ command: 'CD' });
    await peer.expect('SFID');
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    peer.pause();
    expect((await ended).end).toMatchObject({
      outcome: 'broken',
      by: 'network',
      message: 'the connection was lost (ETIMEDOUT)',
    });
    // What the kernel took and some buffers of ours, out of a window of 65 MB.
    expect(taken).toBeLessThan(32 * 1024 * 1024);
    await allFree();
    peer.destroy();
  });

  it('that send faster than a file can be stored are slowed down', async () => {
    const written = { octets: 0 };
    const begun = Promise.withResolvers<undefined>();
    const stored = Promise.withResolvers<undefined>();
    const slow = new MemoryGateway({
      payload: {
        offered: () => ({
          accepted: true,
          intake: {
            maximumOctets: 1_000_000_000n,
            restartPosition: 0n,
            write: (octets) => {
              written.octets += octets.length;
              begun.resolve(undefined);
              return stored.promise;
            },
            complete: () => Promise.resolve({ stored: true, owing: false } as const),
            abandon: () => undefined,
          },
        }),
      },
    });
    gateway = slow;
    slow.addPartner({ station: US, partner: THEM, partnerPassword: 'SECRET1', ourPassword: 'PW2' });
    const peer = await loggedIn((await slow.open()).tcp!.port);
    peer.send(sfid(THEM, US, { SFIDDSN: 'PAYLOAD' }));
    await peer.expect('SFPA');
    const data = Buffer.concat([
      Buffer.from('D'),
      Buffer.alloc(64_000, Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 65)])),
    ]);
    for (let count = 0; count < 60; count += 1) peer.buffer(data);
    await begun.promise;
    // Long enough for more to be written if anybody did.
    await sleep(200);
    // One buffer is being written, some wait; the rest is kept back by TCP.
    expect(written.octets).toBeLessThanOrEqual(63_000);
    expect(slow.gateway.connections).toBe(1);
    const ended = slow.ends.next();
    peer.destroy();
    stored.resolve(undefined);
    expect((await ended).end.outcome).toBe('broken');
  });
});

/** Our own view of a close may be some turns behind the peer's. */
async function allFree(): Promise<void> {
  await until('no connection is left', () => gateway.gateway.connections === 0);
}

const file = {
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20260301',
  time: '1200000001',
  originator: US,
  destination: THEM,
};
