import { type Asn1Element, contextConstructed, TAG } from '../asn1/element.js';

/** What a DER object is by its shape. */
export type ObjectKind =
  | 'certificate'
  | 'certification-request'
  | 'revocation-list'
  | 'private-key'
  | 'encrypted-private-key'
  | 'public-key'
  | 'pkcs12'
  | 'cms'
  | 'unknown';

/**
 * Tells by its shape what a DER object is, so that a person who picked the wrong file hears which one it was. It promises
 * nothing about the content: the reader for the kind decides.
 */
export function kindOfObject(element: Asn1Element): ObjectKind {
  if (element.tag !== TAG.sequence) return 'unknown';
  const [first, second, third] = element.children;
  const tags = element.children.map((child) => child.tag);
  if (first === undefined || second === undefined) return 'unknown';
  if (starts(tags, TAG.oid, contextConstructed(0)) && tags.length === 2) return 'cms';
  if (starts(tags, TAG.sequence, TAG.sequence, TAG.bitString) && tags.length === 3) return kindOfSigned(first);
  if (starts(tags, TAG.sequence, TAG.octetString) && tags.length === 2) return 'encrypted-private-key';
  if (starts(tags, TAG.sequence, TAG.bitString) && tags.length === 2) return 'public-key';
  if (starts(tags, TAG.integer, TAG.sequence, TAG.octetString)) return 'private-key';
  if (starts(tags, TAG.integer, TAG.octetString)) return 'private-key';
  if (starts(tags, TAG.integer, TAG.sequence) && first.content[0] === 3 && third?.tag !== TAG.octetString)
    return 'pkcs12';
  if (tags.every((tag) => tag === TAG.integer)) return tags.length === 2 ? 'public-key' : 'private-key';
  return 'unknown';
}

function kindOfSigned(signed: Asn1Element): ObjectKind {
  const tags = signed.children.map((child) => child.tag);
  const { integer, sequence, utcTime, generalizedTime } = TAG;
  if (starts(tags, integer, sequence, sequence, contextConstructed(0))) return 'certification-request';
  const list = tags[0] === integer ? tags.slice(1) : tags;
  if (starts(list, sequence, sequence) && (list[2] === utcTime || list[2] === generalizedTime))
    return 'revocation-list';
  const certificate = tags[0] === contextConstructed(0) ? tags.slice(1) : tags;
  if (starts(certificate, integer, sequence, sequence, sequence, sequence, sequence)) return 'certificate';
  if (starts(tags, integer, sequence, sequence) && tags.length === 3) return 'certification-request';
  return 'unknown';
}

const starts = (tags: readonly number[], ...wanted: readonly number[]): boolean =>
  wanted.every((tag, at) => tags[at] === tag);
