import { PkiError } from '../errors.js';

/** An element as plain value, free of the parser it came from. */
export interface XmlElement {
  readonly namespace: string;
  /** Without prefix. */
  readonly name: string;
  /** By name without prefix. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The text directly inside it, that of its children left out. */
  readonly text: string;
  /** Whether a comment or a CDATA section stands directly inside it, so that its text could be read in two ways. */
  readonly broken: boolean;
}

/** An attribute; `xmlns` declarations are none. */
export interface XmlAttribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** Whether the element has this name. */
export const isNamed = (element: XmlElement, namespace: string, name: string): boolean =>
  element.namespace === namespace && element.name === name;

/** The children of this name. */
export const childrenOf = (element: XmlElement, namespace: string, name: string): readonly XmlElement[] =>
  element.children.filter((child) => isNamed(child, namespace, name));

/**
 * The one child of this name, undefined when there is none.
 * @throws PkiError `trust-list-malformed` when there are several: which one counts would be a matter of taste
 */
export function optionalChild(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const [first, ...more] = childrenOf(element, namespace, name);
  if (more.length === 0) return first;
  throw new PkiError(
    'trust-list-malformed',
    `${element.name} holds ${more.length + 1} elements ${name}; one is wanted.`,
  );
}

/**
 * The one child of this name.
 * @throws PkiError `trust-list-malformed`
 */
export function requiredChild(element: XmlElement, namespace: string, name: string): XmlElement {
  const child = optionalChild(element, namespace, name);
  if (child === undefined) throw new PkiError('trust-list-malformed', `${element.name} lacks ${name}.`);
  return child;
}

/** The value of an attribute without namespace. */
export const attributeOf = (element: XmlElement, name: string): string | undefined =>
  element.attributes.find((attribute) => attribute.namespace === '' && attribute.name === name)?.value;

/** The element and all below it, in the order of the document. */
export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}
