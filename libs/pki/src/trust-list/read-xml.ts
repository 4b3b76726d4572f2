import {
  ParseOption,
  XmlAttribute,
  XmlCData,
  XmlC14NMode,
  XmlComment,
  XmlDocument,
  type XmlElement as ParsedElement,
  XmlElement as ParsedElementClass,
  XmlText,
  type XmlTreeNode,
} from 'libxml2-wasm';
import { PkiError } from '../errors.js';
import { TRUST_LIST_LIMITS } from './limits.js';
import { DS } from './namespaces.js';
import type { XmlElement } from './xml-element.js';
import { xmlTextOf } from './xml-text.js';

/** Neither network nor files nor a second reading: the parser sees these octets alone. */
const OPTIONS = (ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE) as ParseOption;

/** A document in the two forms that are needed: as plain values, and canonical for the check of its signature. */
export interface ReadXml {
  readonly root: XmlElement;
  /** The document in Canonical XML 1.0 without comments. */
  readonly canonical: string;
  /** The signature below the document element in the same form, standing alone; undefined when there is none. */
  readonly signature: string | undefined;
}

/**
 * Reads a document within the bounds of a trust list.
 * @throws PkiError `too-large`, `trust-list-malformed`, `trust-list-unsafe`
 */
export function readXml(octets: Uint8Array): ReadXml {
  const text = xmlTextOf(octets);
  const document = refusing('is not well-formed XML', () => XmlDocument.fromString(text, { option: OPTIONS }));
  try {
    const root = new Walk().tree(document.root);
    // Canonical XML refuses relative namespace names, which the parser takes.
    return { root, ...refusing('has no canonical form', () => canonicalForms(document)) };
  } finally {
    document.dispose();
  }
}

function canonicalForms(document: XmlDocument): Pick<ReadXml, 'canonical' | 'signature'> {
  const mode = { mode: XmlC14NMode.XML_C14N_1_0, withComments: false } as const;
  const signature = elementsOf(document.root).find(
    ({ name, namespaceUri }) => name === 'Signature' && namespaceUri === DS,
  );
  return { canonical: document.canonicalizeToString(mode), signature: signature?.canonicalizeToString(mode) };
}

function refusing<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const why = Error.isError(error) ? (error.message.split('\n')[0] ?? '').slice(0, 200) : 'unknown';
    throw new PkiError('trust-list-malformed', `The trust list ${what}: ${why.trim()}`, { cause: error });
  }
}

/** Turns parsed elements into plain ones, counting them. */
class Walk {
  private nodes = 0;
  private namespaces = 0;

  tree(element: ParsedElement, depth = 1): XmlElement {
    if (depth > TRUST_LIST_LIMITS.depth) throw tooLarge(`elements more than ${TRUST_LIST_LIMITS.depth} deep`);
    const children: XmlElement[] = [];
    let text = '';
    let broken = false;
    let number = 0;
    for (const node of nodesOf(element)) {
      this.count(1);
      number += 1;
      if (number > TRUST_LIST_LIMITS.children) {
        throw tooLarge(`more than ${TRUST_LIST_LIMITS.children} nodes in one element`);
      }
      if (node instanceof ParsedElementClass) children.push(this.tree(node, depth + 1));
      else if (node instanceof XmlText) text += node.content;
      else if (node instanceof XmlCData) {
        text += node.content;
        broken = true;
      } else if (node instanceof XmlComment) broken = true;
      else throw new PkiError('trust-list-unsafe', `${element.name} holds something other than elements and text.`);
    }
    return {
      namespace: element.namespaceUri,
      name: element.name,
      attributes: this.attributes(element),
      children,
      text,
      broken,
    };
  }

  private attributes(element: ParsedElement): XmlElement['attributes'] {
    const attributes = element.attrs.filter((attribute) => attribute instanceof XmlAttribute);
    const declarations = Object.keys(element.nsDeclarations).length;
    if (attributes.length + declarations > TRUST_LIST_LIMITS.attributes) {
      throw tooLarge(`more than ${TRUST_LIST_LIMITS.attributes} attributes of one element`);
    }
    this.namespaces += declarations;
    if (this.namespaces > TRUST_LIST_LIMITS.namespaces) {
      throw tooLarge(`more than ${TRUST_LIST_LIMITS.namespaces} namespace declarations`);
    }
    this.count(attributes.length + declarations);
    return attributes.map(({ namespaceUri, name, value }) => ({ namespace: namespaceUri, name, value }));
  }

  private count(more: number): void {
    this.nodes += more;
    if (this.nodes > TRUST_LIST_LIMITS.nodes) throw tooLarge(`more than ${TRUST_LIST_LIMITS.nodes} nodes`);
  }
}

function* nodesOf(element: ParsedElement): Generator<XmlTreeNode> {
  for (let node = element.firstChild; node !== null; node = node.next) yield node;
}

const elementsOf = (element: ParsedElement): ParsedElement[] =>
  [...nodesOf(element)].filter((node): node is ParsedElement => node instanceof ParsedElementClass);

const tooLarge = (what: string): PkiError =>
  new PkiError('too-large', `The trust list has ${what}, which is not read.`);
