import { testCa, testRevocationList } from '@certlane/pki/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../../domain/judging/judge.js';
import type { TrustState, TrustView } from '../../ports/trust-state.js';
import { anIssuer, aRevocationList, aTrustList } from '../../testing/a-trust-view.js';
import { clock, type Database, databases, trustStateOf } from '../../testing/replicas.js';

const now = clock.now();
const acme = testCa({ now });
const authority = acme.authority.certificate;
const root = acme.root.certificate;
const leaf = acme.issue().certificate;
const ROUNDS = 40;
const companies = Array.from({ length: 10 }, (_, n) => testCa({ name: `Company ${n}`, now }).authority.certificate);

/**
 * The state of a version, in which everything names it: an even one has the authority installed by hand and the certificate revoked, an odd
 * one has the authority on the list and the certificate good. The list of revocation is number `version`, that of trust edition `version`.
 */
const lists = Array.from({ length: ROUNDS + 1 }, (_, version) => {
  const revoked = version % 2 === 0 ? [leaf.serialNumber] : [];
  return aRevocationList(testRevocationList(acme.authority, { number: version, revoked }), 'http://crl.example.com/');
});
const stateOf = (version: number) => {
  const list = lists[version];
  const even = version % 2 === 0;
  const listed = aTrustList('odette', 'oftp2', even ? [[companies[0] ?? root]] : [[authority, root]], version);
  return {
    issuers: even ? { put: [anIssuer(authority)] } : { remove: [authority.fingerprint] },
    trustLists: { put: [listed] },
    revocationLists: { put: list === undefined ? [] : [list] },
    result: undefined,
  };
};
const verdictOn = (view: TrustView) =>
  judge({
    certificate: leaf,
    chain: [],
    view,
    at: now,
    usage: 'tls',
    revocation: 'fail',
    weakKeys: false,
    maximumAgeDays: 15,
  }).verdict;
const expected = (version: number) =>
  version % 2 === 0
    ? { trusted: false, reason: 'revoked', anchor: { by: 'operator' }, standsOn: { trustLists: [] } }
    : {
        trusted: true,
        anchor: { by: 'trust-list' },
        standsOn: { trustLists: [{ name: 'odette', sequenceNumber: version }] },
      };

describe.each(['memory', 'NATS'] as const)('two replicas over one database in %s', (kind) => {
  let database: Database;
  let one: TrustState;
  let other: TrustState;
  beforeEach(async () => {
    database = await databases[kind]();
    one = trustStateOf(await database.replica());
    other = trustStateOf(await database.replica());
  });
  afterEach(() => database.stop());

  it('never mix versions in a verdict while issuers and lists change under them', async () => {
    let changing = true;
    const seen = new Set<number>();
    const validating = async (state: TrustState) => {
      while (changing) {
        const view = await state.current();
        const { version } = view;
        const verdict = verdictOn(view);
        if (version > 0) {
          seen.add(version);
          expect(verdict).toMatchObject(expected(version));
          expect(verdict.standsOn).toMatchObject({
            version,
            revocationLists: [{ number: version.toString(16) }],
          });
        }
        // Whoever holds a view keeps its version, whatever the others do meanwhile.
        await sleep(1);
        expect(verdictOn(view)).toEqual(verdict);
      }
    };
    const validations = Promise.all([validating(other), validating(other), validating(one)]);
    for (let version = 1; version <= ROUNDS; version += 1) {
      await one.change(() => stateOf(version));
      await sleep(2);
    }
    changing = false;
    await validations;
    expect((await other.current()).version).toBe(ROUNDS);
    expect(seen.size).toBeGreaterThan(ROUNDS / 4);
  });

  it('lose no change when both change it at once, and see each of them at once', async () => {
    await Promise.all(
      companies.map(async (certificate, n) => {
        const [writer, reader] = n % 2 === 0 ? [one, other] : [other, one];
        await writer.change(() => ({ issuers: { put: [anIssuer(certificate)] }, result: undefined }));
        expect((await reader.current()).issuers.has(certificate.fingerprint)).toBe(true);
      }),
    );
    const [left, right] = [await one.current(), await other.current()];
    expect([left.version, right.version]).toEqual([companies.length, companies.length]);
    expect(right.issuers.size).toBe(companies.length);
  });

  it('decide anew on what the other has made of the state', async () => {
    const removals = await Promise.all(
      [one, other].map(async (state) => {
        let removed = 0;
        for (const certificate of companies.slice(0, 5)) {
          removed += await state.change(({ issuers }) =>
            issuers.has(certificate.fingerprint)
              ? { issuers: { remove: [certificate.fingerprint] }, result: 1 }
              : { issuers: { put: [anIssuer(certificate)] }, result: 0 },
          );
        }
        return removed;
      }),
    );
    // Each certificate was put in by the first and taken out by the second to come: ten changes, none on a state that was no more.
    expect((await one.current()).version).toBe(10);
    expect((await other.current()).issuers.size).toBe(0);
    expect(removals.reduce((sum, removed) => sum + removed)).toBe(5);
  });
});
