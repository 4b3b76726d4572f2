import { PkiError } from '../errors.js';
import {
  CANONICALIZATIONS,
  DIGEST_METHODS,
  ENVELOPED,
  requireAlgorithm,
  SIGNATURE_METHODS,
  type WeakAlgorithms,
} from './algorithms.js';
import { DS, XADES } from './namespaces.js';
import { attributeOf, childrenOf, everyElement, isNamed, type XmlElement } from './xml-element.js';

const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties';

/** What is known of a signature whose form is the only one taken. */
export interface SignatureForm {
  /** Place among the references of the one to the whole document. */
  readonly documentReference: number;
  /** Base64 of the first certificate in KeyInfo, which says who claims to have signed and nothing more. */
  readonly keyInfoCertificate: string | undefined;
}

/**
 * Insists on the one form of a signature that leaves no room: a single ds:Signature, child of the document element, whose parts
 * stand in the order of the schema and hold nothing that two readers could read differently; one reference to the whole
 * document, and at most one more to its own XAdES SignedProperties (ETSI TS 102 231, annex B; ETSI TS 101 903).
 * @throws PkiError `trust-list-signature-form`, `trust-list-algorithm`
 */
export function signatureFormOf(root: XmlElement, weakAlgorithms: WeakAlgorithms): SignatureForm {
  const signature = onlySignature(root);
  const [signedInfo, value, ...rest] = signature.children;
  if (signedInfo === undefined || !isNamed(signedInfo, DS, 'SignedInfo'))
    throw form('it does not begin with SignedInfo');
  if (value === undefined || !isNamed(value, DS, 'SignatureValue'))
    throw form('SignatureValue does not follow SignedInfo');
  const [keyInfo, ...objects] = rest[0] !== undefined && isNamed(rest[0], DS, 'KeyInfo') ? rest : [undefined, ...rest];
  if (!objects.every((object) => object !== undefined && isNamed(object, DS, 'Object'))) {
    throw form('it holds something other than SignedInfo, SignatureValue, KeyInfo and Object');
  }
  for (const element of everyElement(signature)) {
    if (element.broken) throw form(`a comment or CDATA section stands inside ${element.name}`);
  }
  base64Of(value);
  return {
    documentReference: readSignedInfo(signedInfo, root, objects as readonly XmlElement[], weakAlgorithms),
    keyInfoCertificate: keyInfo === undefined ? undefined : certificateIn(keyInfo),
  };
}

function onlySignature(root: XmlElement): XmlElement {
  const all = [...everyElement(root)].filter((element) => isNamed(element, DS, 'Signature'));
  const [signature, another] = all;
  if (signature === undefined) throw form('it has none');
  if (another !== undefined) throw form(`it has ${all.length}; one is wanted`);
  if (!root.children.includes(signature)) throw form('it does not stand directly below the document element');
  return signature;
}

function readSignedInfo(
  signedInfo: XmlElement,
  root: XmlElement,
  objects: readonly XmlElement[],
  weakAlgorithms: WeakAlgorithms,
): number {
  const [canonicalization, method, ...references] = signedInfo.children;
  if (canonicalization === undefined || !isNamed(canonicalization, DS, 'CanonicalizationMethod')) {
    throw form('SignedInfo does not begin with CanonicalizationMethod');
  }
  if (method === undefined || !isNamed(method, DS, 'SignatureMethod')) {
    throw form('SignatureMethod does not follow CanonicalizationMethod');
  }
  requireAlgorithm(CANONICALIZATIONS, algorithmOf(canonicalization), 'CanonicalizationMethod', weakAlgorithms);
  requireAlgorithm(SIGNATURE_METHODS, algorithmOf(method), 'SignatureMethod', weakAlgorithms);
  if (canonicalization.children.length > 0 || method.children.length > 0) throw form('an algorithm has parameters');
  if (!references.every((reference) => isNamed(reference, DS, 'Reference'))) {
    throw form('SignedInfo holds something other than references');
  }
  if (objects.length !== references.length - 1 && references.length === 1) {
    throw form('it carries an Object that no reference covers');
  }
  if (objects.length > 1) throw form('it carries more than one Object');
  if (references.length === 0 || references.length > 2)
    throw form(`it has ${references.length} references; one is wanted`);
  const toDocument = references.filter((reference) => attributeOf(reference, 'URI') === '');
  const [whole] = toDocument;
  if (whole === undefined || toDocument.length > 1)
    throw form('not exactly one reference is to the whole document (URI "")');
  for (const reference of references) {
    if (reference !== whole) requirePropertiesReference(reference, root, objects);
    readReference(reference, reference === whole, weakAlgorithms);
  }
  return references.indexOf(whole);
}

