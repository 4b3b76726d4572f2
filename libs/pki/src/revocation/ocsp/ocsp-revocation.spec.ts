import { describe, expect, it } from '@jest/globals';
import { nullValue } from '../../asn1/write.js';
import { type Certificate, KEY_PURPOSE } from '../../certificate/index.js';
import { extension } from '../../issuing/extension-values.js';
import { TestAuthority, unknownCriticalExtension } from '../../testing/test-authority.js';
import { testCa } from '../../testing/test-ca.js';
import { testKey } from '../../testing/test-keys.js';
import {
  ocspResponse,
  testOcspResponse,
  type TestOcspOptions,
  testResponder,
  type TestSingleResponse,
} from '../../testing/test-ocsp-response.js';
import { testRevocationList } from '../../testing/test-revocation-list.js';
import type { RevocationSource, RevocationState } from '../../validation/revocation-source.js';
import { crlRevocation } from '../crl-revocation.js';
import { firstDetermined } from '../first-determined.js';
import { readRevocationList } from '../read-revocation-list.js';
import { type OcspAnswer, ocspRevocation, type OcspRevocationInput } from './ocsp-revocation.js';
import { readOcspResponse } from './read-ocsp-response.js';

const now = new Date('2026-03-01T12:00:00Z');
const hours = (n: number): Date => new Date(now.getTime() + n * 3_600_000);
const { root, authority } = testCa({ now });
const { certificate } = authority.issue({ serial: '2a' });
const other = authority.issue({ serial: '2b' }).certificate;
const path: readonly Certificate[] = [certificate, authority.certificate, root.certificate];
const NONCE = Uint8Array.of(1, 2, 3, 4);

type Single = Omit<TestSingleResponse, 'certificate'>;
const answerOf = (
  singles: readonly TestSingleResponse[],
  options: TestOcspOptions = {},
  by = authority,
): OcspAnswer => ({
  response: readOcspResponse(testOcspResponse(by, singles, options)),
});
const judge = (answers: readonly OcspAnswer[], rest: Partial<OcspRevocationInput> = {}): RevocationState =>
  ocspRevocation({ answers, ...rest })(path, now);

const revokedAt = { at: hours(-30), reason: 'keyCompromise' } as const;
const heldAt = { at: hours(-30), reason: 'certificateHold' } as const;
const past = { thisUpdate: hours(-30), nextUpdate: hours(-6) };

