import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testCa } from '@certlane/pki/testing';
import { until } from '@certlane/runtime/testing';
import {
  memorySource,
  MemoryGateway,
  plainRun,
  usableCertificate,
  type GatewayConfig,
} from '@certlane/session-gateway/testing';
import { createHash, randomBytes } from 'node:crypto';
import { CuttingProxy } from '../../support/oftp/index.js';

const A = 'O0013ACME';
const B = 'O0942BIGCAR';
const toB = { station: A, partner: B };
const signal = new AbortController().signal;
/** A grace no test lives to see the end of: what ends before was not waiting for it. */
const NEVER_OVER = 3_600_000;
const acme = testCa({ name: 'Acme' });
const bigcar = testCa({ name: 'Bigcar' });
const certificateA = acme.issue({ host: 'localhost' });
const certificateB = bigcar.issue({ host: 'localhost' });
const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');

let a: MemoryGateway;
let b: MemoryGateway;
let received: Buffer[];
let proxy: CuttingProxy | undefined;

/** Two stations that know each other, B listening, A calling. */
async function pair(options: { transport?: 'tls' | 'tcp'; config?: Partial<GatewayConfig> } = {}): Promise<void> {
  const { transport = 'tls', config = {} } = options;
  received = [];
  a = new MemoryGateway({ config: { ...config, tcp: undefined, tls: undefined } });
  b = new MemoryGateway({
    config,
    payload: {
      offered: () => ({
        accepted: true,
        intake: {
          maximumOctets: 100_000_000n,
          restartPosition: 0n,
          write: (octets) => void received.push(Buffer.from(octets)),
          complete: () => Promise.resolve({ stored: true, owing: false } as const),
          abandon: () => undefined,
        },
      }),
    },
  });
  a.tlsStore.issuerRows.push(bigcar.authority.certificate.der);
  b.tlsStore.issuerRows.push(acme.authority.certificate.der);
  a.setStationTls(A, { ...certificateA, chain: acme.chain });
  b.setStationTls(B, { ...certificateB, chain: bigcar.chain }, 'localhost');
  await a.open();
  const { port } = (await b.open())[transport]!;
  const connection = { host: 'localhost', port, transport };
  a.addPartner({ ...toB, partnerPassword: 'PWB', ourPassword: 'PWA', connection });
  b.addPartner({ station: B, partner: A, partnerPassword: 'PWA', ourPassword: 'PWB' });
}

