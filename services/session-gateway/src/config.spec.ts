import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

let folder: string;
let env: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certlane-config-'));
  const file = join(folder, 'key');
  writeFileSync(file, randomBytes(32), { mode: 0o600 });
  env = { CERTLANE_NATS_URL: 'nats://127.0.0.1:4222', CERTLANE_SEALING_KEY_FILE: file };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readConfig', () => {
  it('listens on the registered ports of this machine alone unless told', () => {
    const { gateway } = readConfig(env);
    expect(gateway.tcp).toEqual({ host: '127.0.0.1', port: 3305 });
    expect(gateway.tls).toEqual({ host: '127.0.0.1', port: 6619 });
    expect(gateway.clientCertificates).toBe('request');
    expect(gateway.minimumTlsVersion).toBe('TLSv1.2');
    expect(gateway.capabilities).toEqual({
      mode: 'B',
      bufferSize: 65_535,
      credit: 64,
      compression: true,
      restart: true,
    });
    expect(gateway.timeouts.sessionStart).toBe(60_000);
  });

  it.each([
    ['0', undefined],
    ['ephemeral', { host: '0.0.0.0', port: 0 }],
    ['13305', { host: '0.0.0.0', port: 13_305 }],
  ])('takes port %s', (port, address) => {
    const { gateway } = readConfig({ ...env, CERTLANE_TCP_PORT: port, CERTLANE_LISTEN_ADDRESS: '0.0.0.0' });
    expect(gateway.tcp).toEqual(address);
  });

  it.each([
    ['CERTLANE_TCP_PORT', '65536'],
    ['CERTLANE_TCP_PORT', '-1'],
    ['CERTLANE_TLS_PORT', 'any'],
    ['CERTLANE_TLS_MINIMUM_VERSION', 'TLSv1.1'],
    ['CERTLANE_TLS_CLIENT_CERTIFICATES', 'yes'],
    ['CERTLANE_OFTP_BUFFER_SIZE', '127'],
    ['CERTLANE_OFTP_BUFFER_SIZE', '100000'],
    ['CERTLANE_OFTP_CREDIT', '0'],
    ['CERTLANE_MAX_CONNECTIONS', '0'],
    ['CERTLANE_SEALING_KEY_FILE', '/nowhere'],
    ['CERTLANE_TSL_PORT', '6619'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => readConfig({ ...env, [name]: value })).toThrow(name);
  });

  it('has no sealing key without a file', () => {
    expect(() => readConfig({ CERTLANE_NATS_URL: 'nats://127.0.0.1:4222' })).toThrow('CERTLANE_SEALING_KEY_FILE');
  });
});
