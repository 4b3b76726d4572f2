import { anIssuer, aRevocationList, aTrustView, judge, type Holding } from '@certlane/ca-store/testing';
import { isSignedBy, readCertificate, readRevocationList, type Certificate } from '@certlane/pki';
import { TestAuthority, testRevocationList } from '@certlane/pki/testing';
import { generateKeyPairSync } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median, spread, type BenchRow } from './report.js';

const ISSUERS = 10_000;
const REVOKED = 1_000_000;
/** On the list of the authority itself; the rest is on lists of others. */
const REVOKED_BY_AUTHORITY = 500_000;
const OTHER_LISTS = 10;
const ROUNDS = 7;
const ROUND_MS = 700;
const MIB = 2 ** 20;

/**
 * Validations of a chain of three RSA certificates with the revocation lists of both authorities, one after the other in one thread and
 * without the cache of verdicts: with ten issuers and with as much as ca-store holds, against the two signature checks in each of them.
 * Signatures of lists are verified once for as long as a list is held, so they are no part of it.
 */
export async function run(): Promise<BenchRow[]> {
  const now = new Date();
  const root = TestAuthority.root('Bench Root', now);
  const authority = root.subordinate('Bench OFTP2 CA');
  const { certificate } = authority.issue();
  const chain = [authority.certificate];
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const others = Array.from(
    { length: ISSUERS - 1 },
    (_, n) => TestAuthority.root(`Bench Issuer ${n}`, now, { key }).certificate.der,
  );
  const lists = {
    small: [testRevocationList(root), testRevocationList(authority, { revoked: serials(0, 10) })],
    large: [
      testRevocationList(root),
      testRevocationList(authority, { revoked: serials(0, REVOKED_BY_AUTHORITY) }),
      ...Array.from({ length: OTHER_LISTS }, (_, n) => {
        const each = (REVOKED - REVOKED_BY_AUTHORITY) / OTHER_LISTS;
        return testRevocationList(TestAuthority.root(`Bench Issuer ${n}`, now, { key }), {
          revoked: serials(REVOKED_BY_AUTHORITY + n * each, each),
        });
      }),
    ],
  };

  const small = held([root.certificate, ...others.slice(0, 9).map((der) => readCertificate(der))], lists.small);
  const before = await memory();
  const begun = performance.now();
  const large = held([root.certificate, ...others.map((der) => readCertificate(der))], lists.large);
  const loading = performance.now() - begun;
  const taken = (await memory()) - before;

  const validate = (holding: ReturnType<typeof held>) => () => {
    const { verdict } = judge({
      ...{ certificate, chain, at: now, usage: 'tls', revocation: 'fail', weakKeys: false, maximumAgeDays: 15 },
      view: holding,
    });
    if (!verdict.trusted) throw new Error(`the bench is wrong: ${verdict.message}`);
  };
  const bare = () => {
    if (!isSignedBy(certificate, authority.certificate).ok || !isSignedBy(authority.certificate, root.certificate).ok)
      throw new Error('the bench is wrong: a signature does not hold');
  };
  const rates = { bare: [] as number[], small: [] as number[], large: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.bare.push(rate(bare));
    rates.small.push(rate(validate(small)));
    rates.large.push(rate(validate(large)));
  }
  const [limit, few, many] = [median(rates.bare), median(rates.small), median(rates.large)];
  return [
    {
      name: 'bare checks of two RSA signatures',
      value: limit,
      unit: '/s',
      note: `spread ${spread(rates.bare).toFixed(2)}`,
    },
    {
      name: 'validations with 10 issuers, 10 revoked serials',
      value: few,
      unit: '/s',
      limit,
      ratio: few / limit,
      note: `spread ${spread(rates.small).toFixed(2)}`,
    },
    {
      name: 'the same with 10,000 issuers, 1,000,000 serials',
      value: many,
      unit: '/s',
      limit,
      ratio: many / limit,
      note: `takes ${(few / many).toFixed(2)} of the time, aim under 2; spread ${spread(rates.large).toFixed(2)}`,
    },
    {
      name: 'memory of that state',
      value: taken / MIB,
      unit: 'MiB',
      note: `${octets(lists.large)} MiB of it revocation lists`,
    },
    {
      name: 'time to read that state',
      value: loading,
      unit: 'ms',
      note: 'certificates, lists and indexes; the own signature of each issuer is verified',
    },
  ];
}

function held(issuers: readonly Certificate[], lists: readonly Uint8Array[]) {
  const holding: Holding = {
    issuers: issuers.map((one) => anIssuer(one)),
    revocationLists: lists.map((der) => aRevocationList(der)),
  };
  return aTrustView(holding);
}

/** Serial numbers of 16 octets, as authorities have them. */
const serials = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `4a${(from + n).toString(16).padStart(30, '0')}`);

function rate(act: () => void): number {
  let count = 0;
  const begun = performance.now();
  let now = begun;
  for (; now - begun < ROUND_MS; now = performance.now()) {
    for (let n = 0; n < 10; n += 1) act();
    count += 10;
  }
  return (count / (now - begun)) * 1_000;
}

const octets = (lists: readonly Uint8Array[]): string =>
  (lists.reduce((sum, der) => sum + readRevocationList(der).der.length, 0) / MIB).toFixed(0);

/** Octets in use after everything that nobody holds was collected. */
async function memory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let n = 0; n < 3; n += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
