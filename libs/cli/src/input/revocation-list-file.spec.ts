import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TestAuthority, testCa, testRevocationList } from '@certlane/pki/testing';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { revocationListFrom } from './revocation-list-file.js';

const authority = TestAuthority.root('Beta CA', new Date('2026-11-23T12:00:00Z'));
const list = testRevocationList(authority, { revoked: ['0a'] });
const pem = (label: string, octets: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(octets).toString('base64')}\n-----END ${label}-----\n`;

const read = (octets: string | Uint8Array, limit = 1_000_000) =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'list');
    await writeFile(path, octets);
    return Buffer.from(await revocationListFrom(path, 'FILE', 'beta.crl', limit));
  });

describe('a revocation list in a file', () => {
  it.each([
    ['DER', list],
    ['PEM', pem('X509 CRL', list)],
    ['PEM below a heading', `Beta CA, of today\n${pem('X509 CRL', list)}`],
  ])('is read from %s', async (_form, octets) => {
    expect((await read(octets)).equals(list)).toBe(true);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'the file is empty; give the revocation list as its issuer published it'],
    ['a certificate', authority.certificate.der, 'the file holds a certificate; give the revocation list'],
    ['a certificate in PEM', testCa({ name: 'Beta' }).issue({ subject: 'CN=a' }).certificatePem, 'holds a certificate'],
    ['a web page', '<html><body>Not found</body></html>', 'give the revocation list as its issuer published it'],
    ['half a list', list.subarray(0, 60), 'the revocation list cannot be read'],
    ['a list and more', Buffer.concat([list, Buffer.from('x')]), '1 octets follow the end of the list'],
    ['two lists', pem('X509 CRL', list).repeat(2), 'the PEM text is not one block "X509 CRL"'],
  ])('is not %s', async (_what, octets, sentence) => {
    await expect(read(octets)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^FILE is 'beta\.crl': /) as unknown,
    });
    await expect(read(octets)).rejects.toThrow(sentence);
  });

  it('is not longer than what is taken', async () => {
    await expect(read(new Uint8Array(200), 100)).rejects.toThrow('the file has more than 150 octets');
  });
});
