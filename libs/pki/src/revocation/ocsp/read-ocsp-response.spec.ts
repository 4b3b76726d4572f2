import { describe, expect, it } from '@jest/globals';
import { TAG } from '../../asn1/element.js';
import {
  algorithmIdentifier,
  bitString,
  encodeElement,
  explicit,
  implicit,
  integer,
  nullValue,
  octetString,
  sequence,
  time,
} from '../../asn1/write.js';
import { extension } from '../../issuing/extension-values.js';
import { encodeName, parseDistinguishedName } from '../../names/index.js';
import { messageOf, refusalOf } from '../../testing/refusals.js';
import { testCa } from '../../testing/test-ca.js';
import { ocspResponse, testOcspResponse, testResponder } from '../../testing/test-ocsp-response.js';
import { generalizedTime } from '../../testing/test-revocation-list.js';
import { writeCertificateId } from './certificate-id.js';
import { readOcspResponse } from './read-ocsp-response.js';

const now = new Date('2026-03-01T12:00:00Z');
const { authority } = testCa({ now });
const { certificate } = authority.issue({ serial: '2a' });

describe('an OCSP response', () => {
  it('is read with everything in it', () => {
    const responder = testResponder(authority);
    const der = testOcspResponse(
      authority,
      [
        { certificate, status: { at: new Date('2026-02-03T04:05:06Z'), reason: 'superseded' }, hash: 'sha256' },
        { certificate: responder.certificate, nextUpdate: 'none' },
        { certificate, status: 'unknown' },
        { certificate, status: { at: now } },
      ],
      { responder, by: 'key', nonce: Uint8Array.of(1, 2, 3) },
    );
    expect(readOcspResponse(der)).toMatchObject({
      status: 'successful',
      basic: {
        responderID: { form: 'byKey', keyHash: responder.certificate.subjectKeyIdentifier },
        producedAt: now,
        nonce: Uint8Array.of(1, 2, 3),
        unknownCriticalExtensions: [],
        certs: [{ fingerprint: responder.certificate.fingerprint }],
        responses: [
          {
            certID: { hash: 'sha256', serialNumber: '2a' },
            certStatus: { status: 'revoked', at: new Date('2026-02-03T04:05:06Z'), reason: 'superseded' },
            thisUpdate: new Date('2026-03-01T11:00:00Z'),
            nextUpdate: new Date('2026-03-02T11:00:00Z'),
          },
          { certID: { hash: 'sha1' }, certStatus: { status: 'good' }, nextUpdate: undefined },
          { certStatus: { status: 'unknown' } },
          { certStatus: { status: 'revoked', at: now, reason: 'unspecified' } },
        ],
      },
    });
  });

  it.each([
    [1, 'malformedRequest'],
    [2, 'internalError'],
    [3, 'tryLater'],
    [5, 'sigRequired'],
    [6, 'unauthorized'],
  ])('of status %i is %s', (number, status) => {
    expect(readOcspResponse(ocspResponse(number))).toEqual({ status });
  });

  it('may hold a nonce as RFC 2560 had it', () => {
    const extensions = [extension('1.3.6.1.5.5.7.48.1.2', false, Uint8Array.of(9, 9))];
    const response = readOcspResponse(testOcspResponse(authority, [{ certificate }], { extensions }));
    expect(response).toMatchObject({ basic: { nonce: Uint8Array.of(9, 9) } });
  });

  it('tells unknown critical extensions', () => {
    const extensions = [extension('1.2.3', true, nullValue()), extension('1.2.4', false, nullValue())];
    const response = readOcspResponse(testOcspResponse(authority, [{ certificate, extensions }], { extensions }));
    expect(response).toMatchObject({
      basic: { unknownCriticalExtensions: ['1.2.3'], responses: [{ unknownCriticalExtensions: ['1.2.3'] }] },
    });
  });
});

interface Parts {
  readonly data?: readonly Uint8Array[];
  readonly id?: Uint8Array;
  readonly status?: Uint8Array;
  readonly single?: readonly Uint8Array[];
  readonly singles?: readonly Uint8Array[];
  readonly by?: Uint8Array;
  readonly producedAt?: Uint8Array;
  readonly before?: readonly Uint8Array[];
  readonly extensions?: readonly Uint8Array[];
  readonly signature?: Uint8Array;
  readonly after?: readonly Uint8Array[];
}

const id = writeCertificateId(certificate, authority.certificate, 'sha1');
const date = generalizedTime(now);
const name = encodeName(parseDistinguishedName('CN=Responder'));
const hash = algorithmIdentifier('1.3.14.3.2.26', nullValue());

/** An answer of parts, each of them sound unless given. */
function answer(parts: Parts = {}): Uint8Array {
  const single = sequence(...(parts.single ?? [parts.id ?? id, parts.status ?? implicit(0, new Uint8Array()), date]));
  const data = parts.data ?? [
    ...(parts.before ?? []),
    parts.by ?? explicit(1, name),
    parts.producedAt ?? date,
    sequence(...(parts.singles ?? [single])),
    ...(parts.extensions ?? []),
  ];
  const basic = sequence(
    sequence(...data),
    algorithmIdentifier('1.2.840.113549.1.1.11', nullValue()),
    parts.signature ?? bitString(Uint8Array.of(1, 2)),
    ...(parts.after ?? []),
  );
  return ocspResponse(0, basic);
}

const good = implicit(0, new Uint8Array());
const revoked = (...parts: readonly Uint8Array[]): Parts => ({ status: explicit(1, ...parts) });
const code = (...octets: readonly number[]): Uint8Array =>
  explicit(0, encodeElement(TAG.enumerated, Uint8Array.from(octets)));
