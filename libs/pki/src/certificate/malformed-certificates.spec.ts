import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Asn1Limits } from '../asn1/element.js';
import { readDer } from '../asn1/read-der.js';
import {
  bitString,
  boolean,
  encodeElement,
  explicit,
  implicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
} from '../asn1/write.js';
import { extension, keyUsageExtension } from '../issuing/extension-values.js';
import { concatOctets } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { readCertificate } from './read-certificate.js';

const ca = testCa({ now: new Date('2026-03-01T10:15:30Z') });
const leaf = ca.issue({ host: 'oftp2.example.com' }).certificate;

const LIMITS: Asn1Limits = { octets: 65_536, depth: 16, elements: 4096 };
const [tbs, algorithm, signature] = readDer(leaf.der, LIMITS).children.map(({ octets }) => octets);

/** A certificate of these parts, those of the leaf where none is given; signatures do not matter to reading. */
const put = (parts: { tbs?: Uint8Array; algorithm?: Uint8Array; signature?: Uint8Array; more?: Uint8Array }) =>
  sequence(
    parts.tbs ?? tbs!,
    parts.algorithm ?? algorithm!,
    parts.signature ?? signature!,
    parts.more ?? new Uint8Array(0),
  );

/** The leaf with parts of its tbsCertificate exchanged. */
function rebuilt(change: (fields: Uint8Array[]) => Uint8Array[]): Uint8Array {
  return put({ tbs: sequence(...change(readDer(tbs!, LIMITS).children.map(({ octets }) => octets))) });
}

const VERSION = 0;
const SERIAL = 1;
const SIGNATURE = 2;
const ISSUER = 3;
const VALIDITY = 4;
const SUBJECT = 5;
const KEY = 6;
const EXTENSIONS = 7;

const replaced = (at: number, field: Uint8Array): Uint8Array => rebuilt((fields) => fields.with(at, field));
const withExtensions = (...extensions: Uint8Array[]): Uint8Array =>
  replaced(EXTENSIONS, explicit(3, sequence(...extensions)));
const withValue = (oid: string, value: Uint8Array): Uint8Array => withExtensions(extension(oid, false, value));
const utc = (text: string): Uint8Array => encodeElement(0x17, Buffer.from(text));
const name = (attribute: Uint8Array): Uint8Array => sequence(encodeElement(0x31, attribute));
const commonName = (value: Uint8Array): Uint8Array => name(sequence(objectIdentifier('2.5.4.3'), value));
const rsaKey = (key: Uint8Array): Uint8Array =>
  sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue()), bitString(key));
const nested = (depth: number): Uint8Array => (depth === 0 ? nullValue() : sequence(nested(depth - 1)));
const both = (one: Uint8Array): Uint8Array =>
  put({
    tbs: sequence(...readDer(tbs!, LIMITS).children.map(({ octets }, at) => (at === SIGNATURE ? one : octets))),
    algorithm: one,
  });
const serverAuth = objectIdentifier('1.3.6.1.5.5.7.3.1');

