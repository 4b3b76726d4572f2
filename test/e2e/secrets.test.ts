import { createPrivateKey, type KeyObject } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registry, serviceNames, type ServiceName } from '@certlane/contracts';
import { envelopChallenge, open, openChallenge, readCertificate, SealingKey } from '@certlane/pki';
import type { TestIdentity } from '@certlane/pki/testing';
import { eventually } from '../support/eventually.js';
import { normalEnd, ssid } from '@certlane/oftp2/testing';
import { authenticate, ScriptedPeer } from '../support/oftp/index.js';
import { Side } from '../support/side.js';
import { Haystack } from './secrets/haystack.js';
import { needlesOf, type Needle } from './secrets/needles.js';

const A = 'O0013000000ACME';
const B = 'O0177000000BETA';
const PASSWORDS = {
  a: 'SECRETA1',
  b: 'SECRETB2',
  toB: 'SECRETC3',
  pkcs12: 'pkcs12-passphrase-D4',
  pem: 'pem-passphrase-E5',
};
const STORY_MS = 120_000;

let folder: string;
let a: Side;
let b: Side;
const haystack = new Haystack();
const needles: Needle[] = [];

/** Runs a command as a person does, and keeps what it showed. */
async function say(side: Side, ...words: readonly string[]): Promise<void> {
  const { status, out, err } = await side.station.run(words);
  haystack.add(`${side.name}: certlane ${words.slice(0, 2).join(' ')}`, `${out}${err}`);
  if (status !== 0) throw new Error(`certlane ${words.join(' ')} ended with ${String(status)}: ${err}`);
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** A certificate and its key as PKCS#12, made by openssl. */
async function pkcs12(name: string, identity: TestIdentity): Promise<string> {
  const [cert, key] = [
    await file(`${name}.pem`, identity.certificatePem),
    await file(`${name}.key`, identity.privateKeyPem),
  ];
  const path = join(folder, `${name}.p12`);
  execFileSync('openssl', [
    'pkcs12',
    '-export',
    '-in',
    cert,
    '-inkey',
    key,
    '-out',
    path,
    '-passout',
    `pass:${PASSWORDS.pkcs12}`,
  ]);
  return path;
}

/** Everything that gives a private key away. */
function keyNeedles(name: string, key: KeyObject): void {
  const { d, p, q } = key.export({ format: 'jwk' });
  for (const [part, value] of Object.entries({ d, p, q })) {
    needles.push(...needlesOf(`${part} of ${name}`, Buffer.from(value ?? '', 'base64url')));
  }
  needles.push(...needlesOf(`PKCS#8 of ${name}`, key.export({ format: 'der', type: 'pkcs8' })).slice(2));
}

const text = (name: string, value: string): Needle => ({ name, octets: Buffer.from(value) });

async function setUp(us: Side, them: Side, ids: { us: string; them: string }, password: string, ...more: string[]) {
  const issuer = await file(`${them.name}-issuer.pem`, pemOf(them));
  await say(us, 'issuer', 'add', issuer);
  const reach = ['--host', 'localhost', '--port', String(them.station.tlsPort), '--tls'];
  const rules = ['--acx', '--secure-authentication'];
  await say(
    us,
    'partner',
    'add',
    '--station',
    ids.us,
    '--id',
    ids.them,
    '--password',
    password,
    ...reach,
    ...rules,
    ...more,
  );
  const name = `CN=${them.name}.example`;
  await say(
    us,
    'partner',
    'identify',
    ids.them,
    '--subject',
    name,
    '--issuer',
    `${them.name} OFTP2 CA`,
    '--usage',
    'all',
  );
}

function pemOf({ ca }: Side): string {
  const base64 = Buffer.from(ca.authority.certificate.der).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certlane-secrets-'));
  [a, b] = await Promise.all([Side.raise('a', folder), Side.raise('b', folder)]);
  for (const side of [a, b]) {
    side.tap.listen(({ user, subject, octets }) => {
      haystack.add(`${side.name}: ${user} > ${subject}`, octets);
      return 'pass';
    });
  }
  await tellTheStory();
  await gather();
}, STORY_MS);

