import { createHmac, randomBytes } from 'node:crypto';
import {
  algorithmIdentifier,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../asn1/write.js';
import type { Certificate } from '../certificate/index.js';
import { hashLength, hashOid } from '../hashes.js';
import { bmpPassword, pkcs12Kdf, PURPOSE } from '../password/pkcs12-kdf.js';
import type { TestIdentity } from './test-authority.js';

/** Object identifiers of RFC 7292 §4 and RFC 2985. */
const OID = {
  data: '1.2.840.113549.1.7.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
} as const;
const ROUNDS = 2048;
const KEY_ID = Uint8Array.of(1);

/**
 * A PKCS#12 file as openssl writes them with `-certpbe NONE`: the key under PBES2 with AES-256, the certificates open, a MAC
 * over SHA-256.
 * @param chain authorities above the certificate
 */
export function testPkcs12(
  { certificate, privateKey }: Pick<TestIdentity, 'certificate' | 'privateKey'>,
  password: string,
  chain: readonly Certificate[] = [],
): Uint8Array {
  const encrypted = privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password });
  const identifier = setOf(sequence(objectIdentifier(OID.localKeyId), setOf(octetString(KEY_ID))));
  const safe = sequence(
    data(sequence(bag(OID.shroudedKeyBag, encrypted, identifier))),
    data(sequence(certificateBag(certificate, identifier), ...chain.map((authority) => certificateBag(authority)))),
  );
  return sequence(integer(3), data(safe), macData(safe, password));
}

const data = (content: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(OID.data), explicit(0, octetString(content)));

const bag = (type: string, value: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array =>
  sequence(objectIdentifier(type), explicit(0, value), ...attributes);

const certificateBag = ({ der }: Certificate, ...attributes: readonly Uint8Array[]): Uint8Array =>
  bag(OID.certBag, sequence(objectIdentifier(OID.x509Certificate), explicit(0, octetString(der))), ...attributes);

function macData(content: Uint8Array, password: string): Uint8Array {
  const salt = randomBytes(16);
  const key = pkcs12Kdf({
    password: bmpPassword(password),
    salt,
    rounds: ROUNDS,
    hash: 'sha256',
    purpose: PURPOSE.mac,
    length: hashLength('sha256'),
  });
  const digest = createHmac('sha256', key).update(content).digest();
  const digestInfo = sequence(algorithmIdentifier(hashOid('sha256'), nullValue()), octetString(digest));
  return sequence(digestInfo, octetString(salt), integer(ROUNDS));
}
