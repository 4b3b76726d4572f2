import { type Certificate, readCertificate } from '@certlane/pki';
import { TestAuthority, testCa } from '@certlane/pki/testing';
import { AuditTrail, createLogger, createMessages } from '@certlane/runtime';
import { countingIds, memoryStore, type MemoryStore } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { REQUEST_OCTETS } from '../domain/limits.js';
import type { TrustState } from '../ports/trust-state.js';
import { clock, trustStateOf } from '../testing/replicas.js';
import { Issuers } from './issuers.js';

const now = clock.now();
const { root, authority } = testCa({ now });
const by = 'operator:anna';
const logger = createLogger({ service: 'ca-store', instance: 'test', level: 'silent' });
const messages = createMessages({ prefix: 'certlane', clock, ids: countingIds() });

describe('issuers', () => {
  let store: MemoryStore;
  let state: TrustState;
  let audit: AuditTrail;
  let issuers: Issuers;
  const add = (certificates: readonly Certificate[], purpose: 'oftp2' | 'verification-only' = 'oftp2') =>
    issuers.add({ certificates, purpose, at: clock.now(), by });
  const told = () =>
    store.published.map(({ subject, payload }) => ({ subject, data: (payload as { data: unknown }).data }));

  beforeEach(() => {
    store = memoryStore();
    state = trustStateOf(store);
    audit = new AuditTrail({ store, service: 'ca-store', clock, logger });
    issuers = new Issuers(state, messages, audit);
  });
  afterEach(() => store.close());

  it('are installed once, told once, and new again after they were taken out', async () => {
    expect(await add([root.certificate, authority.certificate])).toEqual([undefined, undefined]);
    expect(await add([authority.certificate])).toEqual(['oftp2']);
    expect(await issuers.remove(authority.certificate.fingerprint, by)).toBe(true);
    expect(await issuers.remove(authority.certificate.fingerprint, by)).toBe(false);
    clock.advance(1_000);
    expect(await add([authority.certificate])).toEqual([undefined]);
    const { issuers: held } = await state.current();
    expect(held.get(root.certificate.fingerprint)).toMatchObject({ selfSigned: true, at: now.toISOString(), by });
    expect(held.get(authority.certificate.fingerprint)).toMatchObject({ at: clock.now().toISOString() });
    expect(told().map(({ subject }) => subject.split('.')[4])).toEqual(['added', 'added', 'removed', 'added']);
    expect(told()[2]?.data).toMatchObject({ issuer: { subject: 'CN=Acme OFTP2 CA,O=Certlane Test,C=DE' }, by });
  });

  it('get another purpose, which is told as well', async () => {
    await add([root.certificate]);
    expect(await add([root.certificate, authority.certificate], 'verification-only')).toEqual(['oftp2', undefined]);
    const { anchors, others } = await state.current();
    expect([anchors.size, others.size]).toEqual([0, 2]);
    expect(told().map(({ data }) => (data as { purpose: string }).purpose)).toEqual([
      'oftp2',
      'verification-only',
      'verification-only',
    ]);
    expect(told().map(({ data }) => (data as { formerPurpose?: string }).formerPurpose)).toEqual([
      undefined,
      'oftp2',
      undefined,
    ]);
    const { entries } = await audit.list({ limit: 10 });
    const { fingerprint } = root.certificate;
    const beside = { fingerprint: authority.certificate.fingerprint };
    const before = { issuers: [{ fingerprint, purpose: 'oftp2' }, beside] };
    const changed = [
      { fingerprint, changed: true, formerPurpose: 'oftp2' },
      { ...beside, changed: true },
    ];
    expect(entries.slice(2)).toMatchObject([
      { phase: 'intended', before },
      { phase: 'done', after: { purpose: 'verification-only', issuers: changed } },
    ]);
  });

  it('are written into the audit trail before and after, with who did it and what was there', async () => {
    await add([root.certificate]);
    await issuers.remove(root.certificate.fingerprint, by);
    const { entries } = await audit.list({ limit: 10 });
    const { fingerprint, serialNumber } = root.certificate;
    const entry = { actor: by, about: { issuer: fingerprint }, serialNumbers: [serialNumber] };
    expect(entries).toMatchObject([
      { ...entry, act: 'issuer.add', phase: 'intended' },
      { ...entry, act: 'issuer.add', phase: 'done', after: { purpose: 'oftp2', issuers: [{ changed: true }] } },
      { ...entry, act: 'issuer.remove', phase: 'intended', before: { fingerprint, purpose: 'oftp2' } },
      { ...entry, act: 'issuer.remove', phase: 'done' },
    ]);
  });

  it('are all or none of a request, and no more than one request holds', async () => {
    const large = TestAuthority.root('Large', now, { extensions: [largeExtension(40_000)] }).certificate;
    const many = Array.from({ length: 9 }, () => readCertificate(large.der));
    expect(9 * large.der.length * (4 / 3)).toBeGreaterThan(REQUEST_OCTETS);
    await expect(add([root.certificate, ...many])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('send them in several requests'),
    });
    expect((await state.current()).issuers.size).toBe(0);
    expect(await add([large])).toEqual([undefined]);
    expect(told()).toHaveLength(1);
  });
});

/** An extension that nobody knows, of so many octets. */
function largeExtension(octets: number): Uint8Array {
  const length = (count: number) => [0x82, count >> 8, count & 0xff];
  const oid = [0x06, 0x03, 0x2a, 0x03, 0x04];
  const value = [0x04, ...length(octets), ...new Uint8Array(octets)];
  return Uint8Array.from([0x30, ...length(oid.length + value.length), ...oid, ...value]);
}
