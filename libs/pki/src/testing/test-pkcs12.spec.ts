import { afterAll, describe, expect, it } from '@jest/globals';
import { readPkcs12 } from '../pkcs12/index.js';
import { OpensslBench, opensslVersion } from './openssl.js';
import { refusalOf } from './refusals.js';
import { testCa } from './test-ca.js';
import { testPkcs12 } from './test-pkcs12.js';

const { issue, chain } = testCa({ now: new Date('2026-11-20T12:00:00Z') });
const ours = issue();
const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

describe('a PKCS#12 file for tests', () => {
  it('is read back with its key, certificate and chain', () => {
    const { certificate, privateKey, chain: above } = readPkcs12(testPkcs12(ours, 'geheim', chain), 'geheim');
    expect(certificate.fingerprint).toBe(ours.certificate.fingerprint);
    expect(privateKey).toEqual(ours.pkcs8);
    expect(above.map(({ fingerprint }) => fingerprint)).toEqual(chain.map(({ fingerprint }) => fingerprint));
  });

  it('opens with its password alone', () => {
    expect(refusalOf(() => readPkcs12(testPkcs12(ours, 'geheim'), 'anders'))).toBe('password-wrong');
  });
});

withOpenssl('openssl (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => bench.remove());

  it('reads a PKCS#12 file for tests, its MAC included', () => {
    bench.file('a.p12', testPkcs12(ours, 'geheim', chain));
    const said = bench.run('pkcs12', '-in', 'a.p12', '-passin', 'pass:geheim', '-nodes');
    expect(said.match(/BEGIN [A-Z ]+/g)).toEqual(
      expect.arrayContaining(['BEGIN PRIVATE KEY', ...Array<string>(3).fill('BEGIN CERTIFICATE')]),
    );
    expect(said).toContain(ours.privateKeyPem.trim());
    expect(said).toContain(ours.certificatePem.trim());
  });
});
