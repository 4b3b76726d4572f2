import { createHmac, pbkdf2Sync } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { integer, nullValue, objectIdentifier, octetString, sequence, explicit, encodeElement } from '../asn1/write.js';
import { certificateToPem } from '../certificate/index.js';
import { concatOctets } from '../octets.js';
import { bmpPassword, pkcs12Kdf } from '../password/pkcs12-kdf.js';
import { mutated } from '../testing/mutations.js';
import { OpensslBench, opensslVersion } from '../testing/openssl.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { readPkcs12 } from './index.js';

const ca = testCa({ now: new Date() });
const [ours, other] = [ca.issue(), ca.issue()];
const chain = [ca.authority.certificate, ca.root.certificate];
const withOpenssl = opensslVersion === undefined ? describe.skip : describe;

withOpenssl('PKCS#12 files of openssl (needs the openssl command)', () => {
  const bench = new OpensslBench();
  bench.file('a.key', ours.privateKeyPem);
  bench.file('a.crt', ours.certificatePem);
  bench.file('b.key', other.privateKeyPem);
  bench.file('b.crt', other.certificatePem);
  bench.file('chain.crt', chain.map(certificateToPem).join(''));
  afterAll(() => {
    bench.remove();
  });

  const make = (...options: string[]): Uint8Array => {
    bench.run('pkcs12', '-export', '-out', 'a.p12', ...options);
    return bench.read('a.p12');
  };
  const standard = [
    '-inkey',
    'a.key',
    '-in',
    'a.crt',
    '-certfile',
    'chain.crt',
    '-passout',
    'pass:geheim',
    '-name',
    'ours',
  ];

  it.each([
    ['as openssl makes them today', []],
    ['with one round', ['-iter', '1', '-maciter']],
    ['with many rounds', ['-iter', '50000']],
    ['with a MAC over SHA-512', ['-macalg', 'sha512']],
    ['with a MAC over SHA-1', ['-macalg', 'sha1']],
    ['with AES-128', ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-128-cbc']],
    ['with 3DES as twenty years ago', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['with certificates that are not encrypted', ['-certpbe', 'NONE']],
    ['with nothing encrypted', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['without a MAC', ['-nomac']],
  ])('%s are read', (_, options) => {
    const content = readPkcs12(make(...standard, ...options), 'geheim');
    expect(content.certificate.fingerprint).toBe(ours.certificate.fingerprint);
    expect(content.privateKey).toEqual(ours.pkcs8);
    expect(content.chain.map(({ fingerprint }) => fingerprint)).toEqual(chain.map(({ fingerprint }) => fingerprint));
    if (!options.includes('NONE')) {
      expect(refusalOf(() => readPkcs12(bench.read('a.p12'), 'falsch'))).toBe('password-wrong');
    }
  });

  it.each(['', 'ä€🚚', 'a b'])('with the password %j are read', (password) => {
    const file = make('-inkey', 'a.key', '-in', 'a.crt', '-passout', `pass:${password}`, '-keypbe', 'PBE-SHA1-3DES');
    expect(readPkcs12(file, password).privateKey).toEqual(ours.pkcs8);
    expect(refusalOf(() => readPkcs12(file, `${password} `))).toBe('password-wrong');
  });

  it('with the key of another certificate before its own are read', () => {
    bench.file('both.crt', other.certificatePem + ours.certificatePem);
    bench.run('pkcs12', '-export', '-out', 'a.p12', '-inkey', 'a.key', '-in', 'both.crt', '-passout', 'pass:x');
    const content = readPkcs12(bench.read('a.p12'), 'x');
    expect(content.certificate.fingerprint).toBe(ours.certificate.fingerprint);
    expect(content.chain).toHaveLength(1);
  });

  it.each([
    [
      'with RC2, as old programs make them',
      ['-legacy'],
      'encryption-unsupported',
      'openssl pkcs12 -legacy -in old.p12',
    ],
    ['with RC4', ['-legacy', '-certpbe', 'PBE-SHA1-RC4-128'], 'encryption-unsupported', 'RC4-128'],
    ['with more rounds than are granted', ['-iter', '3000000', '-nomac'], 'work-limit', '3000000 rounds'],
  ])('%s are refused with the remedy', (_, options, code, message) => {
    const file = make(...standard, ...options);
    expect(refusalOf(() => readPkcs12(file, 'geheim'))).toBe(code);
    expect(messageOf(() => readPkcs12(file, 'geheim'))).toContain(message);
  });

  it('without a key, without its certificate or with several keys are refused', () => {
    expect(refusalOf(() => readPkcs12(make('-nokeys', '-in', 'a.crt', '-passout', 'pass:x'), 'x'))).toBe(
      'pkcs12-no-key',
    );
    expect(refusalOf(() => readPkcs12(make('-inkey', 'a.key', '-nocerts', '-passout', 'pass:x'), 'x'))).toBe(
      'pkcs12-no-certificate',
    );
  });

  it('that were damaged are refused, and nothing else happens', () => {
    const seeds = [make(...standard, '-iter', '1', '-nomac'), make(...standard, '-iter', '1')];
    const allowed =
      /^(accepted|pkcs12-.*|password-wrong|encryption-unsupported|work-limit|trailing-octets|too-large|certificate-malformed|key-.*)$/;
    fc.assert(
      fc.property(mutated(seeds), (octets) => {
        expect(refusalOf(() => readPkcs12(octets, 'geheim'))).toMatch(allowed);
      }),
      { numRuns: 200 },
    );
  });
});

const DATA = '1.2.840.113549.1.7.1';
/** A PFX without a MAC around these SafeContents, written by hand from RFC 7292 §4. */
function pfx(...bags: Uint8Array[]): Uint8Array {
  const safe = sequence(sequence(objectIdentifier(DATA), explicit(0, octetString(sequence(...bags)))));
  return sequence(integer(3), sequence(objectIdentifier(DATA), explicit(0, octetString(safe))));
}
const bag = (type: number, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(`1.2.840.113549.1.12.10.1.${type}`), explicit(0, value));
const keyBag = (pkcs8: Uint8Array): Uint8Array => bag(1, pkcs8);
const certificateBag = (der: Uint8Array): Uint8Array =>
  bag(3, sequence(objectIdentifier('1.2.840.113549.1.9.22.1'), explicit(0, octetString(der))));

describe('readPkcs12', () => {
  it('reads a file put together by hand, with bags in bags and bags of other kinds', () => {
    const nested = bag(6, sequence(keyBag(ours.pkcs8), bag(5, sequence())));
    expect(readPkcs12(pfx(certificateBag(ours.certificate.der), nested), '').privateKey).toEqual(ours.pkcs8);
  });

  it('reads BER with the content in chunks, as other programs write it', () => {
    const safe = sequence(
      sequence(
        objectIdentifier(DATA),
        explicit(0, octetString(sequence(keyBag(ours.pkcs8), certificateBag(ours.certificate.der)))),
      ),
    );
    const chunks = [safe.subarray(0, 1000), safe.subarray(1000)].map(octetString);
    const chunked = concatOctets([Uint8Array.of(0x24, 0x80), ...chunks, Uint8Array.of(0, 0)]);
    const file = sequence(integer(3), sequence(objectIdentifier(DATA), explicit(0, chunked)));
    expect(readPkcs12(file, '').certificate.fingerprint).toBe(ours.certificate.fingerprint);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'pkcs12-malformed'],
    ['a certificate', ours.certificate.der, 'pkcs12-malformed'],
    [
      'a file protected by a signature',
      sequence(integer(3), sequence(objectIdentifier('1.2.840.113549.1.7.2'), explicit(0, sequence()))),
      'pkcs12-malformed',
    ],
    [
      'a part for a public key',
      sequence(
        integer(3),
        sequence(
          objectIdentifier(DATA),
          explicit(
            0,
            octetString(sequence(sequence(objectIdentifier('1.2.840.113549.1.7.3'), explicit(0, sequence())))),
          ),
        ),
      ),
      'pkcs12-malformed',
    ],
    [
      'two keys',
      pfx(keyBag(ours.pkcs8), keyBag(other.pkcs8), certificateBag(ours.certificate.der)),
      'pkcs12-several-keys',
    ],
    ['65 bags', pfx(...new Array<Uint8Array>(65).fill(certificateBag(ours.certificate.der))), 'pkcs12-malformed'],
    ['a broken certificate', pfx(certificateBag(new Uint8Array(3))), 'certificate-malformed'],
    ['a broken key', pfx(keyBag(sequence(integer(0)))), 'key-unsupported'],
    ['octets at the end', concatOctets([pfx(), Uint8Array.of(1)]), 'trailing-octets'],
    ['more than a mebibyte', new Uint8Array(1_048_577), 'too-large'],
    [
      'bags nested without end',
      pfx(new Array(40).fill(0).reduce<Uint8Array>((inner) => bag(6, sequence(inner)), sequence())),
      'too-large',
    ],
    ['a tag at the wrong place', encodeElement(0x31, new Uint8Array(3)), 'pkcs12-malformed'],
  ])('refuses %s', (_, octets, code) => {
    expect(refusalOf(() => readPkcs12(octets, ''))).toBe(code);
  });

  /** A file with a MAC of PBMAC1 over its content, as openssl makes it from 3.4 on. */
  function withPbmac1(password: string, rounds: number, keyLength = 32): Uint8Array {
    const safe = sequence(
      sequence(
        objectIdentifier(DATA),
        explicit(0, octetString(sequence(keyBag(ours.pkcs8), certificateBag(ours.certificate.der)))),
      ),
    );
    const salt = new Uint8Array(8).fill(5);
    const mac = createHmac('sha256', pbkdf2Sync(password, salt, rounds, keyLength, 'sha256'))
      .update(safe)
      .digest();
    const hmac = sequence(objectIdentifier('1.2.840.113549.2.9'), nullValue());
    const kdf = sequence(
      objectIdentifier('1.2.840.113549.1.5.12'),
      sequence(octetString(salt), integer(rounds), integer(keyLength), hmac),
    );
    const digestInfo = sequence(
      sequence(objectIdentifier('1.2.840.113549.1.5.14'), sequence(kdf, hmac)),
      octetString(mac),
    );
    return sequence(
      integer(3),
      sequence(objectIdentifier(DATA), explicit(0, octetString(safe))),
      sequence(digestInfo, octetString(new Uint8Array(8)), integer(1)),
    );
  }

  it('checks the newer kind of MAC', () => {
    expect(readPkcs12(withPbmac1('geheim ä', 2048), 'geheim ä').privateKey).toEqual(ours.pkcs8);
    expect(refusalOf(() => readPkcs12(withPbmac1('geheim ä', 2048), 'geheim'))).toBe('password-wrong');
    expect(refusalOf(() => readPkcs12(withPbmac1('x', 1, 1), 'x'))).toBe('encryption-unsupported');
  });

  it('takes the same key twice for one', () => {
    const file = pfx(keyBag(ours.pkcs8), keyBag(ours.pkcs8), certificateBag(ours.certificate.der));
    expect(readPkcs12(file, '').certificate.fingerprint).toBe(ours.certificate.fingerprint);
  });
});

describe('the key derivation of PKCS#12', () => {
  it('gives what others get', () => {
    // From the test vectors that implementers of RFC 7292 appendix B exchange: password "smeg".
    const input = { password: bmpPassword('smeg'), hash: 'sha1', rounds: 1 } as const;
    const salt = Uint8Array.from([0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f]);
    const key = pkcs12Kdf({ ...input, salt, purpose: 1, length: 24 });
    expect(Buffer.from(key).toString('hex')).toBe('8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3');
  });
});
