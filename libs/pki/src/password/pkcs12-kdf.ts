import { hash } from 'node:crypto';
import type { HashName } from '../hashes.js';

/** What derived octets are for; the same password and salt give different octets for each (RFC 7292 appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** Input of the derivation of RFC 7292 appendix B. */
export interface Pkcs12KdfInput {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly hash: HashName;
  readonly purpose: (typeof PURPOSE)[keyof typeof PURPOSE];
  /** Octets wanted. */
  readonly length: number;
}

/** A password as the derivation takes it: UTF-16, big-endian, with a zero character at the end (RFC 7292 appendix B.1). */
export function bmpPassword(password: string): Uint8Array {
  return new Uint8Array(Buffer.from(`${password}\0`, 'utf16le').swap16());
}

/** Derives octets from a password by RFC 7292 appendix B.2. The caller has limited `rounds`. */
export function pkcs12Kdf(input: Pkcs12KdfInput): Uint8Array {
  const block = input.hash === 'sha384' || input.hash === 'sha512' ? 128 : 64;
  const diversifier = Buffer.alloc(block, input.purpose);
  const filled = Buffer.concat([fill(input.salt, block), fill(input.password, block)]);
  const derived = new Uint8Array(input.length);
  for (let at = 0; at < input.length;) {
    let digest = hash(input.hash, Buffer.concat([diversifier, filled]), 'buffer');
    for (let round = 1; round < input.rounds; round += 1) digest = hash(input.hash, digest, 'buffer');
    derived.set(digest.subarray(0, input.length - at), at);
    at += digest.length;
    const addend = fill(digest, block).subarray(0, block);
    for (let start = 0; start < filled.length; start += block)
      addPlusOne(filled.subarray(start, start + block), addend);
  }
  return derived;
}

/** `octets` repeated to whole blocks; nothing stays nothing. */
function fill(octets: Uint8Array, block: number): Uint8Array {
  const length = Math.ceil(octets.length / block) * block;
  return Uint8Array.from({ length }, (_, i) => octets[i % octets.length] ?? 0);
}

/** `target + addend + 1` as big-endian integers of the same length, what overflows is dropped. */
function addPlusOne(target: Uint8Array, addend: Uint8Array): void {
  let carry = 1;
  for (let i = target.length - 1; i >= 0; i -= 1) {
    carry += (target[i] ?? 0) + (addend[i] ?? 0);
    target[i] = carry & 0xff;
    carry >>= 8;
  }
}
