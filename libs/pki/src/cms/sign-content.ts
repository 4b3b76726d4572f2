import { createHash, type KeyObject, sign } from 'node:crypto';
import { contextConstructed } from '../asn1/element.js';
import {
  algorithmIdentifier,
  encodeElement,
  explicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  time,
} from '../asn1/write.js';
import type { Certificate } from '../certificate/index.js';
import { PkiError } from '../errors.js';
import { hashOid } from '../hashes.js';
import { spkiOf } from '../keys/index.js';
import { concatOctets, plain, sameOctets } from '../octets.js';
import { issuerAndSerialNumber } from './certificate-identifier.js';
import { maySignContent } from './may-sign.js';
import { OID } from './oids.js';
import { signingFor } from './signing-for-key.js';

/** What signed content is made of. */
export interface SignContentOptions {
  /** Octets of whatever kind; they are carried inside. */
  readonly content: Uint8Array;
  /** Our certificate for file signatures. */
  readonly certificate: Certificate;
  /** Its private key. */
  readonly privateKey: KeyObject;
  /** Certificates above ours that are sent along, so that the receiver can show the path. None = ours alone. */
  readonly chain: readonly Certificate[];
  /** The signing time, kept in whole seconds. */
  readonly at: Date;
}

/** Version 1: content of id-data, X.509 certificates alone, the signer by issuer and serial number (RFC 5652 §5.1, §5.3). */
const VERSION = 1;

/**
 * Signs content as CMS SignedData with one signer and the content inside, in DER (RFC 5652 §5), as OFTP2 file security has it.
 * The signed attributes are content type, message digest and signing time.
 * @throws PkiError `key-unsupported`; `signer-unsuitable` for a certificate of another key or without the key usage
 */
export function signContent(options: SignContentOptions): Uint8Array {
  const { content, certificate, privateKey, chain, at } = options;
  const signing = signingFor(privateKey);
  requireFit(certificate, privateKey);
  const digestAlgorithm = algorithmIdentifier(hashOid(signing.digest));
  const attributes = [
    attribute(OID.contentType, objectIdentifier(OID.data)),
    attribute(OID.messageDigest, octetString(createHash(signing.digest).update(content).digest())),
    attribute(OID.signingTime, time(at)),
  ];
  const signature = plain(sign(signing.signWith, setOf(...attributes), privateKey));
  const signerInfo = sequence(
    integer(VERSION),
    issuerAndSerialNumber(certificate),
    digestAlgorithm,
    implicitSetOf(0, attributes),
    signing.signatureAlgorithm,
    octetString(signature),
  );
  const certificates = new Map([certificate, ...chain].map((one) => [one.fingerprint, one.der]));
  const signedData = sequence(
    integer(VERSION),
    setOf(digestAlgorithm),
    sequence(objectIdentifier(OID.data), explicit(0, octetString(content))),
    implicitSetOf(0, [...certificates.values()]),
    setOf(signerInfo),
  );
  return sequence(objectIdentifier(OID.signedData), explicit(0, signedData));
}

function requireFit(certificate: Certificate, privateKey: KeyObject): void {
  if (!sameOctets(spkiOf(privateKey), certificate.publicKey.spki)) {
    throw new PkiError(
      'signer-unsuitable',
      `Certificate ${certificate.serialNumber} does not belong to the private key that was given with it.`,
    );
  }
  if (!maySignContent(certificate)) {
    throw new PkiError(
      'signer-unsuitable',
      `Certificate ${certificate.serialNumber} is not for signatures: its key usage lacks digitalSignature and nonRepudiation.`,
    );
  }
}

/** Attribute with one value (RFC 5652 §5.3). */
const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(objectIdentifier(type), setOf(value));

/** `[n] IMPLICIT` of a SET OF, in DER order. */
function implicitSetOf(n: number, parts: readonly Uint8Array[]): Uint8Array {
  const sorted = [...parts].sort((a, b) => Buffer.compare(a, b));
  return encodeElement(contextConstructed(n), concatOctets(sorted));
}
