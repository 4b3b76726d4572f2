import { malformed } from '../asn1/element.js';
import type { GeneralName } from '../certificate/general-name.js';
import { type DistinguishedName, nameKey } from '../names/index.js';
import { toHex, view } from '../octets.js';
import { hostOf, isHostName, mailboxOf, uriHostOf } from './host-names.js';

// A name lies in a subtree exactly if the key of the subtree's base is among the keys of the name (RFC 5280 §4.2.1.10). So a
// name costs as many look-ups as it has levels, however many subtrees there are.

/** What kind of name it is, as far as constraints are concerned: other names are told apart by their type. */
export function formOf(name: GeneralName): string {
  // The address of RFC 9598 is held to the constraints on mailboxes.
  if (name.form === 'otherName') return name.type === SMTP_UTF8_MAILBOX ? 'rfc822Name' : `otherName ${name.type}`;
  return name.form;
}

const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

/** Keys of all subtrees in which the name lies; undefined for a name that cannot be compared to any. */
export function keysOf(name: GeneralName): readonly string[] | undefined {
  switch (name.form) {
    case 'directoryName':
      return [...directoryKeys(name.name)];
    case 'dNSName': {
      const host = hostOf(name.text, 'wildcard');
      return host === undefined ? undefined : [...suffixes(host), ...dotted(host), EVERYTHING];
    }
    case 'rfc822Name': {
      const mailbox = mailboxOf(name.text);
      if (mailbox === undefined) return undefined;
      const { local, host } = mailbox;
      return [`${local}@${host}`, `@${host}`, ...dotted(host), EVERYTHING];
    }
    case 'uniformResourceIdentifier': {
      const host = uriHostOf(name.text);
      return host === undefined ? undefined : [`@${host}`, ...dotted(host), EVERYTHING];
    }
    case 'iPAddress':
      return addressKeys(name.octets);
    default:
      return undefined;
  }
}

/**
 * The key of a permitted subtree.
 * @throws PkiError for a base that is none of its form
 */
export function permittedKey(base: GeneralName): string {
  switch (base.form) {
    case 'directoryName':
      return [...directoryKeys(base.name)].at(-1) ?? EVERYTHING;
    case 'dNSName':
      return base.text === '' ? EVERYTHING : (domainKey(base.text) ?? hostBase(base.text, 'dNSName'));
    case 'rfc822Name':
      return mailboxBase(base.text);
    case 'uniformResourceIdentifier':
      return base.text === '' ? EVERYTHING : (domainKey(base.text) ?? `@${hostBase(base.text, base.form)}`);
    case 'iPAddress':
      return rangeKey(base.octets);
    default:
      return INCOMPARABLE;
  }
}

/**
 * The keys of an excluded subtree. An excluded host shuts out the wildcard that would stand for it, too: `*.example.com` serves
 * for `host.example.com`.
 */
export function excludedKeys(base: GeneralName): readonly string[] {
  const key = permittedKey(base);
  if (base.form !== 'dNSName' || key === EVERYTHING || key.startsWith('.')) return [key];
  return key.includes('.') ? [key, `*${key.slice(key.indexOf('.'))}`] : [key];
}

const EVERYTHING = '';

/** No name has this key: the subtree stands for its form, whose names are refused. */
const INCOMPARABLE = '\0';

/** One key for each level of the name, from the empty name on. */
function* directoryKeys(name: DistinguishedName): Generator<string> {
  let key = EVERYTHING;
  yield key;
  for (const rdn of name) {
    key += nameKey([rdn]);
    yield key;
  }
}

/** `a.example.com`, `example.com`, `com`. */
function suffixes(host: string): readonly string[] {
  const labels = host.split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}

/** The domains below which the host lies: `.example.com`, `.com`. */
const dotted = (host: string): readonly string[] =>
  suffixes(host)
    .slice(1)
    .map((suffix) => `.${suffix}`);

/** The key of a base such as `.example.com`, which means everything below but not the domain itself. */
function domainKey(text: string): string | undefined {
  return text.startsWith('.') ? `.${hostBase(text.slice(1), 'domain')}` : undefined;
}

function hostBase(text: string, form: string): string {
  const host = hostOf(text, 'plain');
  if (host === undefined || !isHostName(host))
    throw malformed(`"${text.slice(0, 100)}" is no base for a ${form} subtree`);
  return host;
}

function mailboxBase(text: string): string {
  if (text === '') return EVERYTHING;
  if (!text.includes('@')) return domainKey(text) ?? `@${hostBase(text, 'rfc822Name')}`;
  const mailbox = mailboxOf(text);
  if (mailbox === undefined) throw malformed(`"${text.slice(0, 100)}" is no base for a rfc822Name subtree`);
  return `${mailbox.local}@${mailbox.host}`;
}

/** One key for each length of prefix; undefined for octets that are no address. */
function addressKeys(octets: Uint8Array): readonly string[] | undefined {
  if (octets.length !== 4 && octets.length !== 16) return undefined;
  const bits = bitsOf(octets);
  return Array.from({ length: bits.length + 1 }, (_, length) => `${octets.length} ${bits.slice(0, length)}`);
}

/** Address and mask of equal length; the mask is a prefix as in RFC 4632 §3.1. */
function rangeKey(octets: Uint8Array): string {
  const size = octets.length / 2;
  const mask = bitsOf(octets.subarray(size));
  if ((size !== 4 && size !== 16) || !/^1*0*$/.test(mask)) {
    throw malformed(`${toHex(octets.subarray(0, 40))} is no address with the mask of a prefix`);
  }
  const length = mask.indexOf('0');
  return `${size} ${bitsOf(octets.subarray(0, size)).slice(0, length < 0 ? mask.length : length)}`;
}

const bitsOf = (octets: Uint8Array): string =>
  Array.from(view(octets), (octet) => octet.toString(2).padStart(8, '0')).join('');
