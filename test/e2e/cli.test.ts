import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningStation } from '../support/running-station.js';
import { CliOffice, OTHER, ours, theirs, THEM, US } from './cli-office.js';

let office: CliOffice;
let station: RunningStation;
const file = (name: string): string => office.file(name);

beforeAll(async () => {
  office = await CliOffice.open();
  ({ station } = office);
}, 120_000);

afterAll(() => office.close());

describe('what a person reads', () => {
  const shown = async (line: string, env: Record<string, string> = {}) =>
    (await station.run(line.split(' '), { env })).out;

  it('sets identification entries apart from certificates on file, and says what serves each usage', async () => {
    const waiting = await shown(`partner show ${THEM}`);
    expect(waiting).toMatch(/Trust bypass +open: nothing is on file for session authentication/);
    expect(waiting).toMatch(/Identification entries .*\n.*ENTRY +SUBJECT +ISSUER +FOR/);
    expect(waiting).toMatch(/◇ +\w+ +CN=oftp\.beta\.example +CN=Beta OFTP2 CA,.* all/);
    expect(waiting).toMatch(/Certificates on file\n +none/);
    expect(waiting).toMatch(/session-authentication +nothing/);
    expect(waiting).not.toContain('\u001b');

    await station.ok('partner', 'certificate', 'add', THEM, file('beta.der'), '--usage', 'session-authentication,tls');
    const known = await shown(`partner show ${THEM}`);
    const id = theirs.certificate.fingerprint.slice(0, 12);
    expect(known).toMatch(/Trust bypass +closed: a certificate for session authentication is on file/);
    expect(known).toMatch(new RegExp(`◆ +${id} .* current +tls, session-authentication +by hand`));
    expect(known).toMatch(new RegExp(`session-authentication +${id}`));
    expect(known).toMatch(/file-encryption +nothing/);

    const removed = await shown(`partner certificate remove ${THEM} ${id}`);
    expect(removed).toContain('the bypass is open again');
  }, 60_000);

  it('is one JSON document for machines, whatever the command', async () => {
    const lines = [
      'station list',
      `station show ${US}`,
      `certificate list --station ${US}`,
      'issuer list',
      'partner list',
      `partner show ${THEM}`,
      `partner certificate list ${THEM}`,
      'exchange list',
    ];
    for (const line of lines) {
      const { out, status } = await station.run(['--json', ...line.split(' ')]);
      expect({ line, status, lines: out.trimEnd().split('\n').length }).toEqual({ line, status: 0, lines: 1 });
      expect(JSON.parse(out)).toBeInstanceOf(Object);
      expect(out).not.toMatch(/"sealed|certlane\.(?:sealed|box)|Q7ACMEQ7|W3BETAW3/);
    }
  }, 60_000);

  it('names the code of an error for machines beside the sentence for people', async () => {
    const { out, err, status } = await station.run(['--json', 'partner', 'show', 'O0000']);
    expect(status).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'not-found', details: { field: 'PARTNER' } } });
    expect(err).toMatch(/^certlane: PARTNER is 'O0000': no such partner/);
  });
});

describe('what can be done', () => {
  it('imports PKCS#12 with its password from a file or standard input, and chooses the one meant by a few characters', async () => {
    const run = (line: string, input = '') => station.run(line.split(' '), { input });
    expect(await run(`station add --id ${OTHER} --password-file -`, 'TWIN1\n')).toMatchObject({ status: 0 });
    await office.write('p12.pass', 'geheim12\n');
    const imported = await run(
      `certificate import --station ${OTHER} ${file('acme.p12')} --password-file ${file('p12.pass')}`,
    );
    expect(imported).toMatchObject({ status: 0, err: '' });
    expect(imported.out).toContain(ours.certificate.fingerprint);
    const few = ours.certificate.fingerprint.slice(0, 6);
    expect(
      (await run(`certificate activate ${few} --station ${OTHER} --usage tls,session-authentication`)).status,
    ).toBe(0);
    expect((await run(`certificate list --station ${OTHER}`)).out).toMatch(/tls, session-authentication/);
    const several = await run(`certificate list`);
    expect(several).toMatchObject({ status: 2, out: '' });
    expect(several.err).toContain(`--station: name one of the stations ${US}, ${OTHER}`);
  }, 60_000);

  it('asks which station is meant where several have the partner', async () => {
    expect(
      (await station.run(['partner', 'add', '--station', OTHER, '--id', THEM, '--password', 'W4BETAW4'])).status,
    ).toBe(0);
    const asked = await station.run(['partner', 'show', THEM]);
    expect(asked).toMatchObject({ status: 2, out: '' });
    expect(asked.err).toContain(
      `PARTNER is '${THEM}': the stations ${US}, ${OTHER} have this partner; name one with --station`,
    );
    expect((await station.run(['partner', 'show', THEM, '--station', OTHER])).status).toBe(0);
    expect((await station.run(['partner', 'remove', THEM, '--station', OTHER])).status).toBe(0);
  }, 60_000);

  it('makes certificates and requests, and keeps no key when the file for the request cannot be made', async () => {
    const keys = async () =>
      (await station.ok<{ pendingKeys: unknown[] }>('certificate', 'list', '--station', US)).pendingKeys.length;
    const before = await keys();
    const create = (...words: string[]) =>
      station.run(['certificate', 'create', '--station', US, '--subject', 'CN=oftp.acme.example', ...words]);
    expect((await create('--csr', file('acme.pem'))).err).toContain(
      "acme.pem': the file exists already; name a new file",
    );
    expect((await create('--csr', file('missing/acme.csr'))).err).toContain('the file cannot be made there');
    expect(await keys()).toBe(before);
    expect((await create('--csr', '-')).out).toMatch(
      /^-----BEGIN CERTIFICATE REQUEST-----\n[^]*-----END CERTIFICATE REQUEST-----\n$/,
    );
    expect(await keys()).toBe(before + 1);
    expect((await create('--self-signed', '--days', '30')).out).toMatch(/Self-signed certificate made:\nFingerprint/);
  }, 60_000);
});

describe('what the station keeps', () => {
  it('holds no private key and no password but sealed, nor do its logs', async () => {
    const { data } = station;
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(data, 'secrets')))
      .map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(files.map(async (path) => ({ path, octets: await readFile(path) })));
    // The store is among them: a certificate of ours is found, so a key would be.
    const certificate = Buffer.from(ours.certificate.der).toString('base64');
    expect(contents.filter(({ octets }) => octets.includes(certificate)).map(({ path }) => path)).not.toEqual([]);
    const { d = '', p = '' } = ours.privateKey.export({ format: 'jwk' });
    const secrets = ['Q7ACMEQ7', 'W3BETAW3', 'geheim12', 'PRIVATE KEY', ...[d, p].flatMap(inEveryForm)];
    for (const { path, octets } of contents) {
      expect({ path, found: secrets.filter((secret) => octets.includes(secret)) }).toEqual({ path, found: [] });
    }
  });
});

/** A number of the key as it could lie somewhere: octets, hex, base64 at each of the three places in a group of four. */
function inEveryForm(base64url: string): (string | Buffer)[] {
  const octets = Buffer.from(base64url, 'base64url');
  const shifted = [0, 1, 2].map((skip) => octets.subarray(skip, skip + 48).toString('base64'));
  return [octets, octets.toString('hex'), ...shifted];
}
