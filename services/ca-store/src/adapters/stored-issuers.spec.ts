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

  it.each([
    ['too much for one request', many(5, 'A'.repeat(LIMITS.requestOctets / 5)), 'invalid-argument', /several requests/],
    ['one that is too large', many(2, 'A'.repeat(LIMITS.requestOctets)), 'invalid-argument', /certificates: these 2/],
  ])('are all or none of a request: %s', async (_name, asked, code, words) => {
    const message: unknown = expect.stringMatching(words);
    await expect(issuers.add(asked, clock.now())).rejects.toMatchObject({ code, message });
    expect(await issuers.all()).toEqual([]);
    expect(store.published).toEqual([]);
  });

  const some = (all: readonly IssuerRecord[], size: number): IssuerRecord[][] =>
    Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
  const large = 'A'.repeat(LIMITS.requestOctets / 2);
  const fitting = Math.floor(LIMITS.issuerText / large.length);
  it.each([
    ['so many', some(many(LIMITS.issuers), 500), many(LIMITS.issuers + 1).slice(-1)],
    ['so large', some(many(fitting, large), 1), many(fitting + 1, large).slice(-1)],
  ])('are %s at most, over several requests', async (_name, requests, more) => {
    for (const request of requests) await issuers.add(request, clock.now());
    const last = requests.at(-1) ?? [];
    expect(await issuers.add(last, clock.now())).toHaveLength(last.length);
    await expect(issuers.add(more, clock.now())).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('certlane issuer remove'),
    });
    expect(await issuers.all()).toHaveLength(requests.flat().length);
  });

  it('that are there all along are in some page, whatever comes and goes meanwhile', async () => {
    const all = many(40);
    const [staying, going] = [all.filter((_, n) => n % 2 === 0), all.filter((_, n) => n % 2 === 1)];
    await issuers.add(all, clock.now());
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await issuers.page({ limit: 3, after });
      seen.push(...page.issuers.map(({ summary }) => summary.fingerprint));
      for (const one of going.splice(0, 2)) await issuers.remove(one.summary.fingerprint);
      for (const one of going.splice(-1)) await issuers.remove(one.summary.fingerprint);
      more = page.next !== undefined;
      after = page.next;
    }
    expect(seen).toEqual(expect.arrayContaining(staying.map(({ summary }) => summary.fingerprint)));
    expect(seen).toEqual([...new Set(seen)].sort());
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
