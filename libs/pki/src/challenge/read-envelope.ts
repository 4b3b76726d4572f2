import {
  type Asn1Element,
  type Asn1Limits,
  contextConstructed,
  contextPrimitive,
  malformed,
  TAG,
} from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readBer } from '../asn1/read-ber.js';
import { implicitOctetsOf, oidOf, want } from '../asn1/values.js';
import { type CertificateIdentifier, readCertificateIdentifier } from '../cms/certificate-identifier.js';
import { PkiError, refusingAs } from '../errors.js';
import { CONTENT_CIPHERS, type ContentCipherRow } from './content-cipher.js';
import { type KeyTransportParameters, readKeyTransport } from './key-transport.js';
import { OID } from './oids.js';

/** Whom a part of an envelope is for: the holder of a certificate, named in one of two ways (RFC 5652 §6.2.1). */
export type EnvelopeRecipient = CertificateIdentifier;

/** A recipient with the content key encrypted for it. */
export interface KeyTransportRecipient {
  readonly recipient: EnvelopeRecipient;
  /** Undefined for algorithms that are not known. */
  readonly keyTransport: KeyTransportParameters | undefined;
  readonly encryptedKey: Uint8Array;
}

/** An EnvelopedData taken apart; nothing in it is decrypted. */
export interface Envelope {
  readonly recipients: readonly KeyTransportRecipient[];
  /** Undefined for ciphers outside the suites. */
  readonly cipher: ContentCipherRow | undefined;
  readonly iv: Uint8Array;
  readonly encryptedContent: Uint8Array;
}

/** A challenge for one recipient has some 430 octets with RSA-2048; 64 recipients with RSA-4096 have 50 KiB. */
const LIMITS: Asn1Limits = { octets: 65_536, depth: 16, elements: 8192 };

/** Recipients of one envelope. */
export const MAXIMUM_RECIPIENTS = 64;

/**
 * Takes an EnvelopedData (RFC 5652 §6.1) apart, DER or BER. Recipients of other kinds than key transport are passed over.
 * @throws PkiError `cms-malformed`, `trailing-octets`, `too-large`
 */
export function readEnvelope(octets: Uint8Array): Envelope {
  return refusingAs('cms-malformed', 'The enveloped data cannot be read', () => {
    const [type, content] = want(readBer(octets, LIMITS), TAG.sequence, 'ContentInfo').children;
    const contentType = oidOf(type, 'contentType');
    if (contentType !== OID.envelopedData) {
      throw new PkiError(
        'cms-malformed',
        `The CMS object is of type ${contentType}, not EnvelopedData (${OID.envelopedData}).`,
      );
    }
    const fields = Fields.of(
      want(content, contextConstructed(0), 'content').children[0],
      TAG.sequence,
      'EnvelopedData',
    );
    fields.required(TAG.integer, 'version');
    fields.optional(contextConstructed(0));
    const recipients = fields.required(TAG.set, 'recipientInfos').children;
    const encrypted = fields.required(TAG.sequence, 'encryptedContentInfo');
    fields.optional(contextConstructed(1));
    fields.end();
    if (recipients.length > MAXIMUM_RECIPIENTS) {
      throw new PkiError(
        'too-large',
        `The envelope is for ${recipients.length} recipients; at most ${MAXIMUM_RECIPIENTS} are read.`,
      );
    }
    return {
      recipients: recipients.filter((recipient) => recipient.tag === TAG.sequence).map(readRecipient),
      ...readEncryptedContent(encrypted),
    };
  });
}

/**
 * Whom an envelope is for, in the order of the envelope: to tell an operator which certificate the partner used.
 * @throws PkiError as {@link readEnvelope}
 */
export function recipientsOf(envelope: Uint8Array): readonly EnvelopeRecipient[] {
  return readEnvelope(envelope).recipients.map(({ recipient }) => recipient);
}

function readRecipient(element: Asn1Element): KeyTransportRecipient {
  const fields = Fields.of(element, TAG.sequence, 'KeyTransRecipientInfo');
  fields.required(TAG.integer, 'version');
  const recipient = readCertificateIdentifier(fields.any('rid'));
  const algorithm = fields.required(TAG.sequence, 'keyEncryptionAlgorithm');
  const encryptedKey = fields.required(TAG.octetString, 'encryptedKey').content;
  fields.end();
  return { recipient, keyTransport: readKeyTransport(algorithm), encryptedKey };
}

function readEncryptedContent(element: Asn1Element): Omit<Envelope, 'recipients'> {
  const fields = Fields.of(element, TAG.sequence, 'encryptedContentInfo');
  fields.required(TAG.oid, 'contentType');
  const [type, iv] = fields.required(TAG.sequence, 'contentEncryptionAlgorithm').children;
  const content = fields.optional(contextPrimitive(0)) ?? fields.optional(contextConstructed(0));
  fields.end();
  if (content === undefined) throw malformed('encryptedContent is missing');
  const oid = oidOf(type, 'contentEncryptionAlgorithm');
  return {
    cipher: CONTENT_CIPHERS.find((row) => row.oid === oid),
    iv: iv?.tag === TAG.octetString ? iv.content : new Uint8Array(0),
    encryptedContent: implicitOctetsOf(content, 'encryptedContent'),
  };
}
