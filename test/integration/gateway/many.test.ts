import { startCaStore } from '@certlane/ca-store';
import { markOf, runCertlane, type StationFile } from '@certlane/cli';
import { ca, gateway as gatewayRequests, registry } from '@certlane/contracts';
import { startPartnerRegistry } from '@certlane/partner-registry';
import { sealFor } from '@certlane/pki';
import { TestAuthority, testCa, testKey } from '@certlane/pki/testing';
import { createBus, type Bus, type RunningService } from '@certlane/runtime';
import { testNats, until, type TestNats } from '@certlane/runtime/testing';
import { Gateway, readConfig, startSessionGateway } from '@certlane/session-gateway';
import { certificatePem, TlsContexts } from '@certlane/session-gateway/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect } from 'node:tls';

const ISSUERS = 2_000;
const STATIONS = 1_500;
/** Requests on the way at once. */
const AT_ONCE = 32;

const now = new Date();
const key = testKey('many');
const company = testCa({ name: 'Many', now });
const own = company.issue({ host: 'many.example' });
const renewed = company.renew(own);
const issuers = Array.from({ length: ISSUERS }, (_, n) => TestAuthority.root(`Authority ${n} of many`, now, { key }));
const stationIds = Array.from({ length: STATIONS }, (_, n) => `O0942STATION${n.toString().padStart(5, '0')}`);
const hostOf = (station: string): string => `${station.toLowerCase()}.example`;
const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');

let nats: TestNats;
let folder: string;
let bus: Bus;
let services: RunningService[];
let gateway: RunningService | undefined;
let contexts: TlsContexts;

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const keyId = createHash('sha256').update(own.certificate.publicKey.spki).digest('hex');
const asked = (station: string, sealing: string) => ({
  station: {
    id: station,
    password: sealFor(sealing, Buffer.from('PW'), `station-password:${station}`),
    host: hostOf(station),
  },
  key: { station, keyId, sealedKey: sealFor(sealing, own.pkcs8, `private-key:${station}:${keyId}`) },
});

/** What the command line says to machines. */
async function certlane(...words: string[]): Promise<unknown> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const status = await runCertlane(['--data', folder, '--json', ...words], {
    out: (text) => void printed.push(text),
    err: (text) => void complaints.push(text),
    colours: false,
    interactive: false,
    env: {},
    workingFolder: folder,
    readInput: () => Promise.resolve(''),
  });
  expect({ status, complaints }).toEqual({ status: 0, complaints: [] });
  return JSON.parse(printed.join(''));
}

/** Files with the issuers, as many in each as the command line reads from one. */
function issuerFiles(): string[] {
  return Array.from({ length: Math.ceil(ISSUERS / 64) }, (_, n) => {
    const file = join(folder, `issuers-${n}.pem`);
    const some = issuers.slice(n * 64, (n + 1) * 64);
    writeFileSync(file, some.map(({ certificate }) => certificatePem(certificate.der)).join(''));
    return file;
  });
}

async function writeStation(): Promise<void> {
  writeFileSync(join(folder, 'password'), 'test');
  const station = {
    layout: 1,
    startedAt: now.toISOString(),
    supervisor: (await markOf(process.pid))!,
    listen: {},
    nats: {
      url: nats.server.url,
      prefix: nats.prefix,
      version: 'any',
      user: 'operator',
      passwordFile: join(folder, 'password'),
    },
    store: 'nats',
    durability: 'as long as the test',
    services: {},
  } satisfies StationFile;
  writeFileSync(join(folder, 'station.json'), JSON.stringify(station));
}

function startGateway(instance: string): Promise<RunningService> {
  const config = readConfig({
    CERTLANE_NATS_URL: nats.server.url,
    CERTLANE_SEALING_KEY_FILE: join(folder, 'sealing.key'),
    CERTLANE_TCP_PORT: '0',
    CERTLANE_TLS_PORT: 'ephemeral',
    CERTLANE_TLS_CLIENT_CERTIFICATES: 'require',
  });
  return startSessionGateway({ runtime: nats.runtimeConfig('session-gateway', { instance }), gateway: config.gateway });
}