const extensions = (...all: readonly Uint8Array[]): Parts => ({ extensions: [explicit(1, sequence(...all))] });

const MALFORMED: readonly (readonly [name: string, der: Uint8Array | Parts, reason: string | RegExp])[] = [
  ['nothing', new Uint8Array(), /the data ends at octet 0/],
  ['HTML', Buffer.from('<html>not found</html>'), /not of the form DER prescribes/],
  ['cut off', answer().subarray(0, 60), /claims \d+ octets/],
  ['octets after the end', Uint8Array.of(...answer(), 0), /1 octets follow/],
  ['status 4', ocspResponse(4), 'the responseStatus is 4'],
  ['status 7', ocspResponse(7), 'the responseStatus is 7'],
  ['a status that is an integer', sequence(integer(0)), /responseStatus of OCSPResponse is integer/],
  ['success without an answer', ocspResponse(0), 'responseBytes is not one element'],
  ['another type of answer', ocspResponse(0, answer(), '1.2.3'), 'the responseType is 1.2.3, not id-pkix-ocsp-basic'],
  ['an answer that is no DER', ocspResponse(0, Uint8Array.of(0x30, 0x80)), /indefinite/],
  ['an answer with octets after it', ocspResponse(0, Uint8Array.of(0x30, 0, 0)), /1 octets follow/],
  ['version 2', { before: [explicit(0, integer(1))] }, 'the version is not 1'],
  ['an empty version', { before: [explicit(0)] }, 'version is not one element'],
  ['a responder of an unknown choice', { by: explicit(3, name) }, /neither byName nor byKey/],
  ['a responder by a name that is none', { by: explicit(1, integer(1)) }, /the name of the responder is integer/],
  ['a responder by a key of 19 octets', { by: explicit(2, octetString(new Uint8Array(19))) }, /19 octets/],
  ['a responder by a key that is text', { by: explicit(2, name) }, /byKey is sequence/],
  ['producedAt as UTCTime', { producedAt: time(now) }, /producedAt is utcTime/],
  [
    'producedAt without seconds',
    { producedAt: encodeElement(TAG.generalizedTime, Buffer.from('202603011200Z')) },
    /producedAt is no time/,
  ],
  ['no single response', { singles: [] }, /^.*0 responses/],
  ['too many of them', { singles: Array.from({ length: 257 }, () => sequence(id, good, date)) }, /257 responses/],
  ['a single response that is none', { singles: [integer(1)] }, /singleResponse is integer/],
  ['one without certID', { single: [good, date] }, /certID is \[0\]/],
  ['one without status', { single: [id, date] }, /none of good, revoked and unknown/],
  ['one without thisUpdate', { single: [id, good] }, 'thisUpdate of singleResponse is missing'],
  ['one with a part too many', { single: [id, good, date, nullValue()] }, /unexpected null/],
  ['a status with content', { status: implicit(0, Uint8Array.of(1)) }, /none of good/],
  ['status [3]', { status: implicit(3, new Uint8Array()) }, /none of good/],
  ['revoked without a time', revoked(), 'revocationTime of revokedInfo is missing'],
  ['revoked at a UTCTime', revoked(time(now)), /revocationTime is utcTime/],
  ['revoked for reason 7', revoked(date, code(7)), /revocationReason 7/],
  ['revoked for reason 0 1', revoked(date, code(0, 1)), 'revocationReason is not one octet'],
  ['revoked with a third part', revoked(date, code(1), nullValue()), /unexpected null/],
  [
    'a certID without hash',
    { id: sequence(octetString(id), octetString(id), integer(1)) },
    /hashAlgorithm is octetString/,
  ],
  ['a certID without serial number', { id: sequence(hash, octetString(id), octetString(id)) }, /serialNumber/],
  [
    'a certID with a serial number of 33 octets',
    { id: sequence(hash, octetString(id), octetString(id), integer(1n << 257n)) },
    /33 octets/,
  ],
  [
    'nextUpdate before thisUpdate',
    { single: [id, good, date, explicit(0, generalizedTime(new Date(0)))] },
    'nextUpdate is before thisUpdate',
  ],
  ['two times in nextUpdate', { single: [id, good, date, explicit(0, date, date)] }, 'nextUpdate is not one element'],
  [
    'an extension twice',
    extensions(extension('1.2.3', false, id), extension('1.2.3', false, id)),
    'the extension 1.2.3 occurs twice',
  ],
  ['extensions that are no list', { extensions: [explicit(1, integer(1))] }, /responseExtensions is integer/],
  ['an extension that is none', extensions(sequence(integer(1))), /extnID of extension is integer/],
  ['a signature with padding bits', { signature: bitString(Uint8Array.of(2), 1) }, /no whole number/],
  ['a certificate that is none', { after: [explicit(0, sequence(sequence(integer(1))))] }, /certificate/],
  ['a part after the certificates', { after: [explicit(0, sequence()), nullValue()] }, /unexpected null/],
];

describe('a malformed OCSP response', () => {
  it.each(MALFORMED)('is refused: %s', (_, given, reason) => {
    const der = given instanceof Uint8Array ? given : answer(given);
    const read = () => readOcspResponse(der);
    expect(['ocsp-malformed', 'trailing-octets']).toContain(refusalOf(read));
    expect(messageOf(read)).toMatch(reason);
  });

  it('is one, since the response of sound parts is read', () => {
    expect(refusalOf(() => readOcspResponse(answer()))).toBe('accepted');
    expect(refusalOf(() => readOcspResponse(new Uint8Array(200_000)))).toBe('too-large');
    expect(MALFORMED.length).toBeGreaterThanOrEqual(40);
  });
});
