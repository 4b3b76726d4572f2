import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCa } from '@certlane/pki/testing';
import { certificateToPem } from '@certlane/pki';
import { describe, expect, it } from '@jest/globals';
import { readConfig, usualLists } from './config.js';

const least = { CERTLANE_NATS_URL: 'nats://127.0.0.1:4222' };
const folder = mkdtempSync(join(tmpdir(), 'certlane-ca-config-'));
const pem = certificateToPem(testCa().root.certificate);
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('the configuration of ca-store', () => {
  it('is as usual when nothing is set', () => {
    expect(readConfig(least).lists).toEqual(usualLists);
  });

  it('takes everything that is given', () => {
    const { lists } = readConfig({
      ...least,
      CERTLANE_CRL_REFRESH_HOURS: '6',
      CERTLANE_CRL_MAX_AGE_DAYS: '3',
      CERTLANE_TRUST_LIST_REFRESH_HOURS: '12',
      CERTLANE_FETCH_ALLOW: '10.1.0.0/16, fd00::/8',
      CERTLANE_FETCH_CA_FILE: file('two.pem', `${pem}\n# and\n${pem}`),
      CERTLANE_FETCH_SECONDS: '20',
    });
    expect(lists).toMatchObject({
      refresh: { listIntervalMs: 21_600_000, listMaximumAgeDays: 3, trustListIntervalMs: 43_200_000 },
      fetchAllow: ['10.1.0.0/16', 'fd00::/8'],
      fetchAuthorities: { length: 2 },
      fetchMs: 20_000,
    });
  });

  it.each([
    ['CERTLANE_CRL_REFRESH_HOURS', '0', /must be a whole number from 1 to 168/],
    ['CERTLANE_CRL_MAX_AGE_DAYS', '367', /must be a whole number from 1 to 366/],
    ['CERTLANE_FETCH_ALLOW', '10.1.0.0/99', /must be networks such as 10\.1\.0\.0\/16/],
    ['CERTLANE_FETCH_ALLOW', 'example.com', /must be networks/],
    ['CERTLANE_FETCH_CA_FILE', join(folder, 'none.pem'), /names a file that cannot be read \(ENOENT\)/],
    ['CERTLANE_FETCH_CA_FILE', file('empty.pem', 'hello'), /names a file without a certificate/],
  ])('refuses %s=%s', (key, value, message) => {
    expect(() => readConfig({ ...least, [key]: value })).toThrow(message);
  });
});
