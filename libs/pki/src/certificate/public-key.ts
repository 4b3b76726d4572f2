import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Asn1Element, type Asn1Limits, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readDer } from '../asn1/read-der.js';
import { bitOctetsOf, integerContent, oidOf } from '../asn1/values.js';
import { PkiError } from '../errors.js';
import { plain } from '../octets.js';

/** The kinds of public keys that can be told apart. */
export type PublicKeyAlgorithm = 'rsa' | 'rsa-pss' | 'ec' | 'ed25519' | 'ed448' | 'dsa' | 'other';

/** A subjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export interface PublicKeyInfo {
  readonly algorithm: PublicKeyAlgorithm;
  readonly oid: string;
  /** Modulus or curve size in bits; undefined where it does not apply or is not known. */
  readonly bits: number | undefined;
  /** Name of the curve, e.g. `P-256`, or its number. */
  readonly curve: string | undefined;
  /** The subjectPublicKeyInfo as DER. */
  readonly spki: Uint8Array;
}

const ALGORITHMS: Readonly<Record<string, PublicKeyAlgorithm>> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10045.2.1': 'ec',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
  '1.2.840.10040.4.1': 'dsa',
};

const CURVES: Readonly<Record<string, readonly [name: string, bits: number]>> = {
  '1.2.840.10045.3.1.7': ['P-256', 256],
  '1.3.132.0.34': ['P-384', 384],
  '1.3.132.0.35': ['P-521', 521],
  '1.3.132.0.10': ['secp256k1', 256],
  '1.3.36.3.3.2.8.1.1.7': ['brainpoolP256r1', 256],
  '1.3.36.3.3.2.8.1.1.11': ['brainpoolP384r1', 384],
  '1.3.36.3.3.2.8.1.1.13': ['brainpoolP512r1', 512],
};

const LIMITS: Asn1Limits = { octets: 16_384, depth: 4, elements: 16 };

/** Reads a subjectPublicKeyInfo; keys of unknown algorithms are kept as `other`. */
export function readPublicKeyInfo(element: Asn1Element): PublicKeyInfo {
  const fields = Fields.of(element, TAG.sequence, 'subjectPublicKeyInfo');
  const [type, parameters] = fields.required(TAG.sequence, 'algorithm').children;
  const key = bitOctetsOf(fields.required(TAG.bitString, 'subjectPublicKey'), 'subjectPublicKey');
  fields.end();
  const oid = oidOf(type, 'the public key algorithm');
  const algorithm = ALGORITHMS[oid] ?? 'other';
  const info = { algorithm, oid, bits: undefined, curve: undefined, spki: plain(element.octets) };
  if (algorithm === 'rsa' || algorithm === 'rsa-pss') return { ...info, bits: modulusBits(key) };
  if (algorithm === 'ec' && parameters?.tag === TAG.oid) {
    const curve = oidOf(parameters, 'the curve');
    const [name, bits] = CURVES[curve] ?? [curve, undefined];
    return { ...info, curve: name, bits };
  }
  return info;
}

function modulusBits(key: Uint8Array): number {
  const fields = Fields.of(readDer(key, LIMITS), TAG.sequence, 'RSAPublicKey');
  const modulus = integerContent(fields.required(TAG.integer, 'modulus'), 'modulus');
  integerContent(fields.required(TAG.integer, 'publicExponent'), 'publicExponent');
  const first = modulus.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
}

/**
 * Bounds on RSA keys that are worked with: nobody's key is beyond them, and a verification within them takes some milliseconds.
 * With an exponent of the modulus' length it takes forty, and strangers send what keys they like.
 */
const LONGEST_MODULUS = 8_192;
const LARGEST_EXPONENT = 0xffff_ffffn;

const parsed = new WeakMap<PublicKeyInfo, KeyObject>();

/**
 * The key for use with node:crypto, parsed once per certificate.
 * @throws PkiError `key-unsupported` for keys the cryptographic library refuses, and for those that cost more than keys in use do
 */
export function publicKeyOf(info: PublicKeyInfo): KeyObject {
  const known = parsed.get(info);
  if (known !== undefined) return known;
  // Curves without a name come with parameters of the sender's choice.
  if (info.algorithm === 'ec' && info.bits === undefined) throw unsupported(info);
  const key = read(info);
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength > LONGEST_MODULUS || publicExponent > LARGEST_EXPONENT) throw unsupported(info);
  parsed.set(info, key);
  return key;
}

function read(info: PublicKeyInfo): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(info.spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw unsupported(info, error);
  }
}

function unsupported({ algorithm, oid }: PublicKeyInfo, cause?: unknown): PkiError {
  return new PkiError('key-unsupported', `The public key (${algorithm}, ${oid}) cannot be used.`, { cause });
}
