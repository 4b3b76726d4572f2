import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Asn1Element, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, smallIntegerOf, want } from '../asn1/values.js';
import { PkiError } from '../errors.js';
import { HASH_BY_OID, hashLength } from '../hashes.js';
import { pbkdf2Key } from '../password/decrypt.js';
import { bmpPassword, pkcs12Kdf, PURPOSE } from '../password/pkcs12-kdf.js';
import type { WorkBudget } from '../password/work-budget.js';

const PBMAC1 = '1.2.840.113549.1.5.14';

/** HMACs of PBMAC1 and how many octets of key they take as RFC 9579 has them. */
const HMACS: Readonly<Record<string, 'sha256' | 'sha384' | 'sha512'>> = {
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/**
 * Whether MacData fits content and password (RFC 7292 §4, RFC 9579): the way a wrong password is told from a broken file.
 * @throws PkiError `encryption-unsupported` for a hash that is not known, `work-limit`, `asn1-malformed`
 */
export function checkMac(macData: Asn1Element, content: Uint8Array, password: string, budget: WorkBudget): boolean {
  const fields = Fields.of(macData, TAG.sequence, 'macData');
  const [algorithm, digest] = fields.required(TAG.sequence, 'mac').children;
  const salt = fields.required(TAG.octetString, 'macSalt').content;
  const iterations = fields.optional(TAG.integer);
  fields.end();
  const rounds = iterations === undefined ? 1 : smallIntegerOf(iterations, 'iterations');
  const [type, parameters] = want(algorithm, TAG.sequence, 'digestAlgorithm').children;
  const oid = oidOf(type, 'digestAlgorithm');
  const stated = want(digest, TAG.octetString, 'digest').content;
  const computed =
    oid === PBMAC1
      ? pbmac1(parameters, content, password, budget)
      : classicMac(oid, salt, rounds, content, password, budget);
  return computed.some((mac) => mac.length === stated.length && timingSafeEqual(mac, stated));
}

/** An empty password counts as an empty string by some programs, as no octets at all by others. */
function classicMac(
  oid: string,
  salt: Uint8Array,
  rounds: number,
  content: Uint8Array,
  password: string,
  budget: WorkBudget,
): Uint8Array[] {
  const hash = HASH_BY_OID.get(oid);
  if (hash === undefined || hash === 'md2' || hash.startsWith('sha3')) {
    throw new PkiError(
      'encryption-unsupported',
      `The PKCS#12 file has a MAC over the unknown hash ${oid}; write it anew.`,
    );
  }
  const passwords = password === '' ? [bmpPassword(''), new Uint8Array(0)] : [bmpPassword(password)];
  return passwords.map((octets) => {
    budget.spend(rounds);
    const key = pkcs12Kdf({ password: octets, salt, rounds, hash, purpose: PURPOSE.mac, length: hashLength(hash) });
    return createHmac(hash, key).update(content).digest();
  });
}

function pbmac1(
  parameters: Asn1Element | undefined,
  content: Uint8Array,
  password: string,
  budget: WorkBudget,
): Uint8Array[] {
  const [kdf, scheme] = want(parameters, TAG.sequence, 'PBMAC1-params').children;
  const hash = HMACS[oidOf(want(scheme, TAG.sequence, 'messageAuthScheme').children[0], 'messageAuthScheme')];
  if (hash === undefined) throw malformed('a MAC of PBMAC1 that is no HMAC over SHA-2');
  const key = pbkdf2Key(kdf, hashLength(hash), password, budget);
  return [createHmac(hash, key).update(content).digest()];
}
