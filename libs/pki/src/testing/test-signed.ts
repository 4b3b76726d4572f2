import { createHash, type KeyObject, sign, type SignKeyObjectInput } from 'node:crypto';
import {
  algorithmIdentifier,
  encodeElement,
  explicit,
  implicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../asn1/write.js';
import { concatOctets } from '../octets.js';
import type { TestIdentity } from './test-authority.js';

const DATA = '1.2.840.113549.1.7.1';

/** What a test may want different from a sound SignerInfo. */
export interface TestSigner {
  /** Signed as content; what is carried unless given. */
  readonly content?: Uint8Array;
  /** Attributes as DER; sound ones unless given, `'none'` for a signature over the content. */
  readonly attributes?: readonly Uint8Array[] | 'none';
  /** Keeps the attributes in the order given, as only BER allows. The signature is over DER all the same. */
  readonly unsorted?: boolean;
  readonly digest?: string;
  /** AlgorithmIdentifier on the wire. */
  readonly digestAlgorithm?: Uint8Array;
  readonly signatureAlgorithm?: Uint8Array;
  readonly key?: KeyObject;
  readonly padding?: Omit<SignKeyObjectInput, 'key'>;
  readonly signature?: Uint8Array;
  /** Hex. */
  readonly keyIdentifier?: string;
  readonly version?: number;
}

/** Attribute with these values. */
export const testAttribute = (type: string, ...values: readonly Uint8Array[]): Uint8Array =>
  sequence(objectIdentifier(type), setOf(...values));

/** The two attributes that must be there, for content of id-data under SHA-256. */
export const testAttributes = (content: Uint8Array, digest = 'sha256'): readonly Uint8Array[] => [
  testAttribute('1.2.840.113549.1.9.3', objectIdentifier(DATA)),
  testAttribute('1.2.840.113549.1.9.4', octetString(createHash(digest).update(content).digest())),
];

/** A SignerInfo of an RSA identity over SHA-256, put together by hand. */
export function testSigner(identity: TestIdentity, carried: Uint8Array, options: TestSigner = {}): Uint8Array {
  const { content = carried, digest = 'sha256', version = 1, padding = {} } = options;
  const attributes = options.attributes === 'none' ? [] : (options.attributes ?? testAttributes(content, digest));
  const signed = options.attributes === 'none' ? content : setOf(...attributes);
  const key = options.key ?? identity.privateKey;
  const { issuerDer, serialNumber } = identity.certificate;
  const order = (parts: readonly Uint8Array[]): readonly Uint8Array[] =>
    options.unsorted === true ? parts : [...parts].sort((a, b) => Buffer.compare(a, b));
  return sequence(
    integer(version),
    options.keyIdentifier === undefined
      ? sequence(issuerDer, integer(BigInt(`0x${serialNumber}`)))
      : implicit(0, Buffer.from(options.keyIdentifier, 'hex')),
    options.digestAlgorithm ?? algorithmIdentifier('2.16.840.1.101.3.4.2.1', nullValue()),
    ...(options.attributes === 'none' ? [] : [encodeElement(0xa0, concatOctets(order(attributes)))]),
    options.signatureAlgorithm ?? algorithmIdentifier('1.2.840.113549.1.1.1', nullValue()),
    octetString(options.signature ?? sign(digest, signed, { key, ...padding })),
  );
}

/** A SignedData of these signers; sound unless a part is given. */
export function testSignedData(
  content: Uint8Array | undefined,
  signers: readonly Uint8Array[],
  parts: {
    readonly certificates?: readonly Uint8Array[];
    readonly contentType?: string;
    readonly version?: number;
  } = {},
): Uint8Array {
  const { certificates = [], contentType = DATA, version = 1 } = parts;
  const encapsulated = content === undefined ? [] : [explicit(0, octetString(content))];
  const signedData = sequence(
    integer(version),
    setOf(algorithmIdentifier('2.16.840.1.101.3.4.2.1')),
    sequence(objectIdentifier(contentType), ...encapsulated),
    ...(certificates.length === 0 ? [] : [encodeElement(0xa0, concatOctets(certificates))]),
    encodeElement(0x31, concatOctets(signers)),
  );
  return sequence(objectIdentifier('1.2.840.113549.1.7.2'), explicit(0, signedData));
}
