import { describe, expect, it } from '@jest/globals';
import { testCa, testRevocationList } from '@certlane/pki/testing';
import { anIssuer, aRevocationList, aTrustView } from '../testing/a-trust-view.js';
import type { TrustView } from '../ports/trust-state.js';
import { LIMITS } from './limits.js';
import { requireRoom } from './require-room.js';

const now = new Date('2026-06-01T00:00:00Z');
const { authority } = testCa({ now });
const issuer = anIssuer(authority.certificate);
const view = aTrustView({ issuers: [issuer], revocationLists: [aRevocationList(testRevocationList(authority))] });
/** As many entries as wanted; all the same one, since nobody looks inside. */
const many = <Entry>(count: number, entry: Entry): ReadonlyMap<string, Entry> =>
  new Map(Array.from({ length: count }, (_, n) => [String(n), entry]));
const large = { ...issuer, certificate: { ...issuer.certificate, der: new Uint8Array(LIMITS.issuerOctets / 100) } };
const list = { name: 'odette', level: 'oftp2', signers: [], failures: 0 } as const;
const [known] = [...view.revocationLists.values()];
const signer = { certificate: issuer.certificate, pinned: 'given', at: now.toISOString() } as const;

describe('the room in the trust state', () => {
  it.each<[string, (count: number) => Partial<TrustView>, number, RegExp]>([
    [
      'issuers',
      (n) => ({ issuers: many(n, issuer) }),
      LIMITS.issuers,
      /10001 installed issuers; at most 10000.*issuer remove/,
    ],
    ['large issuers', (n) => ({ issuers: many(n, large) }), 100, /octets of installed issuers.*issuer remove/],
    ['trust lists', (n) => ({ trustLists: many(n, list) }), LIMITS.trustLists, /17 trust lists; .*tsl remove/],
    [
      'signers',
      (n) => ({ trustLists: many(1, { ...list, signers: Array.from({ length: n }, () => signer) }) }),
      LIMITS.signers,
      /9 signers of one trust list/,
    ],
    [
      'revocation lists',
      (n) => ({ revocationLists: many(n, known ?? { id: '', failures: 0 }) }),
      LIMITS.revocationLists,
      /5001 revocation lists/,
    ],
    ['serial numbers', (n) => ({ revokedEntries: n }), LIMITS.revokedEntries, /1000001 serial numbers/],
    ['octets of lists', (n) => ({ revocationOctets: n }), LIMITS.revocationOctets, /octets of revocation lists/],
    ['OCSP answers', (n) => ({ answers: many(n, answer) }), LIMITS.answers, /10001 OCSP answers/],
  ])('ends with its limit for %s, where what is there may stay and shrink', (_name, holding, most, words) => {
    const holds = (count: number): TrustView => ({ ...view, ...holding(count) });
    expect(() => requireRoom(holds(most), view)).not.toThrow();
    expect(() => requireRoom(holds(most + 1), holds(most))).toThrow(
      expect.objectContaining({ code: 'failed-precondition', message: expect.stringMatching(words) }),
    );
    expect(() => requireRoom(holds(most + 1), holds(most + 2))).not.toThrow();
    expect(() => requireRoom(holds(most + 1), holds(most + 1))).not.toThrow();
  });
});

const answer = { id: '', certificate: issuer.certificate, issuer: issuer.certificate, url: '', failures: 0 };
