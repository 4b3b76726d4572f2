import { PkiError } from '../errors.js';
import { TSL } from './namespaces.js';
import { attributeOf, childrenOf, optionalChild, requiredChild, type XmlElement } from './xml-element.js';

const XML = 'http://www.w3.org/XML/1998/namespace';
const LONGEST_TEXT = 1024;

/**
 * The text of the one child of this name.
 * @throws PkiError `trust-list-malformed`
 */
export const textOf = (parent: XmlElement, name: string): string => plainText(requiredChild(parent, TSL, name));

/**
 * A name in several languages: the English one, else the first.
 * @throws PkiError `trust-list-malformed`
 */
export function nameOf(parent: XmlElement, name: string): string {
  const names = childrenOf(requiredChild(parent, TSL, name), TSL, 'Name');
  const english = names.find(({ attributes }) =>
    attributes.some(
      (attribute) => attribute.namespace === XML && attribute.name === 'lang' && /^en\b/i.test(attribute.value),
    ),
  );
  const chosen = english ?? names[0];
  if (chosen === undefined) throw malformed(`${name} holds no Name`);
  return plainText(chosen);
}

/**
 * A number from 0 upwards.
 * @throws PkiError `trust-list-malformed`
 */
export function numberOf(parent: XmlElement, name: string): number {
  const text = textOf(parent, name);
  if (!/^\d{1,15}$/.test(text)) throw malformed(`${name} is ${quoted(text)}, which is no number that is counted with`);
  return Number(text);
}

/**
 * An xsd:dateTime with its time zone.
 * @throws PkiError `trust-list-malformed`
 */
export const timeOf = (parent: XmlElement, name: string): Date => dateTime(name, textOf(parent, name));

/**
 * The dateTime inside a child that may be absent or empty.
 * @throws PkiError `trust-list-malformed`
 */
export function optionalTimeOf(parent: XmlElement, name: string): Date | undefined {
  const child = optionalChild(parent, TSL, name);
  const inner = child === undefined ? undefined : optionalChild(child, TSL, 'dateTime');
  return inner === undefined ? undefined : dateTime(name, plainText(inner));
}

/** What xsd:boolean writes for no. */
const NO: ReadonlySet<string | undefined> = new Set(['false', '0']);

/**
 * Refuses what has an extension that must be understood: none is, and what it says may narrow what is vouched for
 * (ETSI TS 102 231 §5.3.17, §5.4.5 and §5.5.9). The mark is mandatory; without it an extension counts as critical.
 * @param name of the child that holds the extensions
 * @throws PkiError `trust-list-malformed`
 */
export function requireNoCritical(parent: XmlElement, name: string): void {
  const holder = optionalChild(parent, TSL, name);
  const extensions = holder === undefined ? [] : childrenOf(holder, TSL, 'Extension');
  if (!extensions.every((extension) => NO.has(attributeOf(extension, 'Critical')?.trim())))
    throw malformed(`${name} holds a critical extension, and none is understood`);
}

const DATE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function dateTime(name: string, text: string): Date {
  const [, local, zone] = DATE_TIME.exec(text) ?? [];
  // Reckoned in UTC first: Date takes 30 February for 1 March.
  const sound = local !== undefined && new Date(`${local}Z`).getTime();
  const time = new Date(`${local ?? ''}${zone ?? ''}`);
  if (
    sound === false ||
    Number.isNaN(sound) ||
    new Date(sound).toISOString().slice(0, 19) !== local ||
    Number.isNaN(time.getTime())
  ) {
    throw malformed(`${name} is ${quoted(text)}, which is no time with a time zone`);
  }
  return time;
}

function plainText({ name, text, children }: XmlElement): string {
  // Control characters must reach no terminal.
  const line = text.replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
  if (children.length > 0 || line === '') throw malformed(`${name} is empty`);
  if (line.length > LONGEST_TEXT) throw malformed(`${name} is longer than ${LONGEST_TEXT} characters`);
  return line;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 60));

const malformed = (why: string): PkiError =>
  new PkiError('trust-list-malformed', `The trust list cannot be read: ${why}.`);
