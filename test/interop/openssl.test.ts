import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { certificatePem, dial, MemoryGateway, TlsContexts } from '@certlane/session-gateway/testing';

/** Version of the openssl command; undefined where there is none. */
const openssl = (() => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

/** No sound run comes near it, however busy the machine; still below the time Jest gives a test. */
const PATIENCE_MS = 45_000;

const suite = openssl === undefined ? describe.skip : describe;
const reason = openssl === undefined ? ' (skipped: no openssl on this machine)' : '';

const ours = testCa({ name: 'Ours' });
const theirs = testCa({ name: 'Theirs' });
const stranger = testCa({ name: 'Stranger' });
const station = ours.issue({ host: 'localhost' });
const partner = theirs.issue({ host: 'localhost' });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certlane-interop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function identityFiles(name: string, { certificatePem: cert, privateKeyPem }: TestIdentity, chain = ''): string[] {
  return [
    '-cert',
    file(`${name}.pem`, cert),
    '-key',
    file(`${name}.key`, privateKeyPem),
    ...(chain === '' ? [] : ['-cert_chain', file(`${name}-chain.pem`, chain)]),
  ];
}

suite(`openssl s_client as a caller${reason}`, () => {
  let gateway: MemoryGateway;
  let port: number;

  const open = async (clientCertificates: 'request' | 'require'): Promise<void> => {
    gateway = new MemoryGateway({ config: { tcp: undefined, clientCertificates } });
    gateway.setStationTls('O0942BIGCAR', { ...station, chain: ours.chain }, 'localhost');
    gateway.tlsStore.issuerRows.push(theirs.authority.certificate.der, theirs.root.certificate.der);
    port = (await gateway.open()).tls!.port;
  };
  afterEach(() => gateway.close());

  /** What the caller reads before it hangs up, with its verdict over our certificate. */
  const call = async (...words: string[]): Promise<string> => {
    const ca = file('ours.pem', certificatePem(ours.root.certificate.der));
    const child = spawn('openssl', [
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-servername',
      'localhost',
      '-CAfile',
      ca,
      '-verify_return_error',
      ...words,
    ]);
    let said = '';
    const collect = (text: Buffer): void => {
      said += text.toString('latin1');
      if (said.includes('ODETTE FTP READY')) child.kill();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const giveUp = setTimeout(() => child.kill(), PATIENCE_MS);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(giveUp);
    return said;
  };

  it.each(['-tls1_2', '-tls1_3'])('reads the ready message over %s and takes our chain', async (version) => {
    await open('request');
    const said = await call(version);
    expect(said).toContain('IODETTE FTP READY');
    expect(said).toContain('Verify return code: 0 (ok)');
  });

  it('is refused with TLS 1.1', async () => {
    await open('request');
    expect(await call('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0')).not.toContain('ODETTE FTP READY');
  });

  it('is greeted with a certificate of an installed issuer where one is required', async () => {
    await open('require');
    expect(await call(...identityFiles('partner', partner, partner.certificatePem))).toContain('ODETTE FTP READY');
  });

  it('is not greeted without one, nor with one of a stranger', async () => {
    await open('require');
    expect(await call()).not.toContain('ODETTE FTP READY');
    expect(await call(...identityFiles('stranger', stranger.issue({ host: 'localhost' })))).not.toContain(
      'ODETTE FTP READY',
    );
  });
});

suite(`openssl s_server as the one who is called${reason}`, () => {
  let server: ChildProcess | undefined;
  let contexts: TlsContexts;

  beforeEach(() => {
    contexts = new TlsContexts('TLSv1.2');
    for (const { der } of theirs.chain) contexts.anchors.add(der);
    const certificates = station.certificatePem;
    contexts.put({ station: 'O0942BIGCAR', host: 'localhost', certificates, key: station.privateKeyPem });
  });
  afterEach(() => {
    server?.kill();
  });

  const listen = async (identity: TestIdentity, ...words: string[]): Promise<number> => {
    const command = ['s_server', '-accept', '127.0.0.1:0', ...identityFiles('server', identity), ...words];
    const child = spawn('openssl', command, { stdio: ['pipe', 'pipe', 'ignore'] });
    server = child;
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const port = /^ACCEPT .*:(\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
      child.once('close', (status) => reject(new Error(`openssl s_server ended with status ${String(status)}`)));
    });
  };
  const reach = async (port: number): Promise<string> => {
    try {
      const connection = await dial(
        { host: 'localhost', port },
        {
          context: contexts.forClient('O0942BIGCAR'),
          connectMilliseconds: PATIENCE_MS,
          handshakeMilliseconds: PATIENCE_MS,
          stallMilliseconds: PATIENCE_MS,
        },
      );
      const version = connection.tls?.version ?? 'none';
      connection.destroy();
      return version;
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };

  it.each([
    ['-tls1_2', 'TLSv1.2'],
    ['-tls1_3', 'TLSv1.3'],
  ])('is reached over %s', async (word, version) => {
    expect(await reach(await listen(partner, word))).toBe(version);
  });

  it.each<[string, () => TestIdentity, string[], RegExp]>([
    ['another name', () => theirs.issue({ host: 'else.example' }), [], /made out to another host name/],
    [
      'an issuer that is not installed',
      () => stranger.issue({ host: 'localhost' }),
      [],
      /issuer of its certificate is not installed/,
    ],
    [
      'an expired certificate',
      () => theirs.issue({ host: 'localhost', notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }),
      [],
      /has expired/,
    ],
    ['TLS 1.1 only', () => partner, ['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0'], /no TLS version that we accept/],
  ])('is not spoken to with %s, and the sentence says so', async (_what, identity, words, sentence) => {
    expect(await reach(await listen(identity(), ...words))).toMatch(sentence);
  });
});
