import { startCaStore } from '@certlane/ca-store';
import { startCertExchange } from '@certlane/cert-exchange';
import {
  ca,
  gateway as gatewayRequests,
  gatewayEvents,
  isCertlaneError,
  registry,
  type SessionEnd,
} from '@certlane/contracts';
import { startPartnerRegistry } from '@certlane/partner-registry';
import { sealFor } from '@certlane/pki';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { createBus, readEvents, type Bus, type RunningService } from '@certlane/runtime';
import { testNats, type TestNats } from '@certlane/runtime/testing';
import { Gateway, readConfig, startSessionGateway } from '@certlane/session-gateway';
import { certificatePem } from '@certlane/session-gateway/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { efid, sfid, ssid } from '@certlane/oftp2/testing';
import { ScriptedPeer } from '../../support/oftp/index.js';

const US = 'O0942BIGCAR';
const THEM = 'O0013ACME';

const bigcar = testCa({ name: 'Bigcar' });
const acme = testCa({ name: 'Acme' });
const theirs = acme.issue({ host: 'oftp.acme.example' });

let nats: TestNats;
let bus: Bus;
let folder: string;
let services: RunningService[];
let gateway: RunningService;
let publicKey: string;

const seal = (text: string, context: string): string => sealFor(publicKey, Buffer.from(text), context);
const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');

