import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { z } from 'zod';
import { loadConfig } from './load-config.js';
import { flag, listenAddress, secretFile, wholeNumber } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'certlane-config-'));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const password = file('password', 'hunter2\n');
const empty = file('empty', '\n');
const huge = file('huge', 'x'.repeat(70_000));
const mongoUrl = file('mongo', 'mongodb://user:s3cret@db:27017/certlane\n');

const least = { CERTLANE_NATS_URL: 'nats://127.0.0.1:4222' };

function complaintOf(env: Record<string, string>, own: z.ZodRawShape = {}): string {
  try {
    loadConfig(own, { ...least, ...env });
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return 'nothing';
}

describe('loadConfig', () => {
  it('fills in what is left out', () => {
    const { runtime } = loadConfig({}, { ...least, PATH: '/bin', CERTLANE_PREFIX: '' });
    expect(runtime).toMatchObject({
      nats: { servers: ['nats://127.0.0.1:4222'], credentials: { kind: 'none' } },
      prefix: 'certlane',
      store: { kind: 'nats' },
      http: { host: '127.0.0.1', port: 0 },
      logLevel: 'info',
      concurrency: 64,
    });
    expect(runtime.instance).toMatch(/-\d+$/);
  });

  it('takes everything that is given', () => {
    const { runtime, own } = loadConfig(
      { CERTLANE_KEY_FILE: secretFile(), CERTLANE_DIALS: flag(), CERTLANE_LISTEN: listenAddress().optional() },
      {
        CERTLANE_NATS_URL: 'tls://a:4222,tls://[::1]:4222',
        CERTLANE_NATS_USER: 'ca-store',
        CERTLANE_NATS_PASSWORD_FILE: password,
        CERTLANE_NATS_CA_FILE: '/ca.pem',
        CERTLANE_PREFIX: 'test-1',
        CERTLANE_STORE_URL_FILE: mongoUrl,
        CERTLANE_HTTP_LISTEN: '[::1]:8080',
        CERTLANE_LOG_LEVEL: 'debug',
        CERTLANE_OTLP_ENDPOINT: 'http://collector:4318',
        CERTLANE_INSTANCE: 'ca-store-0',
        CERTLANE_CONCURRENCY: '8',
        CERTLANE_KEY_FILE: password,
        CERTLANE_DIALS: 'true',
      },
    );
    expect(runtime.nats.servers).toEqual(['tls://a:4222', 'tls://[::1]:4222']);
    expect(runtime.nats.credentials).toMatchObject({ kind: 'password', user: 'ca-store' });
    expect(runtime.nats.caFile).toBe('/ca.pem');
    expect(runtime.store.kind === 'mongodb' && runtime.store.url.reveal()).toBe(
      'mongodb://user:s3cret@db:27017/certlane',
    );
    expect(runtime.http).toEqual({ host: '::1', port: 8080 });
    expect(own.CERTLANE_KEY_FILE.reveal()).toBe('hunter2');
    expect(own.CERTLANE_DIALS).toBe(true);
    expect(own.CERTLANE_LISTEN).toBeUndefined();
  });

  it.each([
    ['a missing key', { CERTLANE_NATS_URL: '' }, 'CERTLANE_NATS_URL is missing'],
    ['a misspelt key', { CERTLANE_NATS_URI: 'secret-value' }, 'CERTLANE_NATS_URI is not known here'],
    ['credentials in a URL', { CERTLANE_NATS_URL: 'nats://secret-value@host:1' }, 'CERTLANE_NATS_URL must be nats://'],
    ['a password without user', { CERTLANE_NATS_PASSWORD_FILE: password }, 'CERTLANE_NATS_USER is missing beside'],
    [
      'a user without password',
      { CERTLANE_NATS_USER: 'secret-value' },
      'CERTLANE_NATS_PASSWORD_FILE is missing beside',
    ],
    [
      'two ways to prove oneself',
      { CERTLANE_NATS_NKEY_FILE: password, CERTLANE_NATS_CREDS_FILE: password },
      'CERTLANE_NATS_NKEY_FILE, CERTLANE_NATS_CREDS_FILE exclude each other',
    ],
    [
      'a file that is not there',
      { CERTLANE_NATS_NKEY_FILE: '/secret-value' },
      'CERTLANE_NATS_NKEY_FILE names a file that cannot be read (ENOENT)',
    ],
    ['an empty file', { CERTLANE_NATS_NKEY_FILE: empty }, 'CERTLANE_NATS_NKEY_FILE names an empty file'],
    [
      'a file that is no secret',
      { CERTLANE_NATS_NKEY_FILE: huge },
      'CERTLANE_NATS_NKEY_FILE names a file of more than',
    ],
    ['a prefix with a dot', { CERTLANE_PREFIX: 'secret-value.x' }, 'CERTLANE_PREFIX must be 1 to 32'],
    ['a store that is none', { CERTLANE_STORE_URL: 'secret-value' }, "CERTLANE_STORE_URL must be 'nats:'"],
    ['credentials in a store URL', { CERTLANE_STORE_URL: 'mongodb://u:secret-value@db' }, 'CERTLANE_STORE_URL must be'],
    ['two stores', { CERTLANE_STORE_URL: 'nats:', CERTLANE_STORE_URL_FILE: mongoUrl }, 'exclude each other'],
    [
      'a store file without URL',
      { CERTLANE_STORE_URL_FILE: password },
      'CERTLANE_STORE_URL_FILE names a file that holds no mongodb:// URL',
    ],
    ['a port out of range', { CERTLANE_HTTP_LISTEN: '0.0.0.0:65536' }, 'CERTLANE_HTTP_LISTEN must be host:port'],
    ['no port', { CERTLANE_HTTP_LISTEN: 'secret-value' }, 'CERTLANE_HTTP_LISTEN must be host:port'],
    ['an unknown level', { CERTLANE_LOG_LEVEL: 'secret-value' }, 'CERTLANE_LOG_LEVEL must be one of trace'],
    [
      'an endpoint that is no URL',
      { CERTLANE_OTLP_ENDPOINT: 'secret-value' },
      'CERTLANE_OTLP_ENDPOINT must be an http',
    ],
    [
      'a number out of range',
      { CERTLANE_CONCURRENCY: '0' },
      'CERTLANE_CONCURRENCY must be a whole number from 1 to 4096',
    ],
    ['a number that is none', { CERTLANE_CONCURRENCY: 'secret-value' }, 'CERTLANE_CONCURRENCY must be a whole number'],
  ])('refuses %s, naming the key and not the value', (_what, env, wanted) => {
    const complaint = complaintOf(env);
    expect(complaint).toContain(wanted);
    expect(complaint).not.toContain('secret-value');
    expect(complaint).not.toContain('hunter2');
  });

  it('names all wrong keys at once, own ones included', () => {
    const complaint = complaintOf(
      { CERTLANE_PREFIX: '.', CERTLANE_FLAG: 'yes', CERTLANE_X: '1' },
      { CERTLANE_FLAG: flag(), CERTLANE_N: wholeNumber(1, 2) },
    );
    expect(
      complaint
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(' ')[0]),
    ).toEqual(['CERTLANE_PREFIX', 'CERTLANE_FLAG', 'CERTLANE_N', 'CERTLANE_X']);
    expect(complaint).toContain('CERTLANE_N is missing');
  });

  it('hides secrets from every way of printing', () => {
    const { own } = loadConfig({ CERTLANE_KEY_FILE: secretFile() }, { ...least, CERTLANE_KEY_FILE: password });
    expect([JSON.stringify(own), inspect(own), String(own.CERTLANE_KEY_FILE)].join()).not.toContain('hunter2');
  });
});
