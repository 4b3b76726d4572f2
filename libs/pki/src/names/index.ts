export { attributeNameOf, attributeTypeOf, COMMON_NAME } from './attribute-types.js';
export { isCommonNameOnly, nameIncludes, nameKey, sameName, sameNameSet } from './compare-names.js';
export {
  attributeValueOf,
  commonNameOf,
  type DistinguishedName,
  type NameAttribute,
  type RelativeDistinguishedName,
} from './distinguished-name.js';
export { formatDistinguishedName } from './format-name.js';
export { decodeName, encodeName } from './name-der.js';
export { parseDistinguishedName } from './parse-name.js';
