export { type Clid, clidMatches } from './clid.js';
export {
  entryMatches,
  type EntryMatch,
  type IdentificationEntry,
  type MatchExactness,
  parseIdentifiedSubject,
} from './identification-entry.js';
export { type LogicalIdentity, logicalIdentityOf, sameLogicalIdentity } from './logical-identity.js';
export { readClid } from './read-clid.js';
export { MAXIMUM_CLID_OCTETS, writeClid } from './write-clid.js';
