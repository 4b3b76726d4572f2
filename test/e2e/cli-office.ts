import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { runCertlane } from '@certlane/cli';
import { TestAuthority, testCa, testRevocationList, testSelfSigned, type TestIdentity } from '@certlane/pki/testing';
import { testTrustList } from '@certlane/pki/trust-list/testing';
import { findNatsServer } from '@certlane/runtime/testing';
import type { Ran } from '../support/certlane.js';
import { RunningStation } from '../support/running-station.js';

/** Our station, a second one, and a partner of the first. */
export const US = 'O0013000000ACME';
export const OTHER = 'O0013000000TWIN';
export const THEM = 'O0177000000BETA';

/** The authority of all certificates below, and those certificates. */
export const ca = testCa({ name: 'Beta' });
export const ours = ca.issue({ subject: 'CN=oftp.acme.example,O=Acme,C=DE' });
export const renewed = ca.renew(ours);
export const theirs = ca.issue({ subject: 'CN=oftp.beta.example,O=Beta,C=DE' });

const listSigner = testSelfSigned(new Date(), { subject: 'CN=List signer', keyUsage: ['digitalSignature'] });

/** A row: the command line (`@name` is a file of the office), its exit status, what the one sentence on standard error says. */
export type Row = readonly [line: string | readonly string[], status: number, sentence: string];

