import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPkiError } from '../errors.js';
import { sameOctets } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { testCa } from '../testing/test-ca.js';
import { testOcspResponse, testResponder } from '../testing/test-ocsp-response.js';
import { testRevocationList } from '../testing/test-revocation-list.js';
import type { RevocationState } from '../validation/revocation-source.js';
import { crlRevocation } from './crl-revocation.js';
import { ocspRevocation } from './ocsp/ocsp-revocation.js';
import { readOcspResponse } from './ocsp/read-ocsp-response.js';
import { readRevocationList } from './read-revocation-list.js';

const now = new Date('2026-03-01T12:00:00Z');
const days = (n: number): Date => new Date(now.getTime() + n * 86_400_000);
const { root, authority } = testCa({ now });
const { certificate } = authority.issue({ serial: '2a' });
const path = [certificate, authority.certificate, root.certificate];

type Status = RevocationState['status'] | 'refused';

/** The state, or that the octets were refused with a reason; anything else that is thrown fails the test. */
function statusOf(judge: () => RevocationState): Status {
  try {
    const { status, message } = judge();
    expect(message).not.toBe('');
    return status;
  } catch (error) {
    if (!isPkiError(error)) throw error;
    expect(error.message).not.toBe('');
    return 'refused';
  }
}

const byList = (der: Uint8Array, ...others: readonly Uint8Array[]): Status =>
  statusOf(() => crlRevocation({ lists: [der, ...others].map((one) => readRevocationList(one)) })(path, now));
const byAnswer = (der: Uint8Array): Status =>
  statusOf(() => ocspRevocation({ answers: [{ response: readOcspResponse(der) }] })(path, now));

const held = { serialNumber: '2a', reason: 'certificateHold' } as const;
const LISTS = {
  good: testRevocationList(authority, { revoked: ['01', '2b'] }),
  revoked: testRevocationList(authority, { revoked: ['01', { serialNumber: '2a', reason: 'keyCompromise' }, '2b'] }),
  outdated: testRevocationList(authority, { thisUpdate: days(-9), nextUpdate: days(-2), revoked: [held] }),
  partial: testRevocationList(authority, { scope: { onlyContains: 'cACerts', names: ['uri:http://a.example/'] } }),
  unproven: testRevocationList(authority, { signedWith: root.privateKey }),
};
const base = testRevocationList(authority, { number: 5, revoked: [held] });
const release = testRevocationList(authority, {
  number: 6,
  baseNumber: 5,
  revoked: [{ serialNumber: '2a', reason: 'removeFromCRL' }],
});

const single = { certificate, status: { at: days(-1), reason: 'keyCompromise' } } as const;
const ANSWERS = {
  revoked: testOcspResponse(authority, [single]),
  delegated: testOcspResponse(authority, [single], { responder: testResponder(authority) }),
  unknown: testOcspResponse(authority, [{ certificate, status: 'unknown' }]),
  outdated: testOcspResponse(authority, [{ certificate, thisUpdate: days(-9) }]),
  undelegated: testOcspResponse(authority, [{ certificate }], { responder: authority.issue() }),
};

describe('a list that was changed on its way', () => {
  it('is what the tests below take it for', () => {
    expect(Object.values(LISTS).map((der) => byList(der))).toEqual([
      'good',
      'revoked',
      'undetermined',
      'undetermined',
      'undetermined',
    ]);
    expect([byList(base), byList(base, release)]).toEqual(['revoked', 'good']);
    expect(Object.values(ANSWERS).map(byAnswer)).toEqual([
      'revoked',
      'revoked',
      'undetermined',
      'undetermined',
      'undetermined',
    ]);
  });

  it.each(Object.entries(LISTS))('never makes anything good: %s', (_, der) => {
    fc.assert(
      fc.property(mutated([der]), (octets) => {
        if (!sameOctets(octets, der)) expect(byList(octets)).not.toBe('good');
      }),
      { numRuns: 500 },
    );
  });

  it('never takes off what is on hold, be it the base or the delta', () => {
    fc.assert(
      fc.property(mutated([base, release]), fc.boolean(), (octets, ofBase) => {
        if (sameOctets(octets, base) || sameOctets(octets, release)) return;
        expect(ofBase ? byList(octets, release) : byList(base, octets)).not.toBe('good');
      }),
      { numRuns: 500 },
    );
  });

  it('is noticed at every octet', () => {
    for (const der of [LISTS.good, LISTS.revoked]) {
      for (let at = 0; at < der.length; at += 1) {
        const octets = Uint8Array.from(der);
        octets[at] = (octets[at] ?? 0) ^ (at % 2 === 0 ? 1 : 0x20);
        expect(byList(octets)).not.toBe('good');
      }
    }
  });
});

describe('an OCSP answer that was changed on its way', () => {
  it.each(Object.entries(ANSWERS))('never makes anything good: %s', (_, der) => {
    fc.assert(
      fc.property(mutated([der]), (octets) => {
        expect(byAnswer(octets)).not.toBe('good');
      }),
      { numRuns: 500 },
    );
  });

  it('never makes another answer good', () => {
    const other = testOcspResponse(authority, [{ certificate: authority.issue({ serial: '2b' }).certificate }]);
    fc.assert(
      fc.property(mutated([other]), (octets) => {
        expect(byAnswer(octets)).not.toBe('good');
      }),
      { numRuns: 300 },
    );
  });
});

describe('octets that are nothing', () => {
  it('are refused with a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        expect([byList(octets), byAnswer(octets)]).toEqual(['refused', expect.stringMatching(/refused|undetermined/)]);
      }),
    );
  });
});
