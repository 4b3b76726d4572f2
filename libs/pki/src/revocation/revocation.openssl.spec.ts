import { afterAll, describe, expect, it } from '@jest/globals';
import { certificateToPem } from '../certificate/index.js';
import { readPem } from '../asn1/pem.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import type { TestIdentity } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { testOcspResponse, testResponder } from '../testing/test-ocsp-response.js';
import {
  distributionPointsExtension,
  type TestListOptions,
  testRevocationList,
} from '../testing/test-revocation-list.js';
import { crlRevocation } from './crl-revocation.js';
import { ocspRevocation } from './ocsp/ocsp-revocation.js';
import { readOcspResponse } from './ocsp/read-ocsp-response.js';
import { writeOcspRequest } from './ocsp/write-ocsp-request.js';
import { readRevocationList } from './read-revocation-list.js';

// openssl has no way to judge OCSP answers at another time than now.
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const days = (n: number): Date => new Date(now.getTime() + n * 86_400_000);
const { root, authority } = testCa({ now });
const leaf = authority.issue({ serial: '2a' });
const path = [leaf.certificate, authority.certificate, root.certificate];

const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('openssl (needs the openssl command)', () => {
  const bench = new OpensslBench();
  afterAll(() => {
    bench.remove();
  });
  const keyPem = (key: TestIdentity['privateKey']): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
  bench.file('ca.pem', certificateToPem(authority.certificate));
  bench.file('ca.key', keyPem(authority.privateKey));
  bench.file('root.pem', certificateToPem(root.certificate));
  bench.file('leaf.pem', leaf.certificatePem);
  bench.file(
    'ca.cnf',
    '[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n',
  );
  /** The database of `openssl ca`: state, end, revocation with reason, serial number, file, subject. */
  const database = (entry: string): void => {
    bench.file('index.txt', `${entry}\t2A\tunknown\t/CN=a\n`);
    bench.file('number', '1F\n');
  };
  const VALID = 'V\t351231235959Z\t';
  const REVOKED = 'R\t351231235959Z\t260102030405Z,keyCompromise';

  it.each([
    ['good', VALID],
    ['revoked', REVOKED],
  ])('makes lists that are read and judged: %s', (status, entry) => {
    database(entry);
    bench.run(
      'ca',
      '-gencrl',
      '-config',
      'ca.cnf',
      '-keyfile',
      'ca.key',
      '-cert',
      'ca.pem',
      '-crldays',
      '2',
      '-out',
      'crl.pem',
    );
    const list = readRevocationList(bench.read('crl.pem'));
    expect(list).toMatchObject({ number: 0x1fn, issuer: authority.certificate.subject });
    expect(list.der).toEqual(readPem(bench.read('crl.pem'))[0]?.octets);
    const state = crlRevocation({ lists: [list] })(path, now);
    expect(state.status).toBe(status);
    if (status !== 'revoked') return;
    expect(state).toMatchObject({ at: new Date('2026-01-02T03:04:05Z'), reason: 'keyCompromise' });
  });

  const A = 'http://crl.example.com/a.crl';
  it.each<[string, TestListOptions, number | undefined]>([
    ['good', {}, undefined],
    ['revoked', { revoked: [{ serialNumber: '2a', reason: 'keyCompromise' }] }, 23],
    ['signed with another key', { signedWith: root.privateKey }, 8],
    ['outdated', { thisUpdate: days(-3), nextUpdate: days(-1) }, 12],
    ['of the future', { thisUpdate: days(1) }, 11],
    ['of authorities', { scope: { onlyContains: 'cACerts' } }, 44],
    ['of another distribution point', { scope: { names: [`uri:${A}b`] } }, 44],
    ['of its distribution point', { scope: { names: [`uri:${A}`] } }, undefined],
  ])('judges lists of ours alike: %s', (_, options, error) => {
    const der = testRevocationList(authority, options);
    const { certificate, certificatePem } = authority.issue({
      serial: '2a',
      extensions: [distributionPointsExtension([{ names: [`uri:${A}`] }])],
    });
    bench.file('crl.der', der);
    bench.run('crl', '-inform', 'DER', '-in', 'crl.der', '-out', 'ours.pem');
    bench.file('asked.pem', certificatePem);
    const { status, output } = bench.try(
      ...['verify', '-no-CApath', '-no-CAstore', '-CAfile', 'root.pem', '-untrusted', 'ca.pem'],
      ...['-crl_check', '-extended_crl', '-CRLfile', 'ours.pem', 'asked.pem'],
    );
    expect(status).toBe(error === undefined ? 0 : 2);
    if (error !== undefined) expect(output).toContain(`error ${error} at 0 depth`);
    const state = crlRevocation({ lists: [readRevocationList(der)] })([certificate, ...path.slice(1)], now);
    expect(state.status).toBe(error === undefined ? 'good' : error === 23 ? 'revoked' : 'undetermined');
  });

  it.each(['sha1', 'sha256'] as const)('writes the same request as we do over %s, and reads ours', (hash) => {
    const asked = ['-issuer', 'ca.pem', `-${hash}`, '-cert', 'leaf.pem'];
    bench.run('ocsp', ...asked, '-no_nonce', '-reqout', 'theirs.req');
    const certificates = [{ certificate: leaf.certificate, issuer: authority.certificate }];
    expect(writeOcspRequest({ certificates, hash })).toEqual(bench.read('theirs.req'));
    bench.file('ours.req', writeOcspRequest({ certificates, hash, nonce: Uint8Array.of(0xab, 0xcd, 0xef) }));
    expect(bench.run('ocsp', '-reqin', 'ours.req', '-req_text')).toMatch(/OCSP Nonce:\s+0403ABCDEF/);
  });

  const responder = testResponder(authority);
  bench.file('responder.pem', responder.certificatePem);
  bench.file('responder.key', responder.privateKeyPem);
  const nonce = Uint8Array.from({ length: 16 }, (_, i) => i + 1);

  it.each<[string, string, string, string]>([
    ['good', VALID, 'ca', '-resp_key_id'],
    ['good', VALID, 'responder', '-resp_key_id'],
    ['revoked', REVOKED, 'responder', '-multi-name'],
    ['undetermined', VALID, 'unknown', ''],
  ])('makes answers that are read and judged: %s', (status, entry, signer, id) => {
    database(entry);
    if (signer === 'unknown') bench.file('index.txt', `${entry}\t2B\tunknown\t/CN=a\n`);
    const by = signer === 'unknown' ? 'responder' : signer;
    const certificates = [{ certificate: leaf.certificate, issuer: authority.certificate }];
    bench.file('ours.req', writeOcspRequest({ certificates, nonce }));
    bench.run(
      ...['ocsp', '-index', 'index.txt', '-CA', 'ca.pem', '-rsigner', `${by}.pem`, '-rkey', `${by}.key`],
      ...['-ndays', '1', '-reqin', 'ours.req', '-respout', 'theirs.resp', ...(id === '-resp_key_id' ? [id] : [])],
    );
    const response = readOcspResponse(bench.read('theirs.resp'));
    expect(ocspRevocation({ answers: [{ response, nonce }] })(path, now).status).toBe(status);
    const other = { response, nonce: nonce.toReversed() };
    expect(ocspRevocation({ answers: [other] })(path, now).message).toMatch(/another nonce/);
  });

  it.each<[string, Parameters<typeof testOcspResponse>[1][number]['status'], RegExp]>([
    ['good', 'good', /leaf.pem: good/],
    ['unknown', 'unknown', /leaf.pem: unknown/],
    ['revoked', { at: days(-2), reason: 'superseded' }, /leaf.pem: revoked[\s\S]*Reason: superseded/],
  ])('reads and verifies answers of ours: %s', (_, status = 'good', expected) => {
    for (const options of [{}, { responder }]) {
      bench.file('ours.resp', testOcspResponse(authority, [{ certificate: leaf.certificate, status }], options));
      const { output } = bench.try(
        ...['ocsp', '-respin', 'ours.resp', '-issuer', 'ca.pem', '-cert', 'leaf.pem', '-no_nonce'],
        ...['-no-CApath', '-no-CAstore', '-CAfile', 'root.pem', '-verify_other', 'ca.pem'],
      );
      expect(output).toMatch(/Response verify OK/);
      expect(output).toMatch(expected);
    }
  });
});
