import { caEvents } from '@certlane/contracts';
import { type Certificate, summaryOf } from '@certlane/pki';
import { testCa, testOcspResponse, testRevocationList } from '@certlane/pki/testing';
import { createMessages, type OutboxMessage } from '@certlane/runtime';
import {
  countingIds,
  memoryStore,
  MemoryRecords,
  type MemoryStore,
  type MemoryStoreOptions,
} from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  MESSAGE_OCTETS,
  type FollowedList,
  type KnownRevocationList,
  type TrustChange,
  type TrustState,
  type TrustView,
} from '../../ports/trust-state.js';
import { anAnswer, anIssuer, aRevocationList, aTrustList } from '../../testing/a-trust-view.js';
import { LIMITS } from '../../domain/limits.js';
import { clock, trustStateOf } from '../../testing/replicas.js';
import { dyingAfter, watched } from '../../testing/watched-store.js';

const now = clock.now();
const at = now.toISOString();
const by = 'operator:anna';
const acme = testCa({ now });
const beta = testCa({ name: 'Beta', now });
const authority = acme.authority.certificate;
const root = acme.root.certificate;
const leaf = acme.issue().certificate;
const messages = createMessages({ prefix: 'certlane', clock, ids: countingIds() });

type Change = TrustChange<undefined>;
const revocationList = (number: number, revoked: readonly string[] = []): KnownRevocationList =>
  aRevocationList(testRevocationList(acme.authority, { number, revoked }), 'http://crl.example.com/acme.crl');
const installing = (...issuers: Certificate[]): Change => ({
  issuers: { put: issuers.map((one) => anIssuer(one)) },
  result: undefined,
});
const removal = (from: 'issuers' | 'trustLists' | 'answers', ...remove: string[]): Change => ({
  [from]: { remove },
  result: undefined,
});
const following = (...put: FollowedList[]): Change => ({ trustLists: { put }, result: undefined });
const reading = (...put: KnownRevocationList[]): Change => ({ revocationLists: { put }, result: undefined });

const odette: FollowedList = {
  ...aTrustList('odette', 'oftp2', [[authority, root]], 7),
  url: 'https://tsl.example.com/TSL.XML',
  signers: [{ certificate: beta.issue().certificate, pinned: 'staged', at, by, confirmedBy: 'operator:bert' }],
  lastTry: { at, ok: false, reason: 'time', message: 'It took too long.' },
  nextTry: at,
  failures: 3,
  etag: '"a"',
  lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT',
  told: 'time',
  updateTime: '2026-01-01',
};
const everything: Change = {
  issuers: { put: [{ ...anIssuer(root), by }, anIssuer(beta.root.certificate, 'verification-only')] },
  trustLists: { put: [odette, { name: 'empty', level: 'basic', signers: [], failures: 0 }] },
  revocationLists: {
    put: [{ ...revocationList(5, [leaf.serialNumber]), issuers: [beta.authority.certificate], wantedAt: at }],
  },
  answers: {
    put: [anAnswer(leaf, authority, testOcspResponse(acme.authority, [{ certificate: leaf }]))],
  },
  result: undefined,
};