const CASES: readonly (readonly [what: string, der: Uint8Array, says: string])[] = [
  ['nothing', new Uint8Array(0), 'the data ends at octet 0, where an element begins'],
  ['one octet', Uint8Array.of(0x30), 'the data ends inside the length at octet 1'],
  ['text', Buffer.from('certificate'), 'claims'],
  ['the end missing', leaf.der.subarray(0, leaf.der.length - 1), 'claims'],
  ['the first half', leaf.der.subarray(0, leaf.der.length / 2), 'claims'],
  ['octets after the end', concatOctets([leaf.der, Uint8Array.of(0)]), 'octets follow the end'],
  ['two certificates', concatOctets([leaf.der, leaf.der]), 'octets follow the end'],
  ['more than 64 KiB', new Uint8Array(65_537), '65537 octets where at most 65536 are accepted'],
  ['elements without end inside each other', nested(40), 'ASN.1 nested deeper than 16'],
  ['five thousand elements', sequence(...Array.from({ length: 5000 }, nullValue)), 'more than 4096 ASN.1 elements'],
  [
    'an indefinite length',
    concatOctets([Uint8Array.of(0x30, 0x80), tbs!, Uint8Array.of(0, 0)]),
    'an indefinite length at octet 1, which DER forbids',
  ],
  [
    'a length longer than need be',
    concatOctets([Uint8Array.of(0x30, 0x83, 0), leaf.der.subarray(2)]),
    'a length not in its shortest form at octet 1',
  ],
  ['a set in place of the sequence', Uint8Array.of(0x31, ...leaf.der.subarray(1)), 'Certificate is set, not sequence'],
  ['nothing inside', sequence(), 'tbsCertificate of Certificate is missing'],
  ['no signature', sequence(tbs!, algorithm!), 'signatureValue of Certificate is missing'],
  ['a part after the signature', put({ more: nullValue() }), 'Certificate has an unexpected null'],
  [
    'padding bits in the signature',
    put({ signature: bitString(leaf.signature.with(-1, 0), 1) }),
    'signatureValue is no whole number of octets',
  ],
  [
    'padding bits that are set',
    put({ signature: encodeElement(3, Uint8Array.of(3, 0xff)) }),
    'signatureValue has padding bits that are set',
  ],
  [
    'a signature that is text',
    put({ signature: octetString(leaf.signature) }),
    'signatureValue of Certificate is octetString, not bitString',
  ],
  [
    'no version where there are extensions',
    rebuilt((fields) => fields.slice(1)),
    'a version 1 certificate has extensions',
  ],
  ['version 4', replaced(VERSION, explicit(0, integer(3))), 'the version is 3'],
  ['version -1', replaced(VERSION, explicit(0, integer(-1))), 'the version is -1'],
  ['an empty version', replaced(VERSION, explicit(0)), 'the version is not one integer'],
  ['two versions', replaced(VERSION, explicit(0, integer(2), integer(2))), 'the version is not one integer'],
  [
    'a serial number of 33 octets',
    replaced(SERIAL, encodeElement(2, new Uint8Array(33).fill(1))),
    'serialNumber has 33 octets',
  ],
  [
    'a serial number without octets',
    replaced(SERIAL, encodeElement(2, new Uint8Array(0))),
    'serialNumber is an integer without octets',
  ],
  [
    'a serial number with zeros before',
    replaced(SERIAL, encodeElement(2, Uint8Array.of(0, 1))),
    'serialNumber is an integer not in its shortest form',
  ],
  [
    'a serial number that is text',
    replaced(SERIAL, octetString(Uint8Array.of(1))),
    'serialNumber of tbsCertificate is octetString, not integer',
  ],
  [
    'another inner signature algorithm',
    replaced(SIGNATURE, sequence(objectIdentifier('1.2.840.113549.1.1.5'))),
    'the two signature algorithms of the certificate differ',
  ],
  ['signature algorithms that are none', both(sequence(nullValue())), 'the signature algorithm is null, not oid'],
  [
    'an algorithm number with a leading zero',
    both(sequence(encodeElement(6, Uint8Array.of(0x2a, 0x80, 1)))),
    'the signature algorithm has an arc with a leading zero',
  ],
  [
    'RSASSA-PSS without parameters',
    both(sequence(objectIdentifier('1.2.840.113549.1.1.10'))),
    'RSASSA-PSS-params is missing',
  ],
  ['an issuer that is no name', replaced(ISSUER, sequence(nullValue())), 'an RDN of the issuer is null, not set'],
  [
    'an empty RDN in the issuer',
    replaced(ISSUER, sequence(encodeElement(0x31, new Uint8Array(0)))),
    'an RDN of the issuer is empty',
  ],
  [
    'an attribute without a value',
    replaced(SUBJECT, name(sequence(objectIdentifier('2.5.4.3')))),
    'an attribute of the subject is not a type and a value',
  ],
  [
    'more than 128 attributes in the subject',
    replaced(
      SUBJECT,
      sequence(
        ...Array.from({ length: 129 }, () =>
          encodeElement(0x31, sequence(objectIdentifier('2.5.4.11'), encodeElement(0x0c, Buffer.from('x')))),
        ),
      ),
    ),
    'the subject has more than 128 attributes',
  ],
  [
    'a name that is not UTF-8',
    replaced(SUBJECT, commonName(encodeElement(0x0c, Uint8Array.of(0xff)))),
    'a utf8String in a name that is not UTF-8',
  ],
  [
    'a name of three octets in UTF-16',
    replaced(SUBJECT, commonName(encodeElement(0x1e, Uint8Array.of(0, 65, 0)))),
    'a bmpString in a name that is not UTF-16BE',
  ],
  [
    'a surrogate in UTF-32',
    replaced(SUBJECT, commonName(encodeElement(0x1c, Uint8Array.of(0, 0, 0xd8, 0)))),
    'a universalString in a name that is not UTF-32',
  ],
  [
    'a date that is none',
    replaced(VALIDITY, sequence(utc('260230000000Z'), utc('270101000000Z'))),
    'notBefore is no time of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ',
  ],
  [
    'a date without seconds',
    replaced(VALIDITY, sequence(utc('2602010000Z'), utc('270101000000Z'))),
    'notBefore is no time of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ',
  ],
  [
    'a date in another time zone',
    replaced(VALIDITY, sequence(utc('260201000000+0100'), utc('270101000000Z'))),
    'notBefore is no time of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ',
  ],
  [
    'a date that is a number',
    replaced(VALIDITY, sequence(integer(260201), utc('270101000000Z'))),
    'notBefore is integer, not a time',
  ],
  ['one date', replaced(VALIDITY, sequence(utc('260201000000Z'))), 'notAfter of validity is missing'],
  [
    'three dates',
    replaced(VALIDITY, sequence(...Array.from({ length: 3 }, () => utc('260201000000Z')))),
    'validity has an unexpected utcTime',
  ],
  [
    'a public key that is none',
    replaced(KEY, sequence(nullValue())),
    'algorithm of subjectPublicKeyInfo is null, not sequence',
  ],
  [
    'an RSA key that is no DER',
    replaced(KEY, rsaKey(Uint8Array.of(0x30, 0x05, 0))),
    'an element at octet 0 claims 5 octets, 1 are there',
  ],
  [
    'an RSA key without an exponent',
    replaced(KEY, rsaKey(sequence(integer(65_537)))),
    'publicExponent of RSAPublicKey is missing',
  ],
  ['a field too many', rebuilt((fields) => [...fields, nullValue()]), 'tbsCertificate has an unexpected null'],
  ['a field too few', rebuilt((fields) => fields.slice(0, SUBJECT)), 'subject of tbsCertificate is missing'],
  [
    'two lists of extensions',
    replaced(EXTENSIONS, explicit(3, sequence(), sequence())),
    'the extensions are not one list',
  ],
  [
    'an extension twice',
    withExtensions(keyUsageExtension(['keyAgreement']), keyUsageExtension(['cRLSign'])),
    'an extension occurs twice',
  ],
  [
    'an extension without a value',
    withExtensions(sequence(objectIdentifier('1.2.3'))),
    'extnValue of extension is missing',
  ],
  [
    'an extension without a number',
    withExtensions(sequence(boolean(true), octetString(nullValue()))),
    'extnID of extension is boolean, not oid',
  ],
  [
    'a critical flag that is neither true nor false',
    withExtensions(sequence(objectIdentifier('1.2.3'), encodeElement(1, Uint8Array.of(1)), octetString(nullValue()))),
    'critical is neither 00 nor FF',
  ],
  [
    'an extension that is no DER',
    withValue('2.5.29.17', Uint8Array.of(0x30, 0x80, 0, 0)),
    'extension 2.5.29.17 is no DER',
  ],
  ['key usage that is no bit string', withValue('2.5.29.15', nullValue()), 'keyUsage is null, not bitString'],
  [
    'key usage with nine unused bits',
    withValue('2.5.29.15', encodeElement(3, Uint8Array.of(9, 0xa0))),
    'keyUsage is no bit string',
  ],
  ['an empty list of key purposes', withValue('2.5.29.37', sequence()), 'extendedKeyUsage is empty'],
  [
    'a key purpose that is text',
    withValue('2.5.29.37', sequence(serverAuth, octetString(Uint8Array.of(1)))),
    'a key purpose is octetString, not oid',
  ],
  [
    'a negative path length',
    withValue('2.5.29.19', sequence(boolean(true), integer(-1))),
    'pathLenConstraint is negative',
  ],
  [
    'a path length of five octets',
    withValue('2.5.29.19', sequence(boolean(true), integer(2 ** 35))),
    'pathLenConstraint is an integer of 5 octets',
  ],
  [
    'basic constraints with more in them',
    withValue('2.5.29.19', sequence(boolean(true), integer(1), nullValue())),
    'basicConstraints has an unexpected null',
  ],
  [
    'a zero octet in a host name',
    withValue('2.5.29.17', sequence(implicit(2, Buffer.from('good\0.evil')))),
    'a subjectAltName is no IA5String',
  ],
  [
    'a host name outside ASCII',
    withValue('2.5.29.17', sequence(implicit(2, Uint8Array.of(0xe4)))),
    'a subjectAltName is no IA5String',
  ],
  [
    'alternative names that are no list',
    withValue('2.5.29.17', octetString(Uint8Array.of(1))),
    'subjectAltName is octetString, not sequence',
  ],
  [
    'a subject key identifier that is a number',
    withValue('2.5.29.14', integer(1)),
    'subjectKeyIdentifier is integer, not octetString',
  ],
  [
    'an authority key identifier that is text',
    withValue('2.5.29.35', octetString(Uint8Array.of(1))),
    'authorityKeyIdentifier is octetString, not sequence',
  ],
];

describe('a malformed certificate', () => {
  it('is what is changed alone: put together again the sound one is read', () => {
    expect(refusalOf(() => readCertificate(rebuilt((fields) => fields)))).toBe('accepted');
    expect(CASES.length).toBeGreaterThan(60);
  });

  it.each(CASES)('is refused by name: %s', (_, der, says) => {
    expect(['certificate-malformed', 'trailing-octets', 'too-large']).toContain(refusalOf(() => readCertificate(der)));
    expect(messageOf(() => readCertificate(der))).toContain(says);
  });

  it('is refused, or read, and nothing else happens, whatever octets are changed', () => {
    const allowed = ['accepted', 'certificate-malformed', 'trailing-octets', 'too-large'];
    fc.assert(
      fc.property(mutated([leaf.der, ca.root.certificate.der]), (octets) => {
        expect(allowed).toContain(refusalOf(() => readCertificate(octets)));
      }),
      { numRuns: 3000 },
    );
  });
});
