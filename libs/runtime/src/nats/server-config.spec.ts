import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from '../testing/find-nats-server.js';
import { permissionsOf } from './permissions.js';
import { renderNatsConfig, type ServerConfig } from './server-config.js';

const permissions = permissionsOf('ca-store', 'certlane');
const config: ServerConfig = {
  host: '127.0.0.1',
  port: 0,
  storeDir: '/tmp/store',
  version: '2.9.10',
  users: [{ name: 'ca-store', password: { text: 'pass "word" \\ $HOME' }, permissions }],
};

/** nats-server's own opinion. */
function check(text: string, env: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'certlane-conf-'));
  const file = join(folder, 'nats.conf');
  writeFileSync(file, text);
  try {
    execFileSync(findNatsServer(), ['-t', '-c', file], { env: { ...process.env, ...env }, stdio: 'pipe' });
    return 'valid';
  } catch (thrown) {
    return String((thrown as { stderr: unknown }).stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('renderNatsConfig', () => {
  it('is understood by nats-server', () => {
    expect(check(renderNatsConfig(config))).toBe('valid');
  });

  it('is understood with a cluster, monitoring, limits and passwords from the environment', () => {
    const text = renderNatsConfig({
      ...config,
      port: 4222,
      monitoringPort: 8222,
      maxFileStore: '10GB',
      users: [{ name: 'ca-store', password: { variable: 'CA_STORE_PASSWORD' }, permissions }],
      cluster: { serverName: '$POD_NAME', name: 'certlane', port: 6222, routes: ['nats://nats-0.nats:6222'] },
    });
    expect(text).toContain('password: $CA_STORE_PASSWORD');
    expect(check(text, { CA_STORE_PASSWORD: 'x', POD_NAME: 'nats-0' })).toBe('valid');
  });

  it.each([
    ['2.9.10', false],
    ['2.9.25', false],
    ['2.10.0', true],
    ['2.12.1', true],
    ['3.0.0', true],
  ])('makes version %s write through to the disk: %s', (version, expected) => {
    expect(renderNatsConfig({ ...config, version }).includes('sync_interval: always')).toBe(expected);
  });

  it('lets no value begin a setting of its own', () => {
    const text = renderNatsConfig({
      ...config,
      users: [{ name: 'x"\n}\nauthorization: {', password: { text: '"' }, permissions }],
    });
    expect(text).toContain('user: "x\\" } authorization: {"');
    expect(check(text)).toBe('valid');
  });
});
