/** Hash functions that occur in certificates, CMS and PKCS#12, by the name node:crypto knows them. */
export type HashName =
  'md2' | 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'sha3-384' | 'sha3-512';

const HASHES: readonly (readonly [oid: string, name: HashName, octets: number])[] = [
  ['1.2.840.113549.2.2', 'md2', 16],
  ['1.2.840.113549.2.5', 'md5', 16],
  ['1.3.14.3.2.26', 'sha1', 20],
  ['2.16.840.1.101.3.4.2.4', 'sha224', 28],
  ['2.16.840.1.101.3.4.2.1', 'sha256', 32],
  ['2.16.840.1.101.3.4.2.2', 'sha384', 48],
  ['2.16.840.1.101.3.4.2.3', 'sha512', 64],
  ['2.16.840.1.101.3.4.2.8', 'sha3-256', 32],
  ['2.16.840.1.101.3.4.2.9', 'sha3-384', 48],
  ['2.16.840.1.101.3.4.2.10', 'sha3-512', 64],
];

/** Name by object identifier. */
export const HASH_BY_OID: ReadonlyMap<string, HashName> = new Map(HASHES.map(([oid, name]) => [oid, name]));

/** Object identifier of a hash. */
export function hashOid(name: HashName): string {
  return row(name)[0];
}

/** Octets of a hash value. */
export function hashLength(name: HashName): number {
  return row(name)[2];
}

function row(name: HashName): (typeof HASHES)[number] {
  const found = HASHES.find((hash) => hash[1] === name);
  if (found === undefined) throw new TypeError(`"${name}" is missing in the table of hashes`);
  return found;
}
