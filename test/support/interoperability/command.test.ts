import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyTrustList } from '@certlane/pki/trust-list';
import { readOneCertificate } from '@certlane/pki';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../repository.js';
import { type Label, ROLES } from './roles.js';

const openssl = (...words: string[]) => spawnSync('openssl', words, { cwd: out, encoding: 'utf8' });
const program = fileURLToPath(new URL('test/dist/support/interoperability/main.js', repositoryRoot));
const run = (...words: string[]) => spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });

const folder = mkdtempSync(join(tmpdir(), 'certlane-interoperability-'));
const out = join(folder, 'set');
const LABELS = Object.keys(ROLES) as Label[];
const folderOf = (label: Label): string => (label.startsWith('CA') ? 'company-a' : 'company-b');
const read = (...path: string[]): Buffer => readFileSync(join(out, ...path));

beforeAll(() => {
  expect(run('--out', out, '--url', 'http://127.0.0.1:8088')).toMatchObject({ status: 0, stderr: '' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command that writes the set', () => {
  it('explains itself', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const word of ['--out', '--url', '--host', '--responders', '--password']) expect(stdout).toContain(word);
  });

  it.each<[string[], number, RegExp]>([
    [[], 2, /--out is missing/],
    [['--out', out], 2, /not empty/],
    [['--out', `${out}-2`, '--url', 'ftp://x'], 2, /"ftp:\/\/x" is no address/],
    [['--out', `${out}-2`, '--else'], 2, /--else/],
    [['--out', join(program, 'x')], 1, /ENOTDIR/],
  ])('says what is wrong with %j', (words, status, message) => {
    const ran = run(...words);
    expect([ran.status, ran.stdout]).toEqual([status, '']);
    expect(ran.stderr).toMatch(message);
  });

  it('writes a README that names every certificate, with its verdict', () => {
    const lines = read('README.md').toString('utf8').split('\n');
    for (const label of LABELS) expect(lines.filter((line) => line.startsWith(`| ${label} `))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('| refused: '))).toHaveLength(2);
  });

  it('keeps keys to the owner, and writes trust lists that their signer signed', () => {
    for (const label of LABELS) {
      for (const ending of ['key', 'p12']) {
        expect(statSync(join(out, folderOf(label), `${label}.${ending}`)).mode & 0o777).toBe(0o600);
      }
    }
    const signers = [readOneCertificate(read('tsl-signer.pem'))];
    for (const list of ['TSL_BASIC.XML', 'TSL_OFTP2.XML']) {
      expect(() => verifyTrustList(read(list), { signers })).not.toThrow();
    }
  });
});

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
const withOpenssl = version.status === 0 ? describe : describe.skip;
const reason = version.status === 0 ? '' : ' (skipped: no openssl on this machine)';

withOpenssl(`openssl about the set${reason}`, () => {
  const authorities = (label: Label): string => {
    const { issuer } = ROLES[label];
    return issuer.startsWith('outside') ? 'outside' : folderOf(label);
  };

  beforeAll(() => {
    for (const folder of ['crl', 'crl-after']) {
      for (const name of readdirSync(join(out, folder))) {
        const words = ['-inform', 'DER', '-in', `${folder}/${name}`, '-out', `${folder}-${name}.pem`];
        expect(openssl('crl', ...words).status).toBe(0);
      }
    }
  });

  /** Verifies with the lists of all authorities, of which those of `crl-after` take the place of the first ones. */
  const verify = (label: Label, after: boolean, ...words: string[]) => {
    const replaced = new Set(after ? readdirSync(join(out, 'crl-after')) : []);
    const lists = readdirSync(join(out, 'crl')).flatMap((name) => [
      '-CRLfile',
      `${replaced.has(name) ? 'crl-after' : 'crl'}-${name}.pem`,
    ]);
    return openssl(
      ...['verify', '-no-CApath', '-no-CAstore', '-CAfile', `${authorities(label)}/authorities.pem`],
      ...['-x509_strict', '-crl_check_all', ...lists, ...words, `${folderOf(label)}/${label}.pem`],
    );
  };

  it.each(LABELS)('verifies %s with the lists', (label) => {
    expect(verify(label, false)).toMatchObject({ status: 0, stderr: '' });
  });

  it('finds CA12 revoked on the new list, and CA11 not', () => {
    const { status, stderr } = verify('CA12', true);
    expect(status).toBe(2);
    expect(stderr).toContain('error 23 at 0 depth lookup: certificate revoked');
    expect(verify('CA11', true).status).toBe(0);
  });

  it.each<[Label, string, number]>([
    ['CA01', 'sslserver', 0],
    ['CA01', 'sslclient', 0],
    // OpenSSL wants a client to sign.
    ['CA06', 'sslclient', 2],
    ['CA05', 'sslclient', 0],
    ['CA09', 'sslclient', 2],
  ])('takes %s for the purpose %s: status %i', (label, purpose, status) => {
    expect(verify(label, false, '-purpose', purpose).status).toBe(status);
  });

  it.each<[Label, string]>([
    ['CA01', 'Digital Signature, Key Encipherment'],
    ['CA05', 'Digital Signature'],
    ['CA06', 'Key Encipherment'],
    ['CA09', 'Key Encipherment'],
    ['CA10', 'Digital Signature'],
    ['CA11', 'Digital Signature'],
    ['CA12', 'Key Encipherment'],
  ])('reads the key usage of %s as %s, and where its list is', (label, usage) => {
    const said = openssl('x509', '-in', `${folderOf(label)}/${label}.pem`, '-noout', '-text').stdout;
    expect(/X509v3 Key Usage: critical\s+(.*)/.exec(said)?.[1]).toBe(usage);
    expect(said).toContain('URI:http://127.0.0.1:8088/crl/company-a-oftp2-ca.crl');
  });

  it('opens the PKCS#12 files', () => {
    const words = ['-passin', 'pass:interoperability', '-nodes'];
    const { status, stdout } = openssl('pkcs12', '-in', 'company-a/CA01.p12', ...words);
    expect(status).toBe(0);
    expect(stdout).toContain(read('company-a', 'CA01.pem').toString('utf8').trim());
    expect(stdout).toContain(read('company-a', 'CA01.key').toString('utf8').trim());
  });
});
