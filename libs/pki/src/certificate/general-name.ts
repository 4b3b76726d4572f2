import { type Asn1Element, contextConstructed, contextPrimitive, malformed, TAG, tagName } from '../asn1/element.js';
import { oidOf } from '../asn1/values.js';
import type { DistinguishedName } from '../names/index.js';
import { readName } from '../names/name-der.js';
import { view } from '../octets.js';

/** A GeneralName (RFC 5280 §4.2.1.6). */
export type GeneralName =
  | { readonly form: 'directoryName'; readonly name: DistinguishedName }
  | { readonly form: 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'; readonly text: string }
  /** The octets as they stand: 4 or 16 for an address, 8 or 32 for a range in name constraints. */
  | { readonly form: 'iPAddress'; readonly octets: Uint8Array }
  /** `type` is the dotted type-id; what the value means hangs on it. */
  | { readonly form: 'otherName'; readonly type: string }
  | { readonly form: 'x400Address' | 'ediPartyName' | 'registeredID' };

/**
 * Reads a GeneralName. Texts are ASCII without zero octets, which have been used to make one reader see a shorter name than
 * another. `what` names it in messages.
 */
export function readGeneralName(element: Asn1Element, what: string): GeneralName {
  switch (element.tag) {
    case contextConstructed(0):
      return { form: 'otherName', type: oidOf(element.children[0], `the type of ${what}`) };
    case contextPrimitive(1):
      return { form: 'rfc822Name', text: textOf(element, what) };
    case contextPrimitive(2):
      return { form: 'dNSName', text: textOf(element, what) };
    case contextConstructed(3):
      return { form: 'x400Address' };
    case contextConstructed(4):
      return directoryName(element, what);
    case contextConstructed(5):
      return { form: 'ediPartyName' };
    case contextPrimitive(6):
      return { form: 'uniformResourceIdentifier', text: textOf(element, what) };
    case contextPrimitive(7):
      return { form: 'iPAddress', octets: element.content };
    case contextPrimitive(8):
      return { form: 'registeredID' };
    default:
      throw malformed(`${what} is ${tagName(element.tag)}, which is no GeneralName`);
  }
}

/** Name is a CHOICE, so its tag stands inside (X.680 §31.2.7). */
function directoryName(element: Asn1Element, what: string): GeneralName {
  const [name, more] = element.children;
  if (name?.tag !== TAG.sequence || more !== undefined) throw malformed(`${what} is not one directory name`);
  return { form: 'directoryName', name: readName(name, what) };
}

function textOf({ content }: Asn1Element, what: string): string {
  if (content.some((octet) => octet === 0 || octet >= 0x80)) throw malformed(`${what} is no IA5String`);
  return view(content).toString('latin1');
}
