import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { AUTHORITIES, COMPANY_A, COMPANY_B } from './roles.js';

const generate = promisify(generateKeyPair);
const made = new Map<string, Promise<KeyObject>>();

/** Keys of Company A. CA01 to CA03 have three of them, CA04 with its successors five: none of these shares one. */
const POOL_A = 8;

/** Which key each owner has. Two companies never share one, nor do the certificates that come after one another. */
const NAMES: readonly (readonly [owner: string, key: string])[] = [
  ...Object.keys(COMPANY_A).map((label, index) => [label, `a-${index % POOL_A}`] as const),
  ...[...Object.keys(COMPANY_B), ...Object.keys(AUTHORITIES), 'signer', 'other-signer'].map(
    (owner) => [owner, owner] as const,
  ),
];

/**
 * The RSA key of each certificate, authority and signer of trust lists. Each is made once per process: making them costs more
 * than all the rest of the set.
 */
export async function keysOfSet(): Promise<(owner: string) => KeyObject> {
  const entries = NAMES.map(async ([owner, name]) => {
    const key = made.get(name) ?? generate('rsa', { modulusLength: 2048 }).then(({ privateKey }) => privateKey);
    made.set(name, key);
    return [owner, await key] as const;
  });
  const keys = new Map(await Promise.all(entries));
  return (owner) => {
    const key = keys.get(owner);
    if (key === undefined) throw new TypeError(`"${owner}" is missing in the table of keys`);
    return key;
  };
}
