import { summaryOf } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { createLogger, documentKey, type DocumentStore } from '@certlane/runtime';
import { memoryStore, MemoryRecords, type MemoryStore } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clock, trustStateOf } from '../testing/replicas.js';
import { dyingAfter } from '../testing/watched-store.js';
import { FormerIssuers, formerIssuerDocuments, formerListDocuments } from './former-issuers.js';

const now = clock.now();
const acme = testCa({ now });
const certificates = [acme.root.certificate, acme.authority.certificate];
const fingerprints = certificates.map(({ fingerprint }) => fingerprint).sort();
const logger = createLogger({ service: 'ca-store', instance: 'test', level: 'silent' });
const addedAt = '2026-01-01T00:00:00.000Z';

describe('issuers of an earlier version', () => {
  let records: MemoryRecords;
  const stores: MemoryStore[] = [];
  const open = (): MemoryStore => {
    const store = memoryStore({ records });
    stores.push(store);
    return store;
  };
  const start = async (store: DocumentStore = open()) => {
    const state = trustStateOf(store);
    await new FormerIssuers(store, state, logger).onApplicationBootstrap();
    return state;
  };
  /** What the earlier version has left. */
  const leave = async (installed = certificates): Promise<void> => {
    const store = open();
    for (const certificate of installed) {
      await store.collection(formerIssuerDocuments).create(documentKey(certificate.fingerprint), {
        summary: summaryOf(certificate),
        certificate: Buffer.from(certificate.der).toString('base64'),
        selfSigned: certificate.selfIssued,
      });
    }
    const list = { installed: installed.map(({ fingerprint }) => ({ fingerprint, addedAt })) };
    await store.collection(formerListDocuments).create(documentKey('installed'), list);
  };
  const left = (): string[] => [...records.rows].filter(([, { row }]) => row.removed !== true).map(([key]) => key);

  beforeEach(() => {
    records = new MemoryRecords();
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  it('are installed for oftp2 as they were, told to nobody, and their documents are gone', async () => {
    await leave();
    const { issuers, version } = await (await start()).current();
    expect([...issuers.keys()].sort()).toEqual(fingerprints);
    expect(issuers.get(acme.root.certificate.fingerprint)).toMatchObject({
      purpose: 'oftp2',
      at: addedAt,
      selfSigned: true,
    });
    expect(version).toBe(1);
    expect(stores.flatMap(({ published }) => published)).toEqual([]);
    expect(left().filter((key) => key.startsWith('issuer'))).toEqual([]);
  });

  it('are nothing to a store that never had any', async () => {
    expect((await (await start()).current()).version).toBe(0);
    expect(records.last).toBe(0);
  });

  it('are taken over once, however many replicas begin', async () => {
    await leave();
    const states = await Promise.all(Array.from({ length: 4 }, () => start()));
    for (const state of states) expect(await state.current()).toMatchObject({ issuers: { size: 2 }, version: 1 });
  });

  it.each(Array.from({ length: 9 }, (_, writes) => writes))(
    'are there after the next start when the first was killed after %d writes, but for what was taken out since',
    async (writes) => {
      await leave();
      const killed = await start(dyingAfter(open(), writes)).catch(() => undefined);
      if (killed === undefined && (await trustStateOf(open()).current()).version === 1) {
        await trustStateOf(open()).change(() => ({ issuers: { remove: fingerprints.slice(0, 1) }, result: undefined }));
        expect([...(await (await start()).current()).issuers.keys()]).toEqual(fingerprints.slice(1));
      } else expect([...(await (await start()).current()).issuers.keys()].sort()).toEqual(fingerprints);
      expect(left().filter((key) => key.startsWith('issuer-list'))).toEqual([]);
    },
  );

  it('that an earlier version beside this one installs are taken over at the next start', async () => {
    await leave(certificates.slice(0, 1));
    await start();
    await leave(certificates.slice(1));
    expect((await (await start()).current()).issuers.size).toBe(2);
  });

  it('keep the service from starting when a certificate is lost', async () => {
    await leave();
    const key = `issuer.${documentKey(acme.root.certificate.fingerprint)}`;
    records.rows.delete(key);
    await expect(start()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('is lost') });
  });
});
