import { describe, expect, it } from '@jest/globals';
import { serviceNames, type ServiceName } from '@certlane/contracts';
import { dataFolder } from '../data-folder/layout.js';
import { LogFile } from './log-file.js';
import type { Preparation } from './preparation.js';
import { lackingIn, servicePlan } from './service-plans.js';
import { upSettings } from './settings.js';

const anchors = '0: no edition of a followed trust list (odette) is in use, and no issuer is installed';

describe('a service that says it is not ready', () => {
  it.each<[string, unknown, string | undefined]>([
    [
      'lacks what only an operator can give it',
      { ready: false, checks: { nats: 'ok', store: 'ok: 3', 'trust-anchors': anchors } },
      `trust-anchors: ${anchors}`,
    ],
    ['is still to come', { ready: false, checks: { nats: 'not connected', 'trust-anchors': 'ok: 7' } }, undefined],
    ['is still to come', { ready: false, checks: { nats: 'not connected', 'trust-anchors': anchors } }, undefined],
    ['is still to come', { ready: false, checks: { nats: 'okay?' } }, undefined],
    ['says nothing that is understood', undefined, undefined],
    ['says nothing that is understood', { checks: 'none' }, undefined],
  ])('%s', (_what, report, lacking) => {
    expect(lackingIn(report)).toBe(lacking);
  });
});

describe('the environment of a service', () => {
  const preparation = (fetchAllow: readonly string[]): Preparation => ({
    folder: dataFolder('/nowhere'),
    settings: upSettings({ tcpPort: '0', tlsPort: '0', listen: '127.0.0.1' }, '/nowhere'),
    lock: { release: () => Promise.resolve() },
    first: false,
    prefix: 'certlane',
    tcpPort: undefined,
    tlsPort: undefined,
    bus: { kind: 'external', url: 'nats://127.0.0.1:1' },
    passwordFiles: {},
    sealingKeyFile: '/nowhere/key',
    store: { shown: 'nats:', url: 'nats:' },
    fetchAllow,
  });
  const mine = {
    PATH: '/bin',
    CERTLANE_DATA: './acme',
    CERTLANE_LOG_LEVEL: 'debug',
    CERTLANE_IDLE_SECONDS: '9',
    CERTLANE_CRL_MAX_AGE_DAYS: '20',
    CERTLANE_FETCH_ALLOW: '10.0.0.0/8',
  };
  const passed = (name: ServiceName, fetchAllow: readonly string[] = []): string[] => {
    const log = new LogFile('/dev/null');
    const { env } = servicePlan(name, preparation(fetchAllow), 'nats://127.0.0.1:1', log, mine);
    log.close();
    return Object.entries(env).flatMap(([key, value]) => (key in mine ? [`${key}=${value ?? ''}`] : []));
  };

  it('has of that of a person what concerns the service', () => {
    const all = ['PATH=/bin', 'CERTLANE_LOG_LEVEL=debug'];
    expect(Object.fromEntries(serviceNames.map((name) => [name, passed(name)]))).toEqual({
      'session-gateway': [...all, 'CERTLANE_IDLE_SECONDS=9'],
      'partner-registry': all,
      'cert-exchange': all,
      'ca-store': [...all, 'CERTLANE_CRL_MAX_AGE_DAYS=20', 'CERTLANE_FETCH_ALLOW=10.0.0.0/8'],
    });
  });

  it('has the networks that the station was told', () => {
    expect(passed('ca-store', ['127.0.0.0/8', '::1'])).toContain('CERTLANE_FETCH_ALLOW=127.0.0.0/8,::1');
  });
});
