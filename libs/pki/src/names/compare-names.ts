import { COMMON_NAME } from './attribute-types.js';
import type { DistinguishedName, NameAttribute, RelativeDistinguishedName } from './distinguished-name.js';
import { prepared } from './prepare-text.js';

/** Names are equal if they have the same RDNs in the same order (RFC 5280 §7.1): what links a certificate to its issuer. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.length === b.length && nameKey(a) === nameKey(b);
}

/**
 * Names are equal if they have the same RDNs in whatever order: for names that people and products write down by hand,
 * as in identification data, where the order differs from product to product.
 */
export function sameNameSet(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.length === b.length && sortedKeys(a).join() === sortedKeys(b).join();
}

/**
 * Whether every attribute of `partial` is in `full`, as often as there. An empty `partial` names nothing and is in no name.
 */
export function nameIncludes(full: DistinguishedName, partial: DistinguishedName): boolean {
  if (partial.flat().length === 0) return false;
  const left = full.flat().map(attributeKey);
  return partial.flat().every((attribute) => {
    const at = left.indexOf(attributeKey(attribute));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** Whether the name consists of one common name alone. */
export function isCommonNameOnly(name: DistinguishedName): boolean {
  const attributes = name.flat();
  return attributes.length === 1 && attributes[0]?.type === COMMON_NAME;
}

const keys = new WeakMap<DistinguishedName, string>();

/**
 * A text that is the same for two names exactly if {@link sameName} holds: for maps and indexes. It is made once for each
 * object, which works because names are never changed: a path search asks for the same few thousand again and again.
 */
export function nameKey(name: DistinguishedName): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = JSON.stringify(name.map(rdnKey));
  keys.set(name, key);
  return key;
}

const sortedKeys = (name: DistinguishedName): string[] => name.map(rdnKey).sort();

const rdnKey = (rdn: RelativeDistinguishedName): string => JSON.stringify(rdn.map(attributeKey).sort());

const attributeKey = ({ type, value, form }: NameAttribute): string =>
  JSON.stringify(form === undefined ? [type, prepared(value)] : [type, value.toLowerCase(), form]);
