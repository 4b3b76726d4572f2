import { IssuerIndex, readRevocationList, RevocationListIndex, type RevocationList } from '@certlane/pki';
import { testCa, testRevocationList, type TestListOptions } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import type { KnownRevocationList } from '../../ports/trust-state.js';
import { decideReadings, type FetchedList, type ReadList } from './decide-readings.js';
import { pointId } from './reading-points.js';
import { usualRefresh } from './settings.js';

const now = new Date('2026-11-20T12:00:00Z');
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);
const { authority } = testCa({ name: 'Acme', now });
const anchors = new IssuerIndex([authority.certificate]);
const list = (options: TestListOptions = {}): RevocationList =>
  readRevocationList(testRevocationList(authority, options));
const came = (one: RevocationList): FetchedList => ({ outcome: 'came', list: one, validators: { etag: '"new"' } });
const failed: FetchedList = { outcome: 'failed', trouble: { reason: 'time', message: 'it took too long' } };

const record = (path: string, changes: Partial<KnownRevocationList> = {}): KnownRevocationList => ({
  id: pointId(`http://crl.example/${path}`),
  url: `http://crl.example/${path}`,
  failures: 0,
  ...changes,
});
const read = (of: KnownRevocationList, fetched: FetchedList): ReadList => ({
  due: { record: of, kind: 'full', expected: undefined },
  fetched,
});
function decide(
  readings: readonly ReadList[],
  present: readonly KnownRevocationList[] = [],
  more: Partial<Parameters<typeof decideReadings>[0]> = {},
) {
  const view = {
    revocationLists: new Map(present.map((one) => [one.id, one])),
    lists: new RevocationListIndex(present.flatMap((one) => one.list ?? [])),
    answers: new Map(),
    anchors,
    known: anchors,
    ...more,
  };
  return decideReadings(view, readings, { settings: usualRefresh, now });
}

describe('readings that are decided together', () => {
  it('take what is good and note what is not, each by itself', () => {
    const one = list({ number: 1 });
    const { put, taken, failed: told } = decide([read(record('a'), came(one)), read(record('b'), failed)]);
    expect(taken.map(({ url }) => url)).toEqual(['http://crl.example/a']);
    expect(told).toMatchObject([{ record: { url: 'http://crl.example/b' }, trouble: { reason: 'time' } }]);
    expect(put).toMatchObject([
      { list: { fingerprint: one.fingerprint }, origin: 'fetched', etag: '"new"', failures: 0, lastTry: { ok: true } },
      { failures: 1, lastTry: { ok: false, reason: 'time' }, told: 'time' },
    ]);
  });

  it('take a delta whose base comes with them, in whatever order', () => {
    const delta = list({ number: 6, baseNumber: 5 });
    const { taken } = decide([read(record('delta'), came(delta)), read(record('a'), came(list({ number: 5 })))]);
    expect(taken.map(({ url }) => url)).toEqual(['http://crl.example/a', 'http://crl.example/delta']);
    expect(decide([read(record('delta'), came(delta))])).toMatchObject({
      taken: [],
      put: [{ lastTry: { reason: 'base-missing' } }],
    });
  });

  it('change nothing of a list that comes again but when it was read', () => {
    const present = record('a', { list: list(), takenAt: hours(-24).toISOString(), origin: 'fetched' });
    for (const fetched of [came(list()), { outcome: 'unchanged', validators: { etag: '"new"' } } as const]) {
      const { put, taken } = decide([read(present, fetched)], [present]);
      expect(taken).toEqual([]);
      expect(put).toMatchObject([
        { takenAt: present.takenAt, etag: '"new"', lastTry: { at: now.toISOString(), message: 'not changed' } },
      ]);
    }
  });

  it('go by what is in use now, not by what was when the reading began', () => {
    const newer = record('a', { list: list({ number: 9 }) });
    const { put, taken } = decide([read(record('a'), came(list({ number: 8 })))], [newer]);
    expect(taken).toEqual([]);
    expect(put).toMatchObject([{ list: { fingerprint: newer.list?.fingerprint }, lastTry: { reason: 'older' } }]);
  });

  it('keep a list that is out of date, for what it says of the past, and call it a failure', () => {
    const stale = list({ thisUpdate: hours(-400), nextUpdate: hours(-300) });
    const { put, taken, failed: told } = decide([read(record('a'), came(stale))]);
    expect(taken).toHaveLength(1);
    expect(put).toMatchObject([{ failures: 1, lastTry: { ok: false, reason: 'too-old' } }]);
    expect(told).toMatchObject([{ trouble: { reason: 'too-old' } }]);
  });
});

describe('the list of an authority in the middle of paths', () => {
  const upper = authority.subordinate('Upper CA');
  const lower = upper.subordinate('Lower CA');
  const below = record('below', { issuers: [lower.certificate] });
  const reading = read(below, came(readRevocationList(testRevocationList(lower))));
  const others = testCa({ name: 'Others', now }).authority.certificate;
  const answer = { id: '0'.repeat(64), certificate: lower.certificate, url: 'http://ocsp.example/', failures: 0 };

  it.each<[string, readonly KnownRevocationList[], Partial<Parameters<typeof decideReadings>[0]>]>([
    ['that names an address of its own', [record('upper', { issuers: [upper.certificate] })], {}],
    [
      'however many lists of others are read',
      [
        ...Array.from({ length: 300 }, (_, n) => record(`other-${n}`, { issuers: [others] })),
        record('upper', { issuers: [upper.certificate] }),
      ],
      {},
    ],
    ['that names a responder', [], { answers: new Map([[answer.id, { ...answer, issuer: upper.certificate }]]) }],
    ['that is installed for verification', [], { known: new IssuerIndex([authority.certificate, upper.certificate]) }],
  ])('is taken where the one above it is known by a certificate %s', (_how, present, more) => {
    const { taken, failed: told } = decide([reading], [...present, below], more);
    expect(told).toEqual([]);
    expect(taken).toHaveLength(1);
  });

  it('is not taken where nobody knows who stands above it', () => {
    expect(decide([reading], [below])).toMatchObject({
      taken: [],
      failed: [{ trouble: { reason: 'signer-not-trusted' } }],
    });
  });
});
