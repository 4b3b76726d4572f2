import { type Asn1Element, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, timeOf, want } from '../asn1/values.js';
import { encodeElement, setOf } from '../asn1/write.js';
import { concatOctets } from '../octets.js';
import { OID } from './oids.js';

/** What a signer signed beside the content's digest (RFC 5652 §5.3, §11). */
export interface SignedAttributes {
  /** The attributes as DER SET OF, whatever their form and order on the wire: the octets the signature covers. */
  readonly der: Uint8Array;
  /** Dotted; undefined when absent, as RFC 5652 §11.1 does not allow. */
  readonly contentType: string | undefined;
  /** Undefined when absent, as RFC 5652 §11.2 does not allow. */
  readonly messageDigest: Uint8Array | undefined;
  /** What the signer says; nobody else vouches for it. */
  readonly signingTime: Date | undefined;
}

/** Reads the attributes inside `[0] signedAttrs`. Those that are not named here are covered by the signature, no more. */
export function readSignedAttributes(elements: readonly Asn1Element[]): SignedAttributes {
  if (elements.length === 0) throw malformed('signedAttrs is empty');
  const values = new Map<string, Asn1Element>();
  const encoded: Uint8Array[] = [];
  for (const element of elements) {
    const fields = Fields.of(element, TAG.sequence, 'Attribute');
    const typeElement = fields.required(TAG.oid, 'attrType');
    const type = oidOf(typeElement, 'attrType');
    const found = fields.required(TAG.set, 'attrValues').children;
    fields.end();
    encoded.push(
      encodeElement(TAG.sequence, concatOctets([typeElement.octets, setOf(...found.map((value) => value.octets))])),
    );
    if (!SINGLE.has(type)) continue;
    const [value, ...further] = found;
    // Two digests would let each reader pick the one it likes (RFC 5652 §11.1 to §11.3).
    if (value === undefined || further.length > 0) throw malformed(`attribute ${type} has ${found.length} values`);
    if (values.has(type)) throw malformed(`attribute ${type} is there twice`);
    values.set(type, value);
  }
  const digest = values.get(OID.messageDigest);
  const contentType = values.get(OID.contentType);
  const signingTime = values.get(OID.signingTime);
  return {
    der: setOf(...encoded),
    contentType: contentType && oidOf(contentType, 'content-type'),
    messageDigest: digest && want(digest, TAG.octetString, 'message-digest').content,
    signingTime: signingTime && timeOf(signingTime, 'signing-time'),
  };
}

const SINGLE: ReadonlySet<string> = new Set([OID.contentType, OID.messageDigest, OID.signingTime]);
