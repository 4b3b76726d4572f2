import { afterEach, describe, expect, it } from '@jest/globals';
import { testCa } from '@certlane/pki/testing';
import { createLogger } from '@certlane/runtime';
import { until } from '@certlane/runtime/testing';
import { SealingKey } from '@certlane/pki';
import { randomBytes } from 'node:crypto';
import { Vault } from '../domain/vault.js';
import type { StationTls, TlsStore } from '../ports/tls-store.js';
import { usableCertificate } from '../testing/memory-gateway.js';
import { TlsContexts } from '../transport/tls-contexts.js';
import { TlsKeeper } from './tls-keeper.js';

const ca = testCa({ name: 'Keeper' });
const vault = new Vault(new SealingKey(randomBytes(32)));
const station: StationTls = {
  station: 'O0942BIGCAR',
  host: 'oftp.bigcar.example',
  tls: usableCertificate(vault, 'O0942BIGCAR', { ...ca.issue(), chain: ca.chain }),
};

class Store implements TlsStore {
  rows: StationTls[] = [station];
  failure: Error | undefined;
  readings = 0;
  /** Names of what was read alone. */
  readonly single: string[] = [];
  installed = [ca.root.certificate];
  /** What a reading waits for. */
  slowness: Promise<undefined> | undefined;

  async stations(): Promise<readonly StationTls[]> {
    this.readings += 1;
    await this.slowness;
    if (this.failure !== undefined) throw this.failure;
    return this.rows;
  }

  async station(name: string): Promise<StationTls | undefined> {
    this.single.push(name);
    return Promise.resolve(this.rows.find((row) => row.station === name));
  }

  issuers(): Promise<readonly Uint8Array[]> {
    return Promise.resolve(this.installed.map(({ der }) => der));
  }

  issuer(fingerprint: string): Promise<Uint8Array | undefined> {
    this.single.push(fingerprint);
    return Promise.resolve(this.installed.find((one) => one.fingerprint === fingerprint)?.der);
  }
}

let keeper: TlsKeeper;

function made(refreshMilliseconds = 60_000): { store: Store; contexts: TlsContexts } {
  const store = new Store();
  const contexts = new TlsContexts('TLSv1.2');
  const log = createLogger({ service: 'session-gateway', instance: 'test', level: 'silent' });
  keeper = new TlsKeeper({ store, vault, contexts, log, refreshMilliseconds, listening: true });
  return { store, contexts };
}

afterEach(() => keeper.stop());

describe('TlsKeeper', () => {
  it('takes what the others say into use', async () => {
    const { contexts } = made();
    await keeper.start();
    expect([keeper.ready, contexts.empty]).toEqual([true, false]);
    expect(contexts.forServerName('OFTP.bigcar.example')).toBeDefined();
    expect(contexts.forServerName('other.example')).toBeUndefined();
  });

  it('goes on with what it has while they are away', async () => {
    const { store, contexts } = made();
    await keeper.start();
    store.failure = new Error('away');
    await keeper.refresh();
    expect(contexts.forServerName('oftp.bigcar.example')).toBeDefined();
  });

  it('tries again soon until it has read for the first time', async () => {
    const { store, contexts } = made();
    store.failure = new Error('still starting');
    await keeper.start();
    expect(keeper.ready).toBe(false);
    store.failure = undefined;
    await until('it has read', () => keeper.ready);
    expect(contexts.empty).toBe(false);
  });

  it('reads again once in a while, in case an event was missed', async () => {
    const { store, contexts } = made(20);
    await keeper.start();
    store.rows = [];
    await until('it has read again', () => contexts.empty);
    expect(store.readings).toBeGreaterThan(1);
  });

  it('reads once more, not a hundred times, for events that come while it reads', async () => {
    const { store, contexts } = made();
    const read = Promise.withResolvers<undefined>();
    store.slowness = read.promise;
    const first = keeper.refresh();
    const others = Array.from({ length: 100 }, () => keeper.refresh());
    store.rows = [{ ...station, host: 'renamed.example' }];
    read.resolve(undefined);
    await Promise.all([first, ...others]);
    expect(store.readings).toBe(2);
    expect(contexts.forServerName('renamed.example')).toBeDefined();
  });

  it('reads alone what an event names, and touches nothing else', async () => {
    const { store, contexts } = made();
    const other: StationTls = {
      station: 'O0001',
      host: 'other.example',
      tls: usableCertificate(vault, 'O0001', ca.issue()),
    };
    store.rows = [station, other];
    await keeper.start();
    const before = contexts.forServerName('oftp.bigcar.example');
    store.rows = [station, { ...other, host: 'renamed.example' }];
    store.installed = [];
    keeper.stationChanged('O0001');
    keeper.issuerChanged(ca.root.certificate.fingerprint);
    await until('both were read', () => store.single.length === 2 && contexts.anchors.size === 0);
    await until('the station is renamed', () => contexts.forServerName('renamed.example') !== undefined);
    expect(store.readings).toBe(1);
    expect(contexts.forServerName('other.example')).toBeUndefined();
    expect(contexts.forServerName('oftp.bigcar.example')).toBe(before);
    store.rows = [station];
    keeper.stationChanged('O0001');
    await until('the station is gone', () => contexts.stations().length === 1);
  });

  it('reads all issuers, and no station, where a trust list came or went', async () => {
    const { store, contexts } = made();
    await keeper.start();
    const other = testCa({ name: 'Listed' });
    store.installed = [other.root.certificate];
    keeper.issuersChanged();
    const { fingerprint } = other.root.certificate;
    await until('they are read', () => contexts.anchors.fingerprints().join() === fingerprint);
    expect(store.readings).toBe(1);
    expect(contexts.forServerName('oftp.bigcar.example')).toBeDefined();
  });

  it('reads everything once where events name very many', async () => {
    const { store } = made();
    await keeper.start();
    for (let n = 0; n < 500; n += 1) keeper.stationChanged(`O${n}`);
    await keeper.refresh();
    expect(store.readings).toBe(2);
    expect(store.single.length).toBeLessThanOrEqual(1);
  });

  it('makes no context anew where nothing has changed', async () => {
    const { contexts } = made();
    await keeper.start();
    const before = contexts.forServerName('oftp.bigcar.example');
    await keeper.refresh();
    expect(contexts.forServerName('oftp.bigcar.example')).toBe(before);
  });

  it('leaves a station out whose key it cannot open, and keeps the others', async () => {
    const { store, contexts } = made();
    const stranger = new Vault(new SealingKey(randomBytes(32)));
    const foreign = {
      station: 'O0001',
      host: 'foreign.example',
      tls: usableCertificate(stranger, 'O0001', ca.issue()),
    };
    store.rows = [foreign, station];
    await keeper.start();
    expect(contexts.forServerName('foreign.example')).toBeUndefined();
    expect(contexts.forServerName('oftp.bigcar.example')).toBeDefined();
  });
});