afterAll(async () => {
  await Promise.all([a.stop(), b.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Every way in which a secret comes into a station, and then everything a station does with it. */
async function tellTheStory(): Promise<void> {
  const first = a.ca.issue({ host: 'localhost', subject: 'CN=a.example' });
  const second = a.ca.renew(first);
  const ofB = b.ca.issue({ host: 'localhost', subject: 'CN=b.example' });
  await say(a, 'station', 'add', '--id', A, '--password', PASSWORDS.a, '--host', 'localhost');
  await say(b, 'station', 'add', '--id', B, '--password-file', await file('b.password', `${PASSWORDS.b}\n`));

  const bundle = await pkcs12('first', first);
  await say(a, 'certificate', 'import', bundle, '--password', PASSWORDS.pkcs12);
  const certificate = await file('b.pem', ofB.certificatePem);
  const encrypted = ofB.privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: PASSWORDS.pem,
  });
  const [key, passphrase] = [await file('b.key', encrypted), await file('b.passphrase', PASSWORDS.pem)];
  await say(b, 'certificate', 'import', '--cert', certificate, '--key', key, '--password-file', passphrase);
  await say(a, 'certificate', 'create', '--subject', 'CN=made.here', '--self-signed');
  await say(a, 'certificate', 'activate', first.certificate.fingerprint, '--usage', 'all');
  await say(b, 'certificate', 'activate', ofB.certificate.fingerprint, '--usage', 'all');

  await setUp(a, b, { us: A, them: B }, PASSWORDS.b, '--our-password', PASSWORDS.toB);
  await setUp(b, a, { us: B, them: A }, PASSWORDS.toB);
  await say(a, 'send', B, 'request');
  const unencrypted = [
    '--cert',
    await file('second.pem', second.certificatePem),
    '--key',
    await file('second.key', second.privateKeyPem),
  ];
  await say(a, 'certificate', 'import', ...unencrypted);
  await say(a, 'certificate', 'activate', second.certificate.fingerprint, '--usage', 'all');
  await say(a, 'send', B, 'deliver');
  await say(a, 'send', B, 'replace', '--replaces', first.certificate.fingerprint);
  await say(a, 'partner', 'set', B, '--password', PASSWORDS.b);
  for (const words of [['partner', 'show', B], ['certificate', 'list'], ['exchange', 'list'], ['events']]) {
    await say(a, ...words);
    await say(a, ...words, '--json');
  }
  await asPartner(second, ofB);

  for (const [name, password] of Object.entries(PASSWORDS)) needles.push(text(`password ${name}`, password));
  keyNeedles("A's first key", first.privateKey);
  keyNeedles("A's second key", second.privateKey);
  keyNeedles("B's key", ofB.privateKey);
}

/** A session with B under A's name, whose challenges are known here, and one that fails in the middle of the proofs. */
async function asPartner(own: TestIdentity, theirs: TestIdentity): Promise<void> {
  const call = async (): Promise<ScriptedPeer> => {
    const peer = await ScriptedPeer.tcp(b.station.tcpPort);
    await peer.expect('SSRM');
    peer.send(ssid(A, PASSWORDS.toB, { SSIDAUTH: 'Y' }));
    await peer.expect('SSID');
    return peer;
  };
  const proof = {
    open: (envelope: Uint8Array) => openChallenge(envelope, [own]),
    envelop: (challenge: Uint8Array) =>
      envelopChallenge({
        challenge,
        recipient: theirs.certificate,
        cipher: 'aes-256',
        keyTransport: 'rsaes-pkcs1-v1_5',
      }),
  };
  const peer = await call();
  const { theirs: challenge, ours, response } = await authenticate(peer, proof);
  expect(Buffer.from(response)).toEqual(Buffer.from(ours));
  needles.push({ name: "B's challenge", octets: challenge }, { name: 'our challenge', octets: ours });
  peer.send(normalEnd);
  await peer.closed();

  const failing = await call();
  failing.send({ command: 'SECD' });
  const { AUCHCHAL } = await failing.expect('AUCH');
  needles.push({ name: 'the challenge that was not met', octets: proof.open(AUCHCHAL) });
  failing.send({ command: 'AURP', AURPRSP: new Uint8Array(20) });
  await failing.expect('ESID');
  failing.destroy();
  const refused = async () =>
    (await b.operator.events()).some(({ data }) => JSON.stringify(data).includes('"esid":11'));
  expect(await eventually(refused, (seen) => seen)).toBe(true);
}

/** What stands when everything is over: streams and buckets as nats-server keeps them, events, logs, pages, processes. */
async function gather(): Promise<void> {
  for (const side of [a, b]) {
    const { data, file: station } = side.station;
    haystack.add(`${side.name}: console`, side.station.console);
    haystack.add(`${side.name}: events`, JSON.stringify(await side.operator.events()));
    await haystack.addFolder(data, [join(data, 'secrets')]);
    await haystack.addFolder(side.nats.dataDir);
    for (const name of serviceNames) {
      const { health, process: mark } = station.services[name] ?? {};
      for (const page of ['metrics', 'health/ready', 'health/live']) {
        haystack.add(`${side.name}: ${name} /${page}`, await (await fetch(`${health ?? ''}/${page}`)).text());
      }
      for (const part of ['environ', 'cmdline']) {
        haystack.add(`${side.name}: ${part} of ${name}`, await readFile(`/proc/${mark?.pid ?? 0}/${part}`));
      }
    }
    const secret = await sealingSecret(side);
    needles.push(
      ...needlesOf(`sealing key of ${side.name}`, secret),
      text(`sealing key of ${side.name} as text`, Buffer.from(secret).toString('base64')),
    );
  }
  keyNeedles('the key that was made in the gateway', await keyMadeInTheGateway());
}

async function sealingSecret({ station }: Side): Promise<Buffer> {
  return Buffer.from((await readFile(join(station.data, 'secrets', 'sealing.key'), 'utf8')).trim(), 'base64');
}

/** Opened as the gateway opens it: with the key in the folder of secrets, which is all it takes. */
async function keyMadeInTheGateway(): Promise<KeyObject> {
  const { bus } = a.operator;
  const { certificates } = await bus.request(registry.ownCertificateList, { station: A });
  const made = certificates.find(({ subject }) => subject.includes('made.here'));
  const keyId = made?.keyId ?? '';
  const registryUser = await a.nats.connect('anyone');
  const reply = await registryUser.request('certlane.registry.v1.key.get', JSON.stringify({ station: A, keyId }));
  const { key } = reply.json<{ key: { sealedKey: string } }>();
  const pkcs8 = open(new SealingKey(await sealingSecret(a)), key.sealedKey, `private-key:${A}:${keyId}`);
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

describe('the secrets of two stations that have exchanged, renewed and recalled their certificates', () => {
  it('are nowhere on the bus, in its streams and buckets, in logs, events, pages, consoles and processes', () => {
    expect(haystack.find(needles)).toEqual([]);
  });

  it('would have been found: what is public was', async () => {
    const { certificates } = await a.operator.bus.request(registry.ownCertificateList, { station: A });
    const known = certificates.map(({ certificate }) => readCertificate(Buffer.from(certificate, 'base64')));
    const publicNeedles = known.map(({ der, fingerprint }) => ({ name: fingerprint, octets: der.subarray(100, 124) }));
    const places = haystack.find(publicNeedles).map((found) => found.split(' in ')[1] ?? '');
    for (const part of ['> certlane.registry.v1.own-certificate.add', '> $KV.', 'jetstream']) {
      expect(places.filter((place) => place.includes(part)).length).toBeGreaterThan(0);
    }
    expect(needles.length).toBeGreaterThan(50);
    expect(haystack.size).toBeGreaterThan(500_000);
  });

  it('cross the bus sealed: whoever reads it all reads boxes', () => {
    for (const [subject, form] of [
      ['certlane.registry.v1.station.add', 'certlane.box.v1.'],
      ['certlane.registry.v1.partner.add', 'certlane.box.v1.'],
      ['certlane.gateway.v1.certificate.import', 'certlane.box.v1.'],
      ['certlane.registry.v1.key.add', 'certlane.sealed.v1.'],
    ] as const) {
      const places = haystack.find([text(form, form)]);
      expect(places.filter((place) => place.includes(`> ${subject}`)).length).toBeGreaterThan(0);
    }
  });

  it('lie in files that only their owner can read', async () => {
    for (const { station } of [a, b]) {
      const entries = await readdir(join(station.data, 'secrets'), { withFileTypes: true, recursive: true });
      for (const entry of entries) {
        const { mode } = await stat(join(entry.parentPath, entry.name));
        expect(mode & 0o077).toBe(0);
      }
      expect(entries.filter((entry) => entry.isFile()).length).toBeGreaterThan(0);
    }
  });

  it('are known to the gateway alone: no other service was given the key to them', async () => {
    for (const side of [a, b]) {
      const given = await Promise.all(serviceNames.map(async (name) => [name, await environment(side, name)] as const));
      const holders = given.filter(([, environ]) => environ.includes('SEALING_KEY')).map(([name]) => name);
      expect(holders).toEqual(['session-gateway']);
    }
  });
});

async function environment({ station }: Side, name: ServiceName): Promise<string> {
  return readFile(`/proc/${station.file.services[name]?.process?.pid ?? 0}/environ`, 'utf8');
}