/** Secrets that stand in command lines and files of the tables: no sentence may repeat one. */
const NEVER_SHOWN = /123456789|geheim|GEHEIM|W3BETAW3|Q7ACMEQ7|undefined|\[object|\bat .+\.js:\d/;

/** A running station with an identity, certificates, an issuer and a partner, and files of all kinds beside it. */
export class CliOffice {
  private constructor(
    readonly folder: string,
    readonly station: RunningStation,
  ) {}

  static async open(): Promise<CliOffice> {
    const folder = await mkdtemp(join(tmpdir(), 'certlane-cli-'));
    const env = { NATS_SERVER: findNatsServer() };
    // A blank in its name: every path that is handed on must bear it.
    const starting = RunningStation.start(join(folder, 'our data'), ['--fetch-allow', '127.0.0.0/8'], { env });
    await fill(folder);
    const office = new CliOffice(folder, await starting);
    const run = (line: string) => office.station.ok(...office.words(line));
    await run(`station add --id ${US} --password Q7ACMEQ7 --host localhost`);
    await run(`certificate import --station ${US} --cert @acme.pem --key @acme.key`);
    await run(`certificate import --station ${US} --cert @renewed.pem --key @renewed.key`);
    await run(`certificate activate @acme.pem --station ${US} --usage all`);
    await run('issuer add @authority.pem');
    const partner = `--station ${US} --id ${THEM} --password W3BETAW3 --host localhost --port 1`;
    await run(`partner add ${partner} --acx --secure-authentication`);
    await run(`partner identify ${THEM} --subject oftp.beta.example --issuer @issuer.pem --usage all`);
    return office;
  }

  async close(): Promise<void> {
    await this.station.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(this.file(name), content);
  }

  /** A trust list of one authority, signed by somebody who is pinned with it. */
  trustList(): Buffer {
    const services = [{ certificates: [ca.authority.certificate] }];
    return Buffer.from(testTrustList(listSigner, new Date(), { providers: [{ services }] }));
  }

  /** A command line as words; `@name` becomes a path. */
  words(line: string | readonly string[]): string[] {
    const words = typeof line === 'string' ? line.split(' ') : line;
    return words.map((word) => (word.startsWith('@') ? this.file(word.slice(1)) : word));
  }

  /** Runs a command line in this process: a table has too many rows for a process each. */
  async run(line: string | readonly string[]): Promise<Ran> {
    const out: string[] = [];
    const err: string[] = [];
    const status = await runCertlane(['--data', this.station.data, ...this.words(line)], {
      out: (text) => void out.push(`${text}\n`),
      err: (text) => void err.push(`${text}\n`),
      colours: false,
      interactive: false,
      env: {},
      workingFolder: this.folder,
      readInput: () => Promise.resolve(''),
    });
    return { status, out: out.join(''), err: err.join('') };
  }

  /** Runs every row of a table, and sees that each says its sentence and that nothing is otherwise than before. */
  async refuses(rows: readonly Row[]): Promise<void> {
    const before = await this.knowledge();
    for (const [line, status, sentence] of rows) {
      const ran = await this.run(line);
      const err = expect.stringContaining(sentence) as unknown;
      expect({ line, ...ran }).toEqual({ line, status, out: '', err });
      expect(ran.err).toMatch(/^certlane: [^\n]+\n$/);
      expect(ran.err).not.toMatch(NEVER_SHOWN);
    }
    expect(await this.knowledge()).toEqual(before);
  }

  /** Everything the station knows, as the command line shows it, and the files around it. */
  private async knowledge(): Promise<unknown[]> {
    const lines = ['station list', `certificate list --station ${US}`, 'issuer list', 'tsl list', 'partner list'];
    const all = [...lines, `partner show ${THEM}`, 'exchange list', 'approval list', 'events'];
    const shown = await Promise.all(all.map((line) => this.run(`--json ${line}`)));
    return [...shown.map(({ out }) => out), (await readdir(this.folder)).sort()];
  }
}

async function fill(folder: string): Promise<void> {
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const keyPair = (name: string, { certificatePem, privateKeyPem }: TestIdentity) =>
    Promise.all([write(`${name}.pem`, certificatePem), write(`${name}.key`, privateKeyPem)]);
  const subject = 'CN=oftp.acme.example';
  await keyPair('acme', ours);
  await keyPair('renewed', renewed);
  await keyPair('beta', theirs);
  await keyPair('expired', ca.issue({ subject, expired: true }));
  await keyPair('future', ca.issue({ subject, future: true }));
  await keyPair('weak', ca.issue({ subject, weak: 'rsa-1024' }));
  await keyPair('signs', ca.issue({ subject, keyUsage: ['digitalSignature'] }));
  await write('authority.pem', ca.chain.map(({ der }) => pem(der)).join(''));
  await write('root.pem', pem(ca.root.certificate.der));
  await write('issuer.pem', pem(ca.authority.certificate.der));
  await write('beta.der', theirs.certificate.der);
  await write('trailing.der', Buffer.concat([theirs.certificate.der, Buffer.from('more')]));
  await write('cut.der', theirs.certificate.der.subarray(0, 400));
  await write('cut.pem', theirs.certificatePem.slice(0, 300));
  await write('junk.pem', `Bag Attributes: of an export\n${theirs.certificatePem}that is all\n`);
  await write('both.pem', theirs.certificatePem + theirs.privateKeyPem);
  await write('beta.crl', testRevocationList(ca.authority));
  await write('beta.crl.pem', pem(testRevocationList(ca.authority), 'X509 CRL'));
  await write('stranger.crl', testRevocationList(TestAuthority.root('Stranger', new Date())));
  await write('notes.txt', 'not a certificate');
  await write('empty', '');
  await write('large', Buffer.alloc(70_000, 1));
  await write('vast', Buffer.alloc((1 << 20) + 1, 1));
  await mkdir(join(folder, 'folder'));
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  await write('other.key', other.export({ type: 'pkcs8', format: 'pem' }));
  const openssl = (line: string) => promisify(execFile)('openssl', line.split(' '), { cwd: folder });
  const pkcs12 = 'pkcs12 -export -in acme.pem -inkey acme.key -passout pass:geheim12';
  await openssl(`${pkcs12} -out acme.p12`);
  await openssl(`${pkcs12} -legacy -out legacy.p12`);
  await openssl('pkcs12 -export -nokeys -in acme.pem -passout pass:geheim12 -out keyless.p12');
  await openssl('rsa -in acme.key -aes256 -passout pass:geheim12 -out locked.key');
  await openssl('rsa -in acme.key -pubout -out acme.pub');
  await openssl('req -new -key acme.key -subj /CN=a -out acme.csr');
}

function pem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