/** What a request is refused with: code, field, text. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (isCertlaneError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('it was not refused');
}

beforeAll(async () => {
  nats = await testNats();
  folder = mkdtempSync(join(tmpdir(), 'certlane-gateway-'));
  const keyFile = join(folder, 'sealing.key');
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  services = await Promise.all([
    startCaStore(nats.runtimeConfig('ca-store')),
    startPartnerRegistry(nats.runtimeConfig('partner-registry')),
    startCertExchange(nats.runtimeConfig('cert-exchange')),
  ]);
  const own = readConfig({
    CERTLANE_NATS_URL: nats.server.url,
    CERTLANE_SEALING_KEY_FILE: keyFile,
    CERTLANE_TCP_PORT: 'ephemeral',
    CERTLANE_TLS_PORT: 'ephemeral',
    CERTLANE_REFUSAL_DELAY_MILLISECONDS: '0',
  });
  gateway = await startSessionGateway({ runtime: nats.runtimeConfig('session-gateway'), gateway: own.gateway });
  bus = createBus(await nats.connect('operator'), nats.prefix);
  ({ publicKey } = await bus.request(gatewayRequests.sealingKey, {}));
  await bus.request(ca.issuerAdd, { certificates: [base64(acme.authority.certificate.der)] });
  const password = seal('PW2', `station-password:${US}`);
  await bus.request(registry.stationAdd, { id: US, password, host: 'oftp.bigcar.example' });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(services.map((service) => service.close()));
  await nats.stop();
  rmSync(folder, { recursive: true });
});

const importSecret = (secret: object): string => seal(JSON.stringify(secret), `certificate-import:${US}`);
const keyOf = (identity: TestIdentity): string => Buffer.from(identity.privateKeyPem).toString('base64');

describe('certificates of ours', () => {
  it('are made self-signed with the OFTP2 profile; the key stays sealed', async () => {
    const made = await bus.request(gatewayRequests.certificateCreate, {
      station: US,
      subject: 'CN=oftp.bigcar.example,O=Bigcar,C=DE',
      kind: 'self-signed',
    });
    expect(made.certificate).toMatchObject({ subject: 'CN=oftp.bigcar.example,O=Bigcar,C=DE', keyUsage: 'a0' });
    expect(made.certificate!.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    const listed = await bus.request(registry.ownCertificateList, { station: US });
    expect(listed.certificates.map(({ fingerprint }) => fingerprint)).toContain(made.certificate!.fingerprint);
  });

  it('are requested, issued elsewhere and imported without their key', async () => {
    const { request } = await bus.request(gatewayRequests.certificateCreate, {
      station: US,
      subject: 'CN=oftp.bigcar.example,O=Bigcar,C=DE',
      kind: 'request',
    });
    const { pendingKeys } = await bus.request(registry.ownCertificateList, { station: US });
    expect(pendingKeys).toHaveLength(1);
    const certificate = issueWithOpenssl(request!);
    const imported = await bus.request(gatewayRequests.certificateImport, { station: US, certificate });
    expect(imported.certificate.keyId).toBe(pendingKeys[0]!.keyId);
  });

  it.each(['key', 'pkcs12'] as const)('are imported with a sealed %s', async (form) => {
    const identity = bigcar.issue({ host: 'oftp.bigcar.example' });
    const secret =
      form === 'key' ? { key: keyOf(identity) } : { pkcs12: pkcs12Of(identity, 'geheim'), password: 'geheim' };
    const imported = await bus.request(gatewayRequests.certificateImport, {
      station: US,
      secret: importSecret(secret),
      ...(form === 'key'
        ? { certificate: base64(identity.certificate.der), chain: bigcar.chain.map(({ der }) => base64(der)) }
        : {}),
    });
    expect(imported.certificate.fingerprint).toBe(identity.certificate.fingerprint);
    expect(imported.certificate.chain).toHaveLength(2);
  });

  // Of its own: test certificates share a few keys, and one of those was imported above.
  const identity = bigcar.issue({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey });
  const certificate = base64(identity.certificate.der);
  it.each<[string, () => object, RegExp]>([
    [
      'a wrong PKCS#12 password',
      () => ({ secret: importSecret({ pkcs12: pkcs12Of(identity, 'right'), password: 'wrong' }) }),
      /^invalid-argument: secret: .*password/,
    ],
    [
      'a PKCS#12 file that is none',
      () => ({ secret: importSecret({ pkcs12: 'AAAA', password: '' }) }),
      /^invalid-argument: secret: The PKCS#12 file cannot be read/,
    ],
    [
      'a key of another certificate',
      () => ({ certificate, secret: importSecret({ key: keyOf(bigcar.issue()) }) }),
      /^invalid-argument: secret: the private key does not belong to the certificate/,
    ],
    [
      'a key without certificate',
      () => ({ secret: importSecret({ key: keyOf(identity) }) }),
      /^invalid-argument: certificate: a certificate is needed/,
    ],
    [
      'a private key in place of a certificate',
      () => ({ certificate: keyOf(identity), secret: importSecret({ key: keyOf(identity) }) }),
      /^invalid-argument: certificate: The file is a private key/,
    ],
    [
      'a weak key',
      () => ({ certificate: base64(bigcar.issue({ weak: 'rsa-1024' }).certificate.der) }),
      /^invalid-argument: certificate: its RSA key has 1024 bits/,
    ],
    [
      'a certificate for a key nobody made here',
      () => ({ certificate }),
      /^failed-precondition: certificate: no key made at station/,
    ],
    [
      'a secret sealed for another station',
      () => ({ certificate, secret: seal('{}', 'certificate-import:O0001OTHER') }),
      /^(failed-precondition|invalid-argument): .*sealed/,
    ],
    [
      'a secret of another form',
      () => ({ certificate, secret: importSecret({ password: 'x' }) }),
      /^invalid-argument: secret: it does not hold/,
    ],
    ['an unknown station', () => ({ station: 'O0001NOBODY', certificate }), /^not-found/],
  ])('are not imported from %s, and the caller reads why', async (_what, parts, message) => {
    const asked = { station: US, ...parts() };
    const before = await bus.request(registry.ownCertificateList, { station: US });
    expect(await refusal(bus.request(gatewayRequests.certificateImport, asked))).toMatch(message);
    const after = await bus.request(registry.ownCertificateList, { station: US });
    expect(after).toEqual(before);
  });

  it('are not made for a subject that does not parse', async () => {
    const asked = { station: US, subject: 'CN=a,,O=b', kind: 'self-signed' } as const;
    expect(await refusal(bus.request(gatewayRequests.certificateCreate, asked))).toMatch(
      /^invalid-argument: subject: /,
    );
  });
});

describe('the listening gateway', () => {
  const own = bigcar.issue({ host: 'oftp.bigcar.example' });

  it('presents a certificate as soon as it is activated', async () => {
    const { port } = gateway.get(Gateway).addresses.tls!;
    const options = { ca: [certificatePem(bigcar.root.certificate.der)], servername: 'oftp.bigcar.example' };
    await expect(ScriptedPeer.tls(port, options)).rejects.toThrow();
    const { certificate } = await bus.request(gatewayRequests.certificateImport, {
      station: US,
      secret: importSecret({ key: keyOf(own) }),
      certificate: base64(own.certificate.der),
      chain: bigcar.chain.map(({ der }) => base64(der)),
    });
    const all = ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'] as const;
    const { fingerprint } = certificate;
    await bus.request(registry.ownCertificateActivate, { station: US, fingerprint, usages: [...all] });
    const call = (): Promise<ScriptedPeer | undefined> => ScriptedPeer.tls(port, options).catch(() => undefined);
    const peer = await eventually(call, (caller) => caller !== undefined);
    await peer!.expect('SSRM');
    expect(peer!.tlsSocket!.getPeerX509Certificate()!.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
      fingerprint,
    );
    peer!.destroy();
  });

  it('takes a certificate over through the bypass, answers with EERP and sends ours', async () => {
    const password = seal('SECRET1', `partner-password:${US}:${THEM}`);
    const partner = { station: US, partner: THEM };
    await bus.request(registry.partnerAdd, { station: US, id: THEM, password, acx: true, secureAuthentication: true });
    await bus.request(registry.partnerIdentify, {
      ...partner,
      subject: 'CN=oftp.acme.example',
      issuer: acme.authority.certificate.fingerprint,
      usages: ['session-authentication', 'tls'],
    });
    const peer = await loggedIn();
    peer.send(sfid(THEM, US, { SFIDDSN: 'INVOICE' }));
    expect(await peer.expect('SFNA')).toMatchObject({ SFNAREAS: 14 });
    peer.send(sfid(THEM, US, { SFIDDSN: 'ODETTE_CERTIFICATE_REQUEST' }));
    await peer.expect('SFPA');
    sendFile(peer, theirs.certificate.der);
    expect(await peer.expect('EFPA')).toMatchObject({ EFPACD: 'Y' });
    peer.send({ command: 'CD' });
    await peer.expect('EERP');
    peer.send({ command: 'RTR' });
    expect(await peer.expect('SFID')).toMatchObject({ SFIDDSN: 'ODETTE_CERTIFICATE_DELIVER', SFIDDEST: THEM });
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    const data = await peer.expect('DATA');
    expect(data.payload.length).toBeGreaterThan(own.certificate.der.length);
    await peer.expect('EFID');
    peer.send({ command: 'EFPA', EFPACD: 'N' });
    await peer.expect('CD');
    peer.raw('1000000b 463030303030 0d');
    await peer.closed();
    const { partner: known } = await bus.request(registry.partnerGet, partner);
    expect(known.certificates).toMatchObject([{ fingerprint: theirs.certificate.fingerprint, state: 'current' }]);

    const again = await ScriptedPeer.tcp(gateway.get(Gateway).addresses.tcp!.port);
    await again.expect('SSRM');
    again.send(ssid(THEM, 'SECRET1'));
    expect(await again.expect('ESID')).toMatchObject({ ESIDREAS: 12 });
    again.end();
  });

  it('leaves one trace from the connection across the bus to the events', async () => {
    const connection = await nats.connect('anyone');
    const traces = new Map<string, string>();
    for await (const { event } of readEvents(connection, nats.prefix, { from: 1 })) {
      const traceId = event.traceparent?.split('-')[1];
      const name = event.type.replace(/^certlane\.|\.v1$/g, '');
      if (traceId !== undefined && !traces.has(name)) traces.set(name, traceId);
      const ended = gatewayEvents.sessionEnded.data.safeParse(event.data);
      if (ended.success && ended.data.filesReceived === 1) traces.set('the session', traceId ?? 'none');
    }
    const session = traces.get('the session');
    expect(session).toMatch(/^[0-9a-f]{32}$/);
    expect([
      traces.get('exchange.received'),
      traces.get('certificate.taken-over'),
      traces.get('exchange.answered'),
    ]).toEqual([session, session, session]);
  });

  it('counts what it did where a monitor reads it, and is ready', async () => {
    // One process has one set of instruments: here the service that started first shows those of all.
    const scrapes = [gateway, ...services].map(async ({ httpUrl }) => (await fetch(`${httpUrl}/metrics`)).text());
    const metrics = (await Promise.all(scrapes)).join('');
    for (const name of [
      'sessions',
      'handshakes',
      'octets',
      'connections_refused',
      'session_duration_seconds_count',
      'sessions_active',
    ]) {
      expect(metrics).toContain(`certlane_gateway_${name}`);
    }
    expect(metrics).toMatch(/certlane_gateway_sessions_total\{[^}]*outcome="refused"[^}]*esid="12"[^}]*\} 1/);
    expect(metrics).toMatch(/certlane_bypass_uses_total\{[^}]*direction="inbound"[^}]*\} 1/);
    expect(metrics).toMatch(/certlane_bypass_refusals_total\{[^}]*reason="bypass-closed"[^}]*\} 1/);
    const ready = await fetch(`${gateway.httpUrl}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { checks: { 'tls-material': 'ok' } }]);
  });

  it('keeps the bypass within its limits, until it is reopened', async () => {
    const id = 'O0177LIMITED';
    const partner = { station: US, partner: id };
    const password = seal('SECRET1', `partner-password:${US}:${id}`);
    const bypassLimits = { days: 30, attempts: 1, addresses: ['127.0.0.0/8'] };
    const settings = { acx: true, secureAuthentication: true, bypassLimits };
    await bus.request(registry.partnerAdd, { station: US, id, password, ...settings });
    await bus.request(registry.partnerIdentify, {
      ...partner,
      subject: 'CN=oftp.limited.example',
      issuer: acme.authority.certificate.fingerprint,
      usages: ['session-authentication'],
    });
    const call = async (): Promise<string> => {
      const peer = await ScriptedPeer.tcp(gateway.get(Gateway).addresses.tcp!.port);
      await peer.expect('SSRM');
      peer.send(ssid(id, 'SECRET1'));
      const said = await peer.next();
      peer.end();
      return said?.command === 'ESID' ? `${said.ESIDREAS} ${said.ESIDREAST}` : String(said?.command);
    };
    expect(await call()).toBe('SSID');
    expect(await call()).toMatch(/^12 .*no session for a first exchange is left/);
    await bus.request(registry.bypassReopen, { ...partner, reason: 'the line was bad' });
    expect(await call()).toBe('SSID');
    await bus.request(registry.partnerSet, { ...partner, bypassLimits: { ...bypassLimits, addresses: ['192.0.2.1'] } });
    await bus.request(registry.bypassReopen, { ...partner, reason: 'they moved' });
    expect(await call()).toMatch(/^12 .*call from the one agreed/);
  });

  it('tells of every session, once, also of those that ended while NATS was away', async () => {
    const peer = await ScriptedPeer.tcp(gateway.get(Gateway).addresses.tcp!.port);
    await peer.expect('SSRM');
    await nats.server.stop();
    peer.send(ssid(THEM, 'SECRET1'));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    peer.end();
    await nats.restart();
    const connection = await nats.connect('anyone');
    const ends: SessionEnd[] = [];
    // Below the time Jest gives a test, so that what is missing is seen.
    const stop = AbortSignal.timeout(45_000);
    for await (const { event } of readEvents(connection, nats.prefix, { from: 1, follow: stop })) {
      if (event.type !== `certlane.${gatewayEvents.sessionEnded.name}.v1`) continue;
      const { end } = gatewayEvents.sessionEnded.data.parse(event.data);
      ends.push(end);
      if (end.esid === 8) break;
    }
    // The certificate seen by the TLS test, the exchange, the closed bypass, the one without NATS.
    expect(ends.map(({ esid, outcome }) => `${outcome} ${esid ?? '-'}`)).toEqual([
      'broken -',
      'completed 0',
      'refused 12',
      // within the limits of the bypass, and beyond them
      ...['broken -', 'refused 12', 'broken -', 'refused 12'],
      'failed 8',
    ]);
  });
});

async function loggedIn(): Promise<ScriptedPeer> {
  const peer = await ScriptedPeer.tcp(gateway.get(Gateway).addresses.tcp!.port);
  await peer.expect('SSRM');
  peer.send(ssid(THEM, 'SECRET1'));
  await peer.expect('SSID');
  return peer;
}

function sendFile(peer: ScriptedPeer, octets: Uint8Array): void {
  const pieces: Buffer[] = [];
  for (let at = 0; at < octets.length; at += 63) {
    const piece = octets.subarray(at, at + 63);
    const last = at + 63 >= octets.length ? 0x80 : 0;
    pieces.push(Buffer.from([last | piece.length]), Buffer.from(piece));
  }
  peer.send({ command: 'DATA', payload: Buffer.concat(pieces) });
  peer.send(efid(octets.length));
}

function pkcs12Of(identity: TestIdentity, password: string): string {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('p12.key'), identity.privateKeyPem, { mode: 0o600 });
  writeFileSync(at('p12.crt'), identity.certificatePem);
  writeFileSync(at('p12.chain'), bigcar.chain.map(({ der }) => certificatePem(der)).join(''));
  const args = ['pkcs12', '-export', '-inkey', at('p12.key'), '-in', at('p12.crt'), '-certfile', at('p12.chain')];
  execFileSync('openssl', [...args, '-passout', `pass:${password}`, '-out', at('p12.out')]);
  return readFileSync(at('p12.out')).toString('base64');
}

function issueWithOpenssl(request: string): string {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('csr.pem'), request);
  writeFileSync(at('ca.pem'), certificatePem(bigcar.authority.certificate.der));
  writeFileSync(at('ca.key'), bigcar.authority.privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  const args = [
    'x509',
    '-req',
    '-in',
    at('csr.pem'),
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-set_serial',
    '4711',
  ];
  execFileSync(
    'openssl',
    [...args, '-days', '30', '-copy_extensions', 'copyall', '-outform', 'DER', '-out', at('csr.crt')],
    { stdio: 'pipe' },
  );
  return readFileSync(at('csr.crt')).toString('base64');
}