/** Both ask for secure authentication, each with what it holds. */
function secure(changes: { a?: object; b?: object } = {}): void {
  const challenge = { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' } as const;
  const forA = {
    ...plainRun,
    secureAuthentication: true,
    ours: [usableCertificate(a.vault, A, certificateA)],
    theirs: [base64(certificateB.certificate.der)],
    challenge,
    ...changes.a,
  };
  const forB = {
    ...plainRun,
    secureAuthentication: true,
    ours: [usableCertificate(b.vault, B, certificateB)],
    theirs: [base64(certificateA.certificate.der)],
    challenge,
    ...changes.b,
  };
  a.trust.decision = () => forA;
  b.trust.decision = () => forB;
}

function queue(id: string, content: Uint8Array, time = 1200000001): void {
  const identity = {
    datasetName: 'ODETTE_CERTIFICATE_REQUEST',
    date: '20260301',
    time: String(time),
    originator: A,
    destination: B,
  };
  a.exchange.queueFile(id, identity, content, 'I=CN=old');
}

afterEach(async () => {
  proxy?.close();
  proxy = undefined;
  for (const { exchange } of [a, b]) exchange.release();
  await Promise.all([a.close(), b.close()]);
});

describe('two gateways with secure authentication', () => {
  beforeEach(() => pair());

  it.each([
    ['aes-256', 'rsaes-pkcs1-v1_5'],
    ['aes-256', 'rsaes-oaep'],
    ['3des', 'rsaes-pkcs1-v1_5'],
    ['3des', 'rsaes-oaep'],
  ] as const)(
    'challenge each other with %s and %s over mutual TLS and exchange a certificate',
    async (cipher, keyTransport) => {
      secure({ a: { challenge: { cipher, keyTransport } }, b: { challenge: { cipher, keyTransport } } });
      queue('request', certificateA.certificate.der);
      await a.dialer.dial(toB, signal);
      expect(a.dialBook.reports).toMatchObject([{ ok: true }]);
      expect(a.ends.reports).toMatchObject([
        { secureAuthentication: true, transport: 'tls', tlsVersion: 'TLSv1.3', filesSent: 1, answersReceived: 1 },
      ]);
      const [file] = [...b.exchange.received.values()];
      expect(Buffer.from(file!.octets).equals(Buffer.from(certificateA.certificate.der))).toBe(true);
      expect(file!.description).toBe('I=CN=old');
      expect(b.trust.questions[0]!.tls).toMatchObject({ authorized: true, serverName: 'localhost' });
    },
  );

  it('accept a challenge for any certificate of ours that the partner may still hold', async () => {
    const renewed = acme.renew(certificateA);
    secure({ a: { ours: [usableCertificate(a.vault, A, renewed), usableCertificate(a.vault, A, certificateA)] } });
    await a.dialer.dial(toB, signal);
    expect(a.ends.reports).toMatchObject([{ end: { outcome: 'completed' } }]);
  });

  it('part with ESID 11 when one holds another certificate of its partner', async () => {
    secure({ b: { theirs: [base64(acme.issue().certificate.der)] } });
    await a.dialer.dial(toB, signal);
    expect(a.ends.reports).toMatchObject([{ end: { outcome: 'refused', esid: 11, by: 'us' } }]);
    await until('B has reported', () => b.ends.reports.length > 0);
    expect(b.ends.reports).toMatchObject([
      { secureAuthentication: false, end: { outcome: 'refused', esid: 11, by: 'peer' } },
    ]);
  });

  it('part with ESID 12 when only one of them wants it', async () => {
    secure({ b: { secureAuthentication: false } });
    await a.dialer.dial(toB, signal);
    expect(a.ends.reports).toMatchObject([{ end: { outcome: 'refused', esid: 12 } }]);
  });
});

describe('a certificate exchange whose line breaks', () => {
  it('at whatever octet: the file is there once and answered when the line holds', async () => {
    await pair({ transport: 'tcp' });
    proxy = await CuttingProxy.before(b.gateway.addresses.tcp!.port);
    const [row] = a.directory.rows;
    a.directory.rows.splice(0, 1, { ...row!, connection: { host: '127.0.0.1', port: proxy.port, transport: 'tcp' } });
    queue('probe', Buffer.from('PROBE'));
    await a.dialer.dial(toB, signal);
    const whole = proxy.passed;
    expect(whole).toBeGreaterThan(400);
    // Every command's end and start are among the multiples and their neighbours.
    for (let cut = 1, number = 1; cut < whole; cut += 13, number += 1) {
      b.exchange.received.clear();
      a.exchange.answers.length = 0;
      queue(`file ${number}`, Buffer.from(`CONTENT ${number}`), 1300000000 + number);
      proxy.limit = cut;
      await a.dialer.dial(toB, signal);
      proxy.limit = Number.POSITIVE_INFINITY;
      const open = (): number => a.exchange.waiting.length + b.exchange.waiting.length;
      for (let tries = 0; tries < 3 && (open() > 0 || a.exchange.answers.length === 0); tries += 1) {
        await a.dialer.dial(toB, signal);
      }
      expect(b.exchange.received.size).toBe(1);
      expect(new Set(a.exchange.answers.map(({ file }) => file.time))).toEqual(new Set([String(1300000000 + number)]));
      expect([a.exchange.waiting.length, b.exchange.waiting.length]).toEqual([0, 0]);
    }
  });
});

describe('payload behind the seam', () => {
  it.each([
    [128, 1, 100_000],
    [2_048, 7, 1_000_000],
    [65_535, 64, 20_000_000],
    [99_999, 999, 20_000_000],
  ])('passes whole with buffers of %d and credit %d: %d octets', async (bufferSize, credit, octets) => {
    const capabilities = { mode: 'B', bufferSize, credit, compression: true, restart: true } as const;
    await pair({ config: { capabilities } });
    const content = Buffer.concat([randomBytes(octets / 2), Buffer.alloc(octets / 2, 0x41)]);
    queue('file', Buffer.alloc(0));
    const [item] = a.exchange.waiting;
    if (item?.type !== 'file') throw new Error('a file was queued');
    const description = { ...item.description, SFIDDSN: 'PAYLOAD', SFIDFSIZ: Math.ceil(octets / 1024) };
    a.exchange.waiting.splice(0, 1, { ...item, description, open: () => memorySource(content) });
    await a.dialer.dial(toB, signal);
    expect(a.ends.reports).toMatchObject([{ filesSent: 1, end: { outcome: 'completed' } }]);
    const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    expect(digest(Buffer.concat(received))).toBe(digest(content));
  });
});

describe('closing down', () => {
  it('ends idle sessions at once and tells both sides why', async () => {
    await pair({ config: { shutdownGraceMilliseconds: NEVER_OVER } });
    const asking = a.exchange.hold();
    const dialled = a.dialer.dial(toB, signal);
    await asking;
    await b.close();
    a.exchange.release();
    await dialled;
    expect(b.ends.reports).toMatchObject([{ end: { outcome: 'failed', esid: 5, by: 'us' } }]);
    expect(a.ends.reports).toMatchObject([{ end: { outcome: 'failed', esid: 5, by: 'peer' } }]);
  });

  it('lets a session finish what it is at, then ends it', async () => {
    await pair({ config: { shutdownGraceMilliseconds: NEVER_OVER } });
    const storing = b.exchange.hold();
    queue('file', Buffer.from('A'));
    const dialled = a.dialer.dial(toB, signal);
    await storing;
    const closed = b.close();
    b.exchange.release();
    await Promise.all([closed, dialled]);
    expect(a.ends.reports).toMatchObject([{ filesSent: 1, end: { esid: 5, by: 'peer' } }]);
    expect(b.ends.reports).toMatchObject([{ filesReceived: 1, end: { esid: 5, by: 'us' } }]);
  });

  it('ends a session that is still at something when the grace is over', async () => {
    await pair({ config: { shutdownGraceMilliseconds: 100 } });
    const storing = b.exchange.hold();
    queue('file', Buffer.from('A'));
    const dialled = a.dialer.dial(toB, signal);
    await storing;
    await b.close();
    b.exchange.release();
    await dialled;
    expect(a.ends.reports).toMatchObject([{ filesSent: 0, end: { esid: 5, by: 'peer' } }]);
    expect(a.exchange.waiting).toHaveLength(1);
  });
});
