import { distributionPointsExtension, testCa, testRevocationList } from '@certlane/pki/testing';
import { memoryStore, type MemoryStore } from '@certlane/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TrustState } from '../ports/trust-state.js';
import type { RevocationNeed } from '../ports/wanted.js';
import { anIssuer, aRevocationList } from '../testing/a-trust-view.js';
import { clock, trustStateOf } from '../testing/replicas.js';
import { TrustMetrics } from '../trust-metrics.js';
import { Validation, type Question } from './validation.js';

const { authority, issue } = testCa({ now: clock.now() });
const url = 'http://crl.example.com/acme.crl';
const { certificate } = issue({ extensions: [distributionPointsExtension([{ names: [`uri:${url}`] }])] });
const question: Question = {
  certificate,
  chain: [],
  at: undefined,
  usage: 'tls',
  revocation: 'warn',
  weakKeys: false,
};

describe('validation', () => {
  let store: MemoryStore;
  let state: TrustState;
  let validation: Validation;
  let noted: RevocationNeed[];
  const install = () =>
    state.change(() => ({ issuers: { put: [anIssuer(authority.certificate)] }, result: undefined }));
  const read = (revoked: readonly string[]) =>
    state.change(() => ({
      revocationLists: { put: [aRevocationList(testRevocationList(authority, { revoked }), url)] },
      result: undefined,
    }));

  beforeEach(() => {
    store = memoryStore();
    state = trustStateOf(store);
    noted = [];
    const wanted = { note: (need: RevocationNeed) => void noted.push(need) };
    validation = new Validation(state, clock, wanted, { maximumAgeDays: 15 }, new TrustMetrics(state));
  });
  afterEach(() => store.close());

  it('stands on what is in force, and falls with it', async () => {
    expect(await validation.verdict(question)).toMatchObject({ trusted: false, standsOn: { version: 0 } });
    await install();
    expect(await validation.verdict(question)).toMatchObject({ trusted: true, standsOn: { version: 1 } });
    await read([certificate.serialNumber]);
    expect(await validation.verdict(question)).toMatchObject({ reason: 'revoked', standsOn: { version: 2 } });
    await read([]);
    expect(await validation.verdict(question)).toMatchObject({ trusted: true, revocation: { status: 'good' } });
  });

  it('says what would be, without any effect on what is', async () => {
    await install();
    const issuers = [authority.certificate.fingerprint];
    const supposing = { issuers, are: 'not-installed' } as const;
    expect(await validation.verdict({ ...question, supposing })).toMatchObject({ trusted: false });
    expect(noted).toEqual([]);
    expect(await validation.verdict(question)).toMatchObject({ trusted: true });
    expect(await validation.verdict({ ...question, supposing })).toMatchObject({ reason: 'issuer-unknown' });
    expect((await state.current()).anchors.size).toBe(1);
  });

  it('is made once for the same question in the same minute, and anew for every other', async () => {
    await install();
    const first = await validation.verdict(question);
    expect(await validation.verdict({ ...question })).toBe(first);
    const others: Partial<Question>[] = [
      { certificate: issue().certificate },
      { chain: [authority.certificate] },
      { usage: undefined },
      { revocation: 'fail' },
      { weakKeys: true },
      { at: clock.now() },
    ];
    for (const change of others) expect(await validation.verdict({ ...question, ...change })).not.toBe(first);
    expect(await validation.verdict(question)).toBe(first);
    clock.advance(60_000);
    expect(await validation.verdict(question)).not.toBe(first);
  });

  it('is not kept where it was asked for at another time', async () => {
    await install();
    const at = new Date(clock.now().getTime() + 400 * 86_400_000);
    expect(await validation.verdict({ ...question, at })).toMatchObject({ trusted: false, reason: 'path' });
    expect(await validation.verdict(question)).toMatchObject({ trusted: true });
  });

  it('notes what it lacks, every time, and what it relies on', async () => {
    await install();
    await validation.verdict(question);
    await validation.verdict(question);
    expect(noted).toMatchObject([
      { certificate: { fingerprint: certificate.fingerprint }, addresses: { cRLDistributionPoints: [url] } },
      { by: undefined },
    ]);
    await read([]);
    await validation.verdict(question);
    expect(noted.at(-1)).toMatchObject({ by: 'list' });
  });

  it('fails where the state cannot be read: nothing is trusted on less', async () => {
    const away: TrustState = {
      current: () => Promise.reject(new Error('the store does not answer')),
      change: (decide) => state.change(decide),
    };
    const wanted = { note: () => undefined };
    const cutOff = new Validation(away, clock, wanted, { maximumAgeDays: 15 }, new TrustMetrics(away));
    await expect(cutOff.verdict(question)).rejects.toThrow('does not answer');
  });
});