describe('revocation by one OCSP answer', () => {
  it.each<[string, Single, TestOcspOptions, RevocationState['status'], RegExp]>([
    ['that is good', {}, {}, 'good', /is good by the OCSP answer of 2026-03-01T12:00:00.000Z/],
    ['over SHA-256', { hash: 'sha256' }, {}, 'good', /is good/],
    ['that names its responder by key', {}, { by: 'key' }, 'good', /is good/],
    ['that is revoked', { status: revokedAt }, {}, 'revoked', /is revoked by the OCSP answer/],
    ['that is unknown', { status: 'unknown' }, {}, 'undetermined', /does not know it/],
    ['signed with another key', {}, { signedWith: testKey('other') }, 'undetermined', /signature is not its issuer's/],
    ['signed over SHA-512', {}, { hash: 'sha512' }, 'good', /is good/],
    ['signed over SHA-1', {}, { hash: 'sha1' }, 'undetermined', /which can be forged by who asks/],
    ['past its nextUpdate', past, {}, 'undetermined', /was due at/],
    ['past it, revoked', { ...past, status: revokedAt }, {}, 'revoked', /is revoked/],
    ['past it, on hold', { ...past, status: heldAt }, {}, 'undetermined', /was due at/],
    ['on hold', { status: heldAt }, {}, 'revoked', /is revoked/],
    ['of the future', { thisUpdate: hours(1) }, {}, 'undetermined', /of the future/],
    ['within the skew', { thisUpdate: hours(0.08) }, {}, 'good', /is good/],
    ['produced in the future', {}, { producedAt: hours(1) }, 'undetermined', /of the future/],
    ['without nextUpdate', { nextUpdate: 'none' }, {}, 'good', /is good/],
    [
      'without nextUpdate, 25 hours old',
      { thisUpdate: hours(-25), nextUpdate: 'none' },
      {},
      'undetermined',
      /more than 1 days/,
    ],
    ['16 days old', { thisUpdate: hours(-16 * 24), nextUpdate: hours(9) }, {}, 'undetermined', /more than 15 days/],
    [
      'with an unknown critical extension',
      {},
      { extensions: [extension('1.2.3', true, nullValue())] },
      'undetermined',
      /unknown critical/,
    ],
    [
      'with one inside',
      { extensions: [extension('1.2.3', true, nullValue())] },
      {},
      'undetermined',
      /unknown critical/,
    ],
    ['with a nonce nobody asked for', {}, { nonce: NONCE }, 'good', /is good/],
  ])('%s', (_, single, options, status, message) => {
    const state = judge([answerOf([{ certificate, ...single }], options)]);
    expect(state.status).toBe(status);
    expect(state.message).toMatch(message);
  });

  it('tells when and why', () => {
    expect(judge([answerOf([{ certificate, status: revokedAt }])])).toMatchObject({
      status: 'revoked',
      at: revokedAt.at,
      reason: 'keyCompromise',
    });
  });

  it.each<[string, Uint8Array | undefined, string, RegExp]>([
    ['repeated', NONCE, 'good', /is good/],
    ['missing', undefined, 'undetermined', /does not repeat the nonce/],
    ['another', Uint8Array.of(1, 2, 3), 'undetermined', /repeats another nonce/],
  ])('must have the nonce that was sent: %s', (_, nonce, status, message) => {
    const answer = answerOf([{ certificate }], nonce === undefined ? {} : { nonce });
    const state = judge([{ ...answer, nonce: NONCE }]);
    expect(state.status).toBe(status);
    expect(state.message).toMatch(message);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['refuses', ocspResponse(3), /the OCSP responder answered tryLater/],
    [
      'is about another certificate',
      testOcspResponse(authority, [{ certificate: other }]),
      /there is no OCSP answer about it/,
    ],
    [
      'is about the same number of another issuer',
      testOcspResponse(root, [{ certificate }]),
      /there is no OCSP answer/,
    ],
  ])('is undetermined if it %s', (_, der, message) => {
    const state = judge([{ response: readOcspResponse(der) }]);
    expect(state.status).toBe('undetermined');
    expect(state.message).toMatch(message);
  });

  it('is undetermined without answers, and for a path without issuer', () => {
    expect(judge([])).toEqual({
      status: 'undetermined',
      message: 'there is no OCSP answer about it from "Acme OFTP2 CA"',
    });
    expect(ocspRevocation({ answers: [] })([certificate], now).status).toBe('undetermined');
  });
});

describe('several answers', () => {
  const good = answerOf([{ certificate }]);
  const revoked = answerOf([{ certificate, status: revokedAt }]);

  it('count as revoked if one of them says so', () => {
    expect(judge([good, revoked]).status).toBe('revoked');
    expect(
      judge([answerOf([{ certificate: other }, { certificate }, { certificate, status: revokedAt }])]).status,
    ).toBe('revoked');
  });

  it('count as good if one is and the others are of no use', () => {
    const used: OcspAnswer[] = [];
    const useless = answerOf([{ certificate, ...past }]);
    expect(judge([useless, good], { onUse: (each) => used.push(each) }).status).toBe('good');
    expect(used).toEqual([good]);
  });

  it('may be asked for each certificate of a path', () => {
    const ofAuthority = answerOf([{ certificate: authority.certificate }], {}, root);
    const source = ocspRevocation({ answers: [good, ofAuthority] });
    expect(source(path.slice(1), now).status).toBe('good');
    expect(source(path, now).status).toBe('good');
  });
});

describe('a delegated responder', () => {
  const stranger = TestAuthority.root('Stranger', now);
  const sameNamed = TestAuthority.root('x', now, { subject: authority.certificate.subject });
  it.each<[string, TestOcspOptions, RegExp]>([
    ['answers', { responder: testResponder(authority) }, /^is good/],
    ['answers by key', { responder: testResponder(authority), by: 'key' }, /^is good/],
    [
      'answers by digitalSignature alone or without key usage',
      { responder: testResponder(authority, { keyUsage: 'none' }) },
      /^is good/,
    ],
    ['needs its certificate', { responder: testResponder(authority), certs: [] }, /is neither the issuer nor among/],
    [
      'needs id-kp-OCSPSigning',
      { responder: testResponder(authority, { extendedKeyUsage: [KEY_PURPOSE.serverAuth] }) },
      /id-kp-OCSPSigning is missing/,
    ],
    [
      'needs it by name',
      { responder: testResponder(authority, { extendedKeyUsage: ['2.5.29.37.0'] }) },
      /id-kp-OCSPSigning is missing/,
    ],
    [
      'needs any',
      { responder: testResponder(authority, { extendedKeyUsage: 'none' }) },
      /id-kp-OCSPSigning is missing/,
    ],
    [
      'needs digitalSignature',
      { responder: testResponder(authority, { keyUsage: ['keyEncipherment'] }) },
      /digitalSignature is missing/,
    ],
    ['must not have expired', { responder: testResponder(authority, { expired: true }) }, /is valid from/],
    ['must not be of the future', { responder: testResponder(authority, { future: true }) }, /is valid from/],
    ['must be of the same issuer', { responder: testResponder(root) }, /was not certified by "Acme OFTP2 CA"/],
    ['must be of the same key', { responder: testResponder(sameNamed) }, /was not certified by/],
    ['must not be a stranger', { responder: testResponder(stranger) }, /was not certified by/],
    [
      'must not have unknown critical extensions',
      { responder: testResponder(authority, { extensions: [unknownCriticalExtension()] }) },
      /unknown critical/,
    ],
    ['must sign itself', { responder: testResponder(authority), signedWith: testKey('other') }, /signature is not/],
    [
      'must not be told of by itself alone',
      { responder: testResponder(authority, { checked: true }) },
      /may itself be revoked/,
    ],
  ])('%s', (_, options, message) => {
    const state = judge([answerOf([{ certificate }], options)]);
    expect(state.message).toMatch(message);
    expect(state.status === 'good').toBe(message.source.startsWith('^is good'));
  });

  it('without id-pkix-ocsp-nocheck is believed if lists say it is not revoked', () => {
    const responder = testResponder(authority, { checked: true });
    const list = (...revoked: readonly string[]) => readRevocationList(testRevocationList(authority, { revoked }));
    const answers = [answerOf([{ certificate }], { responder })];
    const by = (...revoked: readonly string[]) => ({
      responderRevocation: crlRevocation({ lists: [list(...revoked)] }),
    });
    expect(judge(answers, by()).status).toBe('good');
    expect(judge(answers, by(responder.certificate.serialNumber)).message).toMatch(
      /may itself be revoked: it stands in/,
    );
    expect(judge(answers, { responderRevocation: crlRevocation({ lists: [] }) }).status).toBe('undetermined');
  });
});

describe('lists first, then OCSP', () => {
  const list = (...revoked: readonly string[]) =>
    crlRevocation({ lists: [readRevocationList(testRevocationList(authority, { revoked }))] });
  const none = crlRevocation({ lists: [] });
  const says = (status: TestSingleResponse['status'] & {}) =>
    ocspRevocation({ answers: [answerOf([{ certificate, status }])] });

  it.each<[string, readonly RevocationSource[], RevocationState['status']]>([
    ['the list knows', [list(), says(revokedAt)], 'good'],
    ['the list has it revoked', [list('2a'), says('good')], 'revoked'],
    ['there is no list', [none, says('good')], 'good'],
    ['there is no list, and it is revoked', [none, says(revokedAt)], 'revoked'],
    ['nobody knows', [none, says('unknown')], 'undetermined'],
    ['nobody is asked', [], 'undetermined'],
  ])('%s', (_, sources, status) => {
    expect(firstDetermined(...sources)(path, now).status).toBe(status);
  });

  it('tells what each of them lacks', () => {
    expect(firstDetermined(none, says('unknown'))(path, now).message).toBe(
      'there is no revocation list of "Acme OFTP2 CA"; the OCSP answer of 2026-03-01T12:00:00.000Z does not know it',
    );
  });
});
