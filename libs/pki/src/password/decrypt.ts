import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { type Asn1Element, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, smallIntegerOf, want } from '../asn1/values.js';
import { PkiError } from '../errors.js';
import type { HashName } from '../hashes.js';
import { plain } from '../octets.js';
import { bmpPassword, pkcs12Kdf, PURPOSE } from './pkcs12-kdf.js';
import type { WorkBudget } from './work-budget.js';

interface Cipher {
  readonly name: string;
  readonly keyLength: number;
  readonly ivLength: number;
}

const CIPHERS: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16, ivLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24, ivLength: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32, ivLength: 16 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
};

/** HMACs that PBKDF2 runs on (RFC 8018 appendix B.1). */
const PRFS: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';

/** Encryptions we know by name and do not do: broken ciphers that OpenSSL 3 itself has moved to its legacy provider. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4-128',
  '1.2.840.113549.1.12.1.2': 'RC4-40',
  '1.2.840.113549.1.12.1.5': 'RC2-128',
  '1.2.840.113549.1.12.1.6': 'RC2-40',
  '1.2.840.113549.1.5.3': 'MD5 and DES',
  '1.2.840.113549.1.5.10': 'SHA-1 and DES',
};

/**
 * Decrypts what a password protects in PKCS#8 and PKCS#12: PBES2 (PBKDF2 with AES-CBC or 3DES-CBC, RFC 8018) and
 * pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C). A wrong password is noticed by the padding in 255 of 256 cases;
 * the caller takes unreadable content as a wrong password too.
 * @throws PkiError `password-wrong`, `encryption-unsupported` with the remedy, `work-limit`, `asn1-malformed`
 */
export function decryptWithPassword(
  algorithm: Asn1Element,
  ciphertext: Uint8Array,
  password: string,
  budget: WorkBudget,
): Uint8Array {
  const [type, parameters] = algorithm.children;
  const oid = oidOf(type, 'the encryption algorithm');
  const { cipher, key, iv } =
    oid === PBES2
      ? pbes2(parameters, password, budget)
      : oid === PBE_SHA1_3DES
        ? pbeSha1TripleDes(parameters, password, budget)
        : unsupported(UNSUPPORTED[oid] ?? oid);
  try {
    const decipher = createDecipheriv(cipher.name, key, iv);
    const start = decipher.update(ciphertext);
    const end = decipher.final();
    const decrypted = plain(Buffer.concat([start, end]));
    start.fill(0);
    end.fill(0);
    return decrypted;
  } catch {
    throw wrongPassword();
  } finally {
    key.fill(0);
  }
}

/** The refusal for a password that does not open the file. */
export function wrongPassword(): PkiError {
  return new PkiError('password-wrong', 'The password does not open the file.');
}

interface KeyAndIv {
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

function pbes2(parameters: Asn1Element | undefined, password: string, budget: WorkBudget): KeyAndIv {
  const [kdf, scheme] = want(parameters, TAG.sequence, 'PBES2-params').children;
  const [schemeType, iv] = want(scheme, TAG.sequence, 'encryptionScheme').children;
  const schemeOid = oidOf(schemeType, 'encryptionScheme');
  const cipher = CIPHERS[schemeOid] ?? unsupported(schemeOid);
  const ivOctets = want(iv, TAG.octetString, 'the initialization vector').content;
  if (ivOctets.length !== cipher.ivLength) unsupported(`${cipher.name} with an IV of ${ivOctets.length} octets`);
  return { cipher, key: pbkdf2Key(kdf, cipher.keyLength, password, budget), iv: ivOctets };
}

/**
 * Derives the key that an AlgorithmIdentifier of PBKDF2 describes (RFC 8018 appendix A.2). The password counts as UTF-8.
 * @throws PkiError `encryption-unsupported`, `work-limit`, `asn1-malformed`
 */
export function pbkdf2Key(
  algorithm: Asn1Element | undefined,
  keyLength: number,
  password: string,
  budget: WorkBudget,
): Uint8Array {
  const [type, parameters] = want(algorithm, TAG.sequence, 'keyDerivationFunc').children;
  const oid = oidOf(type, 'keyDerivationFunc');
  if (oid !== PBKDF2) unsupported(`key derivation ${oid}`);
  const fields = Fields.of(parameters, TAG.sequence, 'PBKDF2-params');
  const salt = fields.required(TAG.octetString, 'salt').content;
  const rounds = smallIntegerOf(fields.required(TAG.integer, 'iterationCount'), 'iterationCount');
  const stated = fields.optional(TAG.integer);
  const prf = fields.optional(TAG.sequence);
  fields.end();
  if (stated !== undefined && smallIntegerOf(stated, 'keyLength') !== keyLength)
    unsupported('another key length than its cipher');
  const prfOid = prf === undefined ? undefined : oidOf(prf.children[0], 'prf');
  const digest = prfOid === undefined ? 'sha1' : (PRFS[prfOid] ?? unsupported(`PBKDF2 with ${prfOid}`));
  budget.spend(rounds);
  return plain(pbkdf2Sync(password, salt, rounds, keyLength, digest));
}

function pbeSha1TripleDes(parameters: Asn1Element | undefined, password: string, budget: WorkBudget): KeyAndIv {
  const fields = Fields.of(parameters, TAG.sequence, 'pkcs-12PbeParams');
  const salt = fields.required(TAG.octetString, 'salt').content;
  const rounds = smallIntegerOf(fields.required(TAG.integer, 'iterations'), 'iterations');
  fields.end();
  // 24 octets of key take two runs of SHA-1, the IV a third.
  budget.spend(rounds * 3);
  const input = { password: bmpPassword(password), salt, rounds, hash: 'sha1' as const };
  return {
    cipher: { name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 },
    key: pkcs12Kdf({ ...input, purpose: PURPOSE.key, length: 24 }),
    iv: pkcs12Kdf({ ...input, purpose: PURPOSE.iv, length: 8 }),
  };
}

function unsupported(what: string): never {
  throw new PkiError(
    'encryption-unsupported',
    `The file is encrypted with ${what}, which is not supported. Write it anew with AES: for PKCS#12 ` +
      '"openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem", then "openssl pkcs12 -export -in all.pem -out new.p12"; ' +
      'for a key "openssl pkcs8 -topk8 -v2 aes-256-cbc".',
  );
}
