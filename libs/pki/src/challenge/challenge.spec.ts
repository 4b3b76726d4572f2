import { constants, createCipheriv, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  algorithmIdentifier,
  encodeElement,
  explicit,
  implicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
} from '../asn1/write.js';
import { type Certificate, publicKeyOf } from '../certificate/index.js';
import type { PkiError } from '../errors.js';
import { concatOctets } from '../octets.js';
import { mutated } from '../testing/mutations.js';
import { refusalOf } from '../testing/refusals.js';
import { testSelfSigned } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import { envelopChallenge, openChallenge, recipientsOf } from './index.js';

const ca = testCa({ now: new Date('2026-03-01T00:00:00Z') });
const ours = ca.issue({ serial: '0100' });
const other = ca.issue({ serial: '0200' });
const challenge = new Uint8Array(randomBytes(20));
const UNDECIPHERABLE = 'challenge-undecipherable';

const RSA = algorithmIdentifier('1.2.840.113549.1.1.1', nullValue());
const RECIPIENT = sequence(ours.certificate.issuerDer, integer(0x100));

interface Parts {
  readonly recipients?: readonly Uint8Array[];
  /** What RSA carries, before its padding or with it. */
  readonly encryptedKey?: Uint8Array;
  readonly transport?: Uint8Array;
  readonly cipher?: Uint8Array;
  readonly content?: Uint8Array;
}

const key = randomBytes(32);
const iv = new Uint8Array(16).fill(3);

function aes(plaintext: Uint8Array, padded = true, contentKey: Uint8Array = key): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', contentKey, iv).setAutoPadding(padded);
  return concatOctets([cipher.update(plaintext), cipher.final()]);
}

/** RSA with this padding, or of a whole block as it stands. */
const rsa = (octets: Uint8Array, padding: number = constants.RSA_PKCS1_PADDING): Uint8Array =>
  new Uint8Array(publicEncrypt({ key: publicKeyOf(ours.certificate.publicKey), padding }, octets));

/** An EnvelopedData put together by hand, sound unless a part is given. */
function envelope(parts: Parts = {}): Uint8Array {
  const encryptedKey = parts.encryptedKey ?? rsa(key);
  const recipient = sequence(integer(0), RECIPIENT, parts.transport ?? RSA, octetString(encryptedKey));
  const recipients = encodeElement(0x31, concatOctets(parts.recipients ?? [recipient]));
  const cipher = parts.cipher ?? algorithmIdentifier('2.16.840.1.101.3.4.1.42', octetString(iv));
  const content = sequence(
    objectIdentifier('1.2.840.113549.1.7.1'),
    cipher,
    implicit(0, parts.content ?? aes(challenge)),
  );
  return sequence(objectIdentifier('1.2.840.113549.1.7.3'), explicit(0, sequence(integer(0), recipients, content)));
}

/** A block of the modulus' length: 00 02, filling, 00, the key; with changes. */
function block(change: (octets: Uint8Array) => void): Uint8Array {
  const octets = new Uint8Array(256).fill(0xaa);
  octets.set([0, 2]);
  octets[256 - 33] = 0;
  octets.set(key, 256 - 32);
  change(octets);
  return rsa(octets, constants.RSA_NO_PADDING);
}

