import { testCa } from '@certlane/pki/testing';
import { countingIds, fixedClock, memoryStore, type MemoryStore } from '@certlane/runtime/testing';
import { createMessages } from '@certlane/runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { admitIssuers } from '../domain/admission.js';
import { LIMITS, type IssuerRecord } from '../domain/issuer-record.js';
import { ValidationHandlers } from '../handlers/validation-handlers.js';
import { issuerListDocuments } from './issuer-documents.js';
import { StoredIssuers } from './stored-issuers.js';

const clock = fixedClock();
const { authority, issue } = testCa({ now: clock.now() });
const certificate = Buffer.from(authority.certificate.der).toString('base64');
const [issuer] = admitIssuers([certificate], clock.now()) as [IssuerRecord];
const many = (count: number, text = 'MAA='): IssuerRecord[] =>
  Array.from({ length: count }, (_, n) => {
    const fingerprint = n.toString(16).padStart(64, '0');
    return { ...issuer, certificate: text, summary: { ...issuer.summary, fingerprint } };
  });

describe('installed issuers in a store', () => {
  let store: MemoryStore;
  let issuers: StoredIssuers;

  beforeEach(() => {
    store = memoryStore();
    issuers = new StoredIssuers(store, createMessages({ prefix: 'certlane', clock, ids: countingIds() }));
  });
  afterEach(() => store.close());

  it('are all or none of a request', async () => {
    await expect(issuers.add(many(LIMITS.issuers + 1), clock.now())).rejects.toMatchObject({
      code: 'failed-precondition',
    });
    expect(await issuers.all()).toEqual([]);
    expect(store.published).toEqual([]);
  });

  it.each([
    ['so many', many(LIMITS.issuers), many(LIMITS.issuers + 1)],
    ['so large', many(2, 'A'.repeat(LIMITS.issuerText / 2)), many(3, 'A'.repeat(LIMITS.issuerText / 2))],
  ])('are %s at most, over several requests', async (_name, fitting, more) => {
    await issuers.add(fitting, clock.now());
    expect(await issuers.add(fitting, clock.now())).toHaveLength(fitting.length);
    await expect(issuers.add(more, clock.now())).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('certlane issuer remove'),
    });
    expect(await issuers.all()).toHaveLength(fitting.length);
  });

  it('that were taken out and put in again are new from then on', async () => {
    await issuers.add([issuer], clock.now());
    expect(await issuers.remove(issuer.summary.fingerprint)).toBe(true);
    expect(await issuers.remove(issuer.summary.fingerprint)).toBe(false);
    expect(await issuers.get(issuer.summary.fingerprint)).toBeUndefined();
    clock.advance(1000);
    expect(await issuers.add([issuer], clock.now())).toMatchObject([
      { added: true, issuer: { addedAt: clock.now().toISOString() } },
    ]);
    expect(store.published.map(({ subject }) => subject.split('.')[4])).toEqual(['added', 'removed', 'added']);
  });

  it('of which one is lost give no verdict at all', async () => {
    const lost = { fingerprint: '1'.repeat(64), addedAt: clock.now().toISOString() };
    await issuers.add([issuer], clock.now());
    const list = store.collection(issuerListDocuments);
    const stored = await list.get('installed');
    await list.update('installed', stored?.revision ?? '', { installed: [...(stored?.value.installed ?? []), lost] });
    const asked = { certificate: Buffer.from(issue().certificate.der).toString('base64'), chain: [] };
    await expect(new ValidationHandlers(issuers, clock).validate(asked)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('its certificate is lost'),
    });
  });
});