describe('the trust state', () => {
  let records: MemoryRecords;
  let stores: MemoryStore[];
  let one: TrustState;
  let other: TrustState;
  const memory = (options: MemoryStoreOptions = {}): MemoryStore => {
    const store = memoryStore({ records, ...options });
    stores.push(store);
    return store;
  };
  const open = () => memory();
  const change = (state: TrustState, decided: Change) => state.change(() => decided);

  beforeEach(() => {
    records = new MemoryRecords();
    stores = [];
    one = trustStateOf(open());
    other = trustStateOf(open());
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });

  it('is empty at first, and of version 0', async () => {
    const view = await one.current();
    expect([view.version, view.issuers.size, view.anchors.size, view.known.size]).toEqual([0, 0, 0, 0]);
  });

  it('is for another replica what one has written, to the last field', async () => {
    await change(one, everything);
    const [written, read] = [await one.current(), await other.current()];
    expect(read.version).toBe(1);
    for (const kind of ['issuers', 'trustLists', 'revocationLists', 'answers'] as const) {
      expect(written[kind].size).toBeGreaterThan(0);
      expect([...read[kind]].sort()).toEqual([...written[kind]].sort());
    }
    expect(read.trustLists.get('odette')).toEqual(odette);
    expect(read.anchors.fingerprints()).toEqual([root.fingerprint, authority.fingerprint]);
    expect(read.deepAnchors.fingerprints()).toEqual([root.fingerprint]);
    expect(read.others.fingerprints()).toEqual([beta.root.certificate.fingerprint]);
    expect(read.listings(authority.fingerprint)).toMatchObject([{ list: 'odette', sequenceNumber: 7 }]);
    expect(read.listingsBelow(root.fingerprint)).toMatchObject([{ list: 'odette' }]);
    expect(read.lists.complete(authority.subject)).toMatchObject([{ number: 5n }]);
    expect([read.revokedEntries, read.revocationOctets > 0]).toEqual([1, true]);
    expect(read.answersAbout(leaf.fingerprint)).toHaveLength(1);
  });

  it.each<[string, (view: TrustView) => Change, number]>([
    ['a new issuer', () => installing(beta.authority.certificate), 1],
    ['an issuer that is put in again', () => installing(root), 0],
    ['another purpose', () => ({ issuers: { put: [anIssuer(root, 'verification-only')] }, result: undefined }), 1],
    ['an issuer taken out', () => removal('issuers', root.fingerprint), 1],
    ['one taken out that is not there', () => removal('issuers', '0'.repeat(64)), 0],
    ['another try to read a trust list', () => following({ ...odette, edition: editionNow(), failures: 4 }), 0],
    ['another edition', () => following(aTrustList('odette', 'oftp2', [[root]], 8)), 1],
    ['another level', () => following(aTrustList('odette', 'basic', [[authority, root]], 7)), 1],
    ['a trust list taken out', () => removal('trustLists', 'odette'), 1],
    ['one taken out that was never read', () => removal('trustLists', 'empty'), 0],
    ['the same revocation list again', () => reading({ ...listNow(), failures: 1 }), 0],
    ['a newer revocation list', () => reading(revocationList(6)), 1],
    ['a place without a revocation list', () => reading({ id: 'e'.repeat(64), failures: 1 }), 0],
    ['an OCSP answer taken out', ({ answers }) => removal('answers', ...answers.keys()), 1],
    ['an OCSP answer asked for again', ({ answers }) => askedAgain(answers), 0],
  ])('grows by a version, or not, with %s', async (_name, decide, growth) => {
    await change(one, everything);
    view = await one.current();
    await one.change(decide);
    expect((await one.current()).version).toBe(1 + growth);
    expect((await other.current()).version).toBe(1 + growth);
  });
  let view: TrustView;
  const editionNow = () => view.trustLists.get('odette')?.edition;
  const listNow = (): KnownRevocationList => ({ ...revocationList(5), ...[...view.revocationLists.values()][0] });
  const askedAgain = (answers: TrustView['answers']): Change => ({
    answers: { put: [...answers.values()].map((answer) => ({ ...answer, failures: 1 })) },
    result: undefined,
  });

  it('stays as it was for whoever holds it, and shares what is equal', async () => {
    await change(one, everything);
    const held = await other.current();
    await change(one, removal('issuers', root.fingerprint));
    await change(one, reading(revocationList(6)));
    const later = await other.current();
    expect([held.version, later.version]).toEqual([1, 3]);
    expect([held.anchors.has(root), later.anchors.has(root)]).toEqual([true, false]);
    expect(held.lists.complete(authority.subject)).toMatchObject([{ number: 5n }]);
    expect(later.lists.complete(authority.subject)).toMatchObject([{ number: 6n }]);
    expect(later.anchors.get(authority.fingerprint)).toBe(held.anchors.get(authority.fingerprint));
    expect(later.trustLists.get('odette')?.edition).toBe(held.trustLists.get('odette')?.edition);
  });

  it('is read once for all who ask at once, and no content twice', async () => {
    await change(one, everything);
    const store = open();
    const reads: string[] = [];
    const state = trustStateOf(counting(store, reads));
    const views = await Promise.all(Array.from({ length: 5 }, () => state.current()));
    expect(new Set(views).size).toBe(1);
    expect(reads.length).toBeGreaterThan(5);
    expect(new Set(reads).size).toBe(reads.length);
    await change(one, reading(revocationList(6)));
    reads.length = 0;
    await state.current();
    expect(reads).toHaveLength(2);
  });

  it('loses nothing when one replica is asked for many changes at once, and has as many versions', async () => {
    const companies = Array.from({ length: 12 }, (_, n) => testCa({ name: `Company ${n}`, now }).authority.certificate);
    await Promise.all(companies.map((certificate) => change(one, installing(certificate))));
    expect((await one.current()).version).toBe(12);
    expect((await other.current()).issuers.size).toBe(12);
  });

  it('writes nothing where nothing is to be changed', async () => {
    await change(one, everything);
    const before = records.last;
    expect(await one.change(({ version }) => ({ result: version }))).toBe(1);
    expect(records.last).toBe(before);
  });

  it('is changed together with what is told of it, or not at all', async () => {
    const told = (certificate: Certificate): OutboxMessage =>
      messages.event(caEvents.issuerAdded, { issuer: summaryOf(certificate), purpose: 'oftp2' });
    await change(one, { ...installing(root), messages: [told(root)] });
    expect(stores[0]?.published).toHaveLength(1);
    const many = Array.from({ length: 2_000 }, () => told(authority));
    await expect(change(one, { ...installing(authority), messages: many })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('change less at once'),
    });
    await expect(one.change(() => Promise.reject(new Error('undecided')))).rejects.toThrow('undecided');
    expect(stores[0]?.published).toHaveLength(1);
    expect((await other.current()).issuers.size).toBe(1);
  });

  it('fits into one document with the most trust lists, the longest texts and the most events', async () => {
    const { edition: _none, ...rest } = odette;
    const signers = Array.from({ length: LIMITS.signers }, () => ({
      ...{ certificate: root, pinned: 'first-import' as const, at, by: 'x'.repeat(64), confirmedBy: 'y'.repeat(64) },
    }));
    const lists = Array.from({ length: LIMITS.trustLists }, (_, n) => ({
      ...rest,
      name: `${'n'.repeat(30)}${n}`,
      url: `https://${'u'.repeat(1_016)}`,
      signers,
      lastTry: { at, ok: false, reason: 'r'.repeat(64), message: '\u0000'.repeat(500) },
      etag: `"${'e'.repeat(200)}"`,
    }));
    const event = () => messages.event(caEvents.issuerAdded, { issuer: summaryOf(root), purpose: 'oftp2' });
    const length = Math.floor(MESSAGE_OCTETS / (JSON.stringify(event()).length + 10));
    const many = Array.from({ length }, event);
    const told = Buffer.byteLength(JSON.stringify(many));
    expect(told).toBeGreaterThan(MESSAGE_OCTETS * 0.95);
    await change(trustStateOf(memory({ publish: () => Promise.reject(new Error('the bus is away')) })), {
      ...following(...lists),
      messages: many,
    }).catch(() => undefined);
    const [row] = [...records.rows].filter(([key]) => key === 'trust.current').map(([, kept]) => kept.row);
    const pages = 3 * 64 * '"63":"",'.length + 3 * 64 * root.fingerprint.length;
    expect(Buffer.byteLength(JSON.stringify(row)) + pages).toBeLessThan(1_000_000);
    expect(Buffer.byteLength(JSON.stringify(row))).toBeGreaterThan(told);
  });

  it('gives no verdict at all when a content is lost', async () => {
    await change(one, installing(root));
    for (const key of records.rows.keys()) if (key === `large.${root.fingerprint}`) records.rows.delete(key);
    await expect(other.current()).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining(`${root.fingerprint}, but it is lost`),
    });
  });

  it.each<[string, (overtaken: TrustState) => Promise<unknown>]>([
    ['read', (overtaken) => overtaken.current()],
    ['read for a change', (overtaken) => change(overtaken, installing(authority))],
  ])('is read anew when it was overtaken while it was %s, and its contents are gone', async (_when, reading) => {
    await change(one, installing(root));
    const overtaken = trustStateOf(
      before(open(), 'large', async () => {
        for (const key of records.rows.keys()) if (key.startsWith('large.')) records.rows.delete(key);
        await change(one, removal('issuers', root.fingerprint));
        await change(one, installing(authority));
      }),
    );
    await reading(overtaken);
    expect([...(await overtaken.current()).issuers.keys()]).toEqual([authority.fingerprint]);
  });

  it.each(Array.from({ length: 12 }, (_, writes) => writes))(
    'is whole for others when its replica is killed after %d writes, and can be changed again',
    async (writes) => {
      await change(one, installing(beta.authority.certificate));
      const before = await other.current();
      const killed = trustStateOf(dyingAfter(open(), writes));
      const done = await change(killed, everything).then(
        () => true,
        () => false,
      );
      const after = await other.current();
      if (done) expect(after.version).toBe(2);
      else expect(after).toBe(before);
      await change(other, everything);
      expect((await one.current()).version).toBe(2);
      expect((await one.current()).issuers.size).toBe(3);
    },
  );
});

/** A store that notes which contents are read. */
const counting = (store: MemoryStore, reads: string[]): MemoryStore =>
  watched(store, (name, documents) => ({
    get: (key) => {
      if (name === 'large') reads.push(key);
      return documents.get(key);
    },
  }));

/** A store in which something happens once before the first reading of a collection. */
const before = (store: MemoryStore, collection: string, happens: () => Promise<void>): MemoryStore => {
  let happened = false;
  return watched(store, (name, documents) => ({
    get: async (key) => {
      if (name === collection && !happened) {
        happened = true;
        await happens();
      }
      return documents.get(key);
    },
  }));
};
