import { IssuerIndex, readOcspResponse, readRevocationList, RevocationListIndex } from '@certlane/pki';
import {
  testCa,
  testKey,
  testOcspResponse,
  testResponder,
  testRevocationList,
  type TestOcspOptions,
  type TestSingleResponse,
} from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { admitAnswer } from './admit-answer.js';
import { afterAnswer } from './answer-reading.js';
import { usualRefresh } from './settings.js';

const now = new Date('2026-11-20T12:00:00Z');
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);
const { authority, issue } = testCa({ name: 'Acme', now });
const { certificate } = issue();
const octetsOf = (single: Partial<TestSingleResponse> = {}, options: TestOcspOptions = {}) =>
  testOcspResponse(authority, [{ certificate, ...single }], options);
const admit = (octets: Uint8Array, lists = new RevocationListIndex([]), inUse?: Uint8Array) =>
  admitAnswer({
    response: readOcspResponse(octets),
    certificate,
    issuer: authority.certificate,
    inUse: inUse === undefined ? undefined : readOcspResponse(inUse),
    lists,
    known: new IssuerIndex([authority.certificate]),
    maximumAgeDays: 15,
    now,
  });

describe('an OCSP answer', () => {
  it.each<[string, Uint8Array]>([
    ['says that the certificate is good', octetsOf()],
    ['says that it is revoked', octetsOf({ status: { at: hours(-5) } })],
    ['comes from a responder that the authority has named', octetsOf({}, { responder: testResponder(authority) })],
  ])('is kept if it %s', (_what, octets) => {
    expect(admit(octets)).toMatchObject({ taken: true, until: expect.any(Date) });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['knows nothing', octetsOf({ status: 'unknown' }), /does not know it/],
    ['is about another certificate', octetsOf({ certificate: issue().certificate }), /no OCSP answer about it/],
    ['is signed by another', octetsOf({}, { signedWith: testKey('stranger') }), /is not proven/],
    ['is out of date', octetsOf({ thisUpdate: hours(-40), nextUpdate: hours(-20) }), /is outdated/],
    ['is of the future', octetsOf({ thisUpdate: hours(5), nextUpdate: hours(20) }), /is of the future/],
  ])('is not kept if it %s', (_what, octets, message) => {
    expect(admit(octets)).toEqual({ taken: false, reason: 'not-determined', message: expect.stringMatching(message) });
  });

  it('from before the one in use does not take its place, however long it holds', () => {
    const good = octetsOf({ thisUpdate: hours(-20), nextUpdate: hours(100) });
    const revoked = octetsOf({ thisUpdate: hours(-2), status: { at: hours(-5) } });
    const none = new RevocationListIndex([]);
    expect(admit(good, none, revoked)).toEqual({
      taken: false,
      reason: 'older',
      message: expect.stringMatching(/2026-11-19T16.*before the answer in use \(2026-11-20T10/),
    });
    expect(admit(revoked, none, good)).toMatchObject({ taken: true });
    expect(admit(revoked, none, revoked)).toMatchObject({ taken: true });
  });

  it('of a responder that may be revoked itself needs a list that tells of that one', () => {
    const responder = testResponder(authority, { checked: true });
    const octets = octetsOf({}, { responder });
    expect(admit(octets)).toMatchObject({ taken: false });
    const list = readRevocationList(testRevocationList(authority));
    expect(admit(octets, new RevocationListIndex([list]))).toMatchObject({ taken: true });
    const revoked = readRevocationList(
      testRevocationList(authority, { revoked: [responder.certificate.serialNumber] }),
    );
    expect(admit(octets, new RevocationListIndex([revoked]))).toMatchObject({ taken: false });
  });
});

describe('what is known of an answer', () => {
  const before = {
    id: '0'.repeat(64),
    certificate,
    issuer: authority.certificate,
    url: 'http://ocsp.example/',
    failures: 0,
  };
  const context = { settings: usualRefresh, now };
  const taken = (octets: Uint8Array) =>
    ({ outcome: 'taken', octets, response: readOcspResponse(octets), until: hours(6) }) as const;
  const failed = { outcome: 'failed', trouble: { reason: 'time', message: 'it took too long' } } as const;

  it('changes with its status alone, and is asked for again when the next one is due', () => {
    const first = afterAnswer(before, taken(octetsOf()), context);
    expect(first).toMatchObject({ changed: true, tell: undefined, record: { failures: 0, lastTry: { ok: true } } });
    expect(new Date(first.record.nextTry ?? 0).getTime()).toBeLessThanOrEqual(hours(6).getTime());
    expect(afterAnswer(first.record, taken(octetsOf({ thisUpdate: now })), context).changed).toBe(false);
    expect(afterAnswer(first.record, taken(octetsOf({ status: { at: hours(-1) } })), context).changed).toBe(true);
  });

  it('stays when the responder fails, which is told once until it is good again', () => {
    const first = afterAnswer(before, taken(octetsOf()), context).record;
    const second = afterAnswer(first, failed, context);
    expect(second).toMatchObject({
      changed: false,
      tell: { reason: 'time' },
      record: { answer: first.answer, failures: 1 },
    });
    expect(afterAnswer(second.record, failed, context)).toMatchObject({ tell: undefined, record: { failures: 2 } });
    expect(afterAnswer(second.record, taken(octetsOf()), context).record).toMatchObject({
      told: undefined,
      failures: 0,
    });
  });
});
