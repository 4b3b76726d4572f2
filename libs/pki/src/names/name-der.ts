import { type Asn1Element, type Asn1Limits, malformed, TAG, tagName } from '../asn1/element.js';
import { readDer } from '../asn1/read-der.js';
import { oidOf, want } from '../asn1/values.js';
import { objectIdentifier, sequence, setOf, textString } from '../asn1/write.js';
import { refusingAs } from '../errors.js';
import { fromHex, toHex, view } from '../octets.js';
import { attributeSyntaxOf } from './attribute-types.js';
import type { DistinguishedName, NameAttribute, RelativeDistinguishedName } from './distinguished-name.js';

const LIMITS: Asn1Limits = { octets: 16_384, depth: 12, elements: 1024 };

/** Attributes in one name; certificates in use have a dozen at most. */
const MAXIMUM_ATTRIBUTES = 128;

/**
 * Reads a Name (RFC 5280 §4.1.2.4).
 * @throws PkiError `name-malformed`, `trailing-octets`, `too-large`
 */
export function decodeName(der: Uint8Array): DistinguishedName {
  return refusingAs('name-malformed', 'The name cannot be read', () => readName(readDer(der, LIMITS), 'name'));
}

/** Reads a Name out of a larger structure. `what` names it in messages. */
export function readName(element: Asn1Element, what: string): DistinguishedName {
  let attributes = 0;
  return want(element, TAG.sequence, what).children.map((rdn): RelativeDistinguishedName => {
    const { children } = want(rdn, TAG.set, `an RDN of the ${what}`);
    attributes += children.length;
    if (children.length === 0) throw malformed(`an RDN of the ${what} is empty`);
    if (attributes > MAXIMUM_ATTRIBUTES) throw malformed(`the ${what} has more than ${MAXIMUM_ATTRIBUTES} attributes`);
    return children.map((attribute) => {
      const [type, value, more] = want(attribute, TAG.sequence, `an attribute of the ${what}`).children;
      if (value === undefined || more !== undefined)
        throw malformed(`an attribute of the ${what} is not a type and a value`);
      return attributeOf(oidOf(type, `an attribute type of the ${what}`), value);
    });
  });
}

/** The attribute for a type and the DER of its value, as RFC 4514 `#` values carry it. */
export function readAttributeValue(type: string, der: Uint8Array): NameAttribute {
  return attributeOf(type, readDer(der, LIMITS));
}

/** The DER of a name. RDNs with several attributes are sorted, values are written in the string type their type asks for. */
export function encodeName(name: DistinguishedName): Uint8Array {
  return sequence(
    ...name.map((rdn) =>
      setOf(...rdn.map((attribute) => sequence(objectIdentifier(attribute.type), encodeValue(attribute)))),
    ),
  );
}

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const ASCII = /^\p{ASCII}*$/u;

function encodeValue({ type, value, form }: NameAttribute): Uint8Array {
  if (form === 'hex') return fromHex(value);
  const syntax = attributeSyntaxOf(type);
  if (syntax === 'printable' && PRINTABLE.test(value)) return textString(TAG.printableString, value);
  if (syntax === 'ia5' && ASCII.test(value)) return textString(TAG.ia5String, value);
  return textString(TAG.utf8String, value);
}

function attributeOf(type: string, value: Asn1Element): NameAttribute {
  const text = textOf(value);
  return text === undefined ? { type, value: toHex(value.octets), form: 'hex' } : { type, value: text };
}

/** The text of a character string, or undefined for other types. */
function textOf(value: Asn1Element): string | undefined {
  const { content } = value;
  switch (value.tag) {
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.numericString:
    case TAG.visibleString:
      // Characters outside the PrintableString alphabet occur in real names; octets outside ASCII are no such string.
      if (content.some((octet) => octet >= 0x80)) throw malformed(`${tagName(value.tag)} with octets outside ASCII`);
      return view(content).toString('latin1');
    case TAG.utf8String:
      return decodeText('utf-8', content, value.tag);
    case TAG.teletexString:
      // T.61 by its definition, Latin-1 by the use everyone makes of it.
      return view(content).toString('latin1');
    case TAG.bmpString:
      return decodeText('utf-16be', content, value.tag);
    case TAG.universalString:
      return decodeUtf32(content);
    default:
      return undefined;
  }
}

function decodeText(encoding: string, content: Uint8Array, tag: number): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw malformed(`a ${tagName(tag)} in a name that is not ${encoding.toUpperCase()}`);
  }
}

function decodeUtf32(content: Uint8Array): string {
  if (content.length % 4 !== 0) throw malformed('a universalString in a name that is not UTF-32');
  const octets = view(content);
  const points = Array.from({ length: content.length / 4 }, (_, i) => octets.readUInt32BE(i * 4));
  if (points.some((point) => point > 0x10_ffff || (point >= 0xd800 && point <= 0xdfff))) {
    throw malformed('a universalString in a name that is not UTF-32');
  }
  return String.fromCodePoint(...points);
}