beforeAll(async () => {
  nats = await testNats();
  folder = mkdtempSync(join(tmpdir(), 'certlane-many-'));
  writeFileSync(join(folder, 'sealing.key'), randomBytes(32), { mode: 0o600 });
  services = await Promise.all([
    startCaStore(nats.runtimeConfig('ca-store')),
    startPartnerRegistry(nats.runtimeConfig('partner-registry')),
  ]);
  gateway = await startGateway('first');
  contexts = gateway.get(TlsContexts);
  bus = createBus(await nats.connect('operator'), nats.prefix);
  const { publicKey } = await bus.request(gatewayRequests.sealingKey, {});
  await inTurns(stationIds, async (station) => {
    const wanted = asked(station, publicKey);
    await bus.request(registry.stationAdd, wanted.station);
    await bus.request(registry.keyAdd, wanted.key);
    const certificate = base64(own.certificate.der);
    await bus.request(registry.ownCertificateAdd, { station, certificate, chain: [], keyId });
    const { fingerprint } = own.certificate;
    await bus.request(registry.ownCertificateActivate, { station, fingerprint, usages: ['tls'] });
  });
  await writeStation();
  expect(await certlane('issuer', 'add', ...issuerFiles())).toMatchObject({ issuers: { length: ISSUERS } });
}, 120_000);

afterAll(async () => {
  await gateway?.close();
  await Promise.all(services.map((service) => service.close()));
  await nats.stop();
  rmSync(folder, { recursive: true });
});

describe('2,000 issuers and 1,500 stations', () => {
  it('are all in what TLS runs on, as the events told', async () => {
    await until('the gateway has heard of all', () => contexts.anchors.size === ISSUERS);
    await until('the gateway presents all', () => contexts.stations().length === STATIONS);
    expect(stationIds.filter((station) => contexts.forServerName(hostOf(station)) === undefined)).toEqual([]);
    const known = new Set(contexts.anchors.fingerprints());
    expect(issuers.filter(({ certificate }) => !known.has(certificate.fingerprint))).toEqual([]);
  });

  it('are all loaded by a gateway that starts anew', async () => {
    const replica = await startGateway('replica');
    const fresh = replica.get(TlsContexts);
    expect([fresh.anchors.size, fresh.stations().length]).toEqual([ISSUERS, STATIONS]);
    await replica.close();
  });

  it('are all listed by the command line', async () => {
    const listed = (await certlane('issuer', 'list')) as { issuers: { fingerprint: string }[] };
    expect(listed.issuers.map(({ fingerprint }) => fingerprint)).toEqual(
      issuers.map(({ certificate }) => certificate.fingerprint).sort(),
    );
    const { stations } = (await certlane('station', 'list')) as { stations: { id: string }[] };
    expect(stations.map(({ id }) => id)).toEqual(stationIds);
  });

  it.each([
    ['an installed issuer', () => issuers[ISSUERS - 1]!.issue({ host: 'caller.example', key }), 'ODETTE FTP READY'],
    ['another one', () => company.issue({ host: 'caller.example' }), ''],
  ])('let a caller with a certificate of %s in, or not', async (_what, identity, greeting) => {
    const { certificatePem: cert, privateKeyPem } = identity();
    const servername = hostOf(stationIds[700]!);
    const socket = connect({
      port: gateway!.get(Gateway).addresses.tls!.port,
      host: '127.0.0.1',
      servername,
      cert,
      key: privateKeyPem,
      ca: [certificatePem(company.root.certificate.der), certificatePem(company.authority.certificate.der)],
      checkServerIdentity: () => undefined,
    });
    let said = '';
    socket.on('data', (octets: Buffer) => (said += octets.toString('latin1')));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    await until('it is greeted or turned away', () => said !== '' || socket.destroyed);
    expect(said).toContain(greeting);
    expect(said === '').toBe(greeting === '');
    socket.destroy();
    await closed;
  });

  it('cost one context when one station changes, and no context when an issuer does', async () => {
    const before = new Map(stationIds.map((station) => [station, contexts.forServerName(hostOf(station))]));
    const [station] = stationIds.slice(900);
    const certificate = base64(renewed.certificate.der);
    const renewedKey = createHash('sha256').update(renewed.certificate.publicKey.spki).digest('hex');
    const { publicKey } = await bus.request(gatewayRequests.sealingKey, {});
    const sealedKey = sealFor(publicKey, renewed.pkcs8, `private-key:${station!}:${renewedKey}`);
    await bus.request(registry.keyAdd, { station: station!, keyId: renewedKey, sealedKey });
    await bus.request(registry.ownCertificateAdd, { station: station!, certificate, chain: [], keyId: renewedKey });
    const { fingerprint } = renewed.certificate;
    await bus.request(registry.ownCertificateActivate, { station: station!, fingerprint, usages: ['tls'] });
    const gone = issuers[0]!.certificate.fingerprint;
    await bus.request(ca.issuerRemove, { fingerprint: gone });
    const changed = () => stationIds.filter((id) => contexts.forServerName(hostOf(id)) !== before.get(id));
    await until('the station has changed', () => changed().length > 0);
    await until('the issuer is gone', () => contexts.anchors.size < ISSUERS);
    expect(changed()).toEqual([station]);
    expect(contexts.anchors.fingerprints()).not.toContain(gone);
  });
});