function readReference(reference: XmlElement, whole: boolean, weakAlgorithms: WeakAlgorithms): void {
  const parts = [...reference.children];
  const transforms = parts[0] !== undefined && isNamed(parts[0], DS, 'Transforms') ? parts.shift() : undefined;
  const [method, value, more] = parts;
  if (method === undefined || !isNamed(method, DS, 'DigestMethod') || method.children.length > 0) {
    throw form('a reference lacks its DigestMethod');
  }
  if (value === undefined || !isNamed(value, DS, 'DigestValue') || more !== undefined) {
    throw form('a reference does not end with one DigestValue');
  }
  requireAlgorithm(DIGEST_METHODS, algorithmOf(method), 'DigestMethod', weakAlgorithms);
  base64Of(value);
  const names = (transforms?.children ?? []).map((transform) => {
    if (!isNamed(transform, DS, 'Transform')) throw form('Transforms holds something other than transforms');
    if (!transform.children.every((child) => child.name === 'InclusiveNamespaces'))
      throw form('a transform has parameters');
    return algorithmOf(transform);
  });
  if (whole && names.shift() !== ENVELOPED) throw form('the first transform is not the enveloped signature');
  if (names.length > 1) throw form('a reference has more transforms than are needed');
  for (const name of names) requireAlgorithm(CANONICALIZATIONS, name, 'Transform', weakAlgorithms);
}

/** The second reference of XAdES has to lead to the properties inside this very signature, and to nothing else of that Id. */
function requirePropertiesReference(reference: XmlElement, root: XmlElement, objects: readonly XmlElement[]): void {
  const uri = attributeOf(reference, 'URI') ?? '';
  const id = /^#([A-Za-z_][\w.-]{0,200})$/.exec(uri)?.[1];
  if (attributeOf(reference, 'Type') !== SIGNED_PROPERTIES || id === undefined) {
    throw form(
      `a reference leads to ${JSON.stringify(uri.slice(0, 100))}, which is neither the document nor its SignedProperties`,
    );
  }
  const named = [...everyElement(root)].filter(({ attributes }) =>
    attributes.some(({ name, value }) => name.toLowerCase() === 'id' && value === id),
  );
  const properties = objects
    .flatMap((object) => childrenOf(object, XADES, 'QualifyingProperties'))
    .flatMap((qualifying) => childrenOf(qualifying, XADES, 'SignedProperties'));
  if (named.length !== 1 || properties.length !== 1 || named[0] !== properties[0]) {
    throw form(`the reference ${uri} does not lead to the one SignedProperties of the signature`);
  }
}

function certificateIn(keyInfo: XmlElement): string | undefined {
  const [data] = childrenOf(keyInfo, DS, 'X509Data');
  const [certificate] = data === undefined ? [] : childrenOf(data, DS, 'X509Certificate');
  return certificate?.text.replace(/\s+/g, '');
}

function base64Of({ name, text, children }: XmlElement): void {
  if (children.length > 0 || !/^\s*[A-Za-z0-9+/][A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    throw form(`${name} is no base64`);
}

const algorithmOf = (element: XmlElement): string | undefined => attributeOf(element, 'Algorithm');

const form = (why: string): PkiError =>
  new PkiError('trust-list-signature-form', `The signature of the trust list is not taken: ${why}.`);