describe('openChallenge', () => {
  it.each([
    ['3des', 'rsaes-pkcs1-v1_5', undefined],
    ['aes-256', 'rsaes-pkcs1-v1_5', undefined],
    ['3des', 'rsaes-oaep', undefined],
    ['aes-256', 'rsaes-oaep', 'sha512'],
  ] as const)('opens what envelopChallenge made with %s, %s, %s', (cipher, keyTransport, hash) => {
    const made = envelopChallenge({ challenge, recipient: ours.certificate, cipher, keyTransport, hash });
    expect(openChallenge(made, [ours])).toEqual(challenge);
    expect(made.length).toBeLessThan(640);
  });

  it('opens an envelope put together by hand', () => {
    expect(openChallenge(envelope(), [ours])).toEqual(challenge);
    expect(openChallenge(envelope({ encryptedKey: block(() => undefined) }), [ours])).toEqual(challenge);
  });

  it('opens one whose encrypted key lost its leading zeros', () => {
    let encryptedKey = rsa(key);
    while (encryptedKey[0] !== 0) encryptedKey = rsa(key);
    expect(openChallenge(envelope({ encryptedKey: encryptedKey.subarray(1) }), [ours])).toEqual(challenge);
  });

  it('opens one for a name written in other string types', () => {
    const { certificate } = ours;
    const issuer = certificate.issuerDer.map((octet) => (octet === 0x0c ? 0x13 : octet));
    const recipient = sequence(integer(0), sequence(issuer, integer(0x100)), RSA, octetString(rsa(key)));
    expect(issuer).not.toEqual(certificate.issuerDer);
    expect(openChallenge(envelope({ recipients: [recipient] }), [ours])).toEqual(challenge);
  });

  it('passes over recipients with an algorithm it does not know', () => {
    const recipient = (algorithm: Uint8Array): Uint8Array =>
      sequence(integer(0), RECIPIENT, algorithm, octetString(rsa(key)));
    const unknown = [
      algorithmIdentifier('1.2.3'),
      algorithmIdentifier('1.2.840.113549.1.1.7', sequence(explicit(0, algorithmIdentifier('1.2.3')))),
    ].map(recipient);
    expect(openChallenge(envelope({ recipients: [...unknown, recipient(RSA)] }), [ours])).toEqual(challenge);
    expect(refusalOf(() => openChallenge(envelope({ recipients: unknown }), [ours]))).toBe(UNDECIPHERABLE);
  });

  const failures: [string, () => Uint8Array][] = [
    ['nothing', () => new Uint8Array(0)],
    ['something else', () => randomBytes(430)],
    ['an envelope cut short', () => envelope().subarray(0, 300)],
    ['octets after the envelope', () => concatOctets([envelope(), Uint8Array.of(0)])],
    ['no recipient', () => envelope({ recipients: [] })],
    [
      '65 recipients',
      () =>
        envelope({
          recipients: new Array<Uint8Array>(65).fill(sequence(integer(0), RECIPIENT, RSA, octetString(rsa(key)))),
        }),
    ],
    [
      'a first octet of the block that is not zero',
      () => envelope({ encryptedKey: block((octets) => octets.set([1])) }),
    ],
    ['a block type 1', () => envelope({ encryptedKey: block((octets) => octets.set([0, 1])) })],
    [
      'a zero in the first eight octets of filling',
      () => envelope({ encryptedKey: block((octets) => octets.set([0], 5)) }),
    ],
    ['a zero in the middle of the filling', () => envelope({ encryptedKey: block((octets) => octets.set([0], 100)) })],
    ['no zero before the key', () => envelope({ encryptedKey: block((octets) => octets.set([1], 256 - 33)) })],
    ['a key of 31 octets', () => envelope({ encryptedKey: rsa(key.subarray(1)) })],
    ['a key of 24 octets for a cipher of 32', () => envelope({ encryptedKey: rsa(randomBytes(24)) })],
    ['another key', () => envelope({ encryptedKey: rsa(randomBytes(32)) })],
    ['an encrypted key not below the modulus', () => envelope({ encryptedKey: new Uint8Array(256).fill(0xff) })],
    ['an encrypted key longer than the modulus', () => envelope({ encryptedKey: new Uint8Array(257).fill(1) })],
    ['an empty encrypted key', () => envelope({ encryptedKey: new Uint8Array(0) })],
    [
      'PKCS #1 where OAEP is announced',
      () => envelope({ transport: algorithmIdentifier('1.2.840.113549.1.1.7', sequence()) }),
    ],
    ['OAEP where PKCS #1 is announced', () => envelope({ encryptedKey: rsa(key, constants.RSA_PKCS1_OAEP_PADDING) })],
    [
      'a damaged block with content under a key of zeros, which a fixed substitute would open',
      () =>
        envelope({
          encryptedKey: block((octets) => octets.set([1])),
          content: aes(challenge, true, new Uint8Array(32)),
        }),
    ],
    ['19 octets inside', () => envelope({ content: aes(challenge.subarray(1)) })],
    ['21 octets inside', () => envelope({ content: aes(concatOctets([challenge, Uint8Array.of(0)])) })],
    ['32 octets without padding', () => envelope({ content: aes(new Uint8Array(32).fill(1), false) })],
    [
      'padding that is wrong in one octet',
      () => envelope({ content: aes(concatOctets([challenge, new Uint8Array(12).fill(12).fill(11, 3, 4)]), false) }),
    ],
    ['content that is no whole number of blocks', () => envelope({ content: aes(challenge).subarray(1) })],
    ['no content', () => envelope({ content: new Uint8Array(0) })],
    ['a megabyte of content', () => envelope({ content: new Uint8Array(1_048_576) })],
    [
      'an IV of another length',
      () => envelope({ cipher: algorithmIdentifier('2.16.840.1.101.3.4.1.42', octetString(iv.subarray(1))) }),
    ],
    ['no IV', () => envelope({ cipher: algorithmIdentifier('2.16.840.1.101.3.4.1.42') })],
    ['another cipher', () => envelope({ cipher: algorithmIdentifier('2.16.840.1.101.3.4.1.2', octetString(iv)) })],
  ];

  it.each(failures)('refuses %s, without a word more than any other failure', (_, make) => {
    const refusal = (): unknown => {
      try {
        return openChallenge(make(), [ours]);
      } catch (error) {
        const { code, message, cause } = error as PkiError;
        return { code, message, cause };
      }
    };
    expect(refusal()).toEqual({
      code: UNDECIPHERABLE,
      message: 'The challenge cannot be opened with any of our keys for session authentication.',
      cause: undefined,
    });
  });

  it('refuses without a key, with the wrong key, and with a key that is not RSA', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    for (const keys of [[], [other], [{ ...ours, privateKey: other.privateKey }], [{ ...ours, privateKey: ec }]]) {
      expect(refusalOf(() => openChallenge(envelope(), keys))).toBe(UNDECIPHERABLE);
    }
  });

  it('takes for a failure whatever was changed on the way', () => {
    const made = envelopChallenge({
      challenge,
      recipient: ours.certificate,
      cipher: 'aes-256',
      keyTransport: 'rsaes-oaep',
    });
    fc.assert(
      fc.property(fc.oneof(mutated([made, envelope()]), fc.uint8Array({ maxLength: 100 })), (octets) => {
        expect([UNDECIPHERABLE, 'accepted']).toContain(refusalOf(() => openChallenge(octets, [ours])));
        expect(['cms-malformed', 'trailing-octets', 'too-large', 'accepted']).toContain(
          refusalOf(() => recipientsOf(octets)),
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('envelopChallenge', () => {
  const options = { challenge, recipient: ours.certificate, cipher: 'aes-256', keyTransport: 'rsaes-oaep' } as const;

  it.each([0, 19, 21, 32])('refuses a challenge of %d octets', (length) => {
    expect(refusalOf(() => envelopChallenge({ ...options, challenge: new Uint8Array(length) }))).toBe(
      'challenge-invalid',
    );
  });

  it('refuses keys that cannot carry a key', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const withEc = testSelfSigned(new Date(), { key: ec }).certificate;
    const small = testSelfSigned(new Date(), { weak: 'rsa-1024' }).certificate;
    const broken: Certificate = {
      ...ours.certificate,
      publicKey: { ...ours.certificate.publicKey, spki: new Uint8Array(5) },
    };
    expect(refusalOf(() => envelopChallenge({ ...options, recipient: withEc }))).toBe('recipient-unsuitable');
    expect(refusalOf(() => envelopChallenge({ ...options, recipient: small, hash: 'sha512' }))).toBe(
      'recipient-unsuitable',
    );
    expect(refusalOf(() => envelopChallenge({ ...options, recipient: broken }))).toBe('key-unsupported');
  });

  it('never makes the same envelope twice', () => {
    expect(envelopChallenge(options)).not.toEqual(envelopChallenge(options));
  });

  it('repeats the issuer name octet for octet and a negative serial number', () => {
    const negative: Certificate = { ...ours.certificate, serialNumber: '-81' };
    const made = envelopChallenge({ ...options, recipient: negative });
    expect(Buffer.from(made).includes(Buffer.from(ours.certificate.issuerDer))).toBe(true);
    expect(recipientsOf(made)).toEqual([{ issuer: ours.certificate.issuer, serialNumber: '-81' }]);
  });
});
