import { generateKeyPairSync, type KeyObject } from 'node:crypto';

const keys = new Map<string, KeyObject>();

/** An RSA private key that is made once per process and name: making one costs more than most tests. */
export function testKey(name: string, bits = 2048): KeyObject {
  const label = `${name}/${bits}`;
  const known = keys.get(label);
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  keys.set(label, privateKey);
  return privateKey;
}

const LEAF_KEYS = 4;
let next = 0;

/** A key for an end entity: four keys in turn, so that neighbouring certificates never share one. */
export function nextLeafKey(bits = 2048): KeyObject {
  next += 1;
  return testKey(`leaf-${next % LEAF_KEYS}`, bits);
}
