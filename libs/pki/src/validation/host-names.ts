/** Labels of letters, digits, hyphens and, as in use, underscores. */
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const ALL_DIGITS = /(?:^|\.)\d+$/;
const MAXIMUM_HOST = 253;

/** Whether the text (in lower case) is a host name and no address in dots. */
export function isHostName(text: string): boolean {
  return text.length <= MAXIMUM_HOST && HOST.test(text) && !ALL_DIGITS.test(text);
}

/**
 * The host in the one form in which hosts are compared: lower case, without the dot of the root at its end; undefined for what
 * is no host name. A leading `*` label passes where a wildcard may stand.
 */
export function hostOf(text: string, kind: 'plain' | 'wildcard'): string | undefined {
  // The bound comes first: a stranger may have written 60,000 characters.
  if (text.length > MAXIMUM_HOST + 1) return undefined;
  const host = text.toLowerCase().replace(/\.$/, '');
  const named = kind === 'wildcard' && host.startsWith('*.') ? host.slice(2) : host;
  return isHostName(named) ? host : undefined;
}

/** The atoms of RFC 5321 §4.1.2. Quoted ones can be written in several ways, which comparing would have to unite. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const MAXIMUM_LOCAL = 64;

/** A mailbox, its host in the form of {@link hostOf}, its local part as it stands (RFC 5280 §7.5); undefined for anything else. */
export function mailboxOf(text: string): { readonly local: string; readonly host: string } | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > MAXIMUM_LOCAL) return undefined;
  const local = text.slice(0, at);
  const host = hostOf(text.slice(at + 1), 'plain');
  return host === undefined || !LOCAL_PART.test(local) ? undefined : { local, host };
}

const MAXIMUM_URI = 2048;
/** Scheme, authority, and whatever follows (RFC 3986 §3). A backslash counts for some readers as a slash, so none may stand. */
const WITH_AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*)(?:[/?#][^\\]*)?$/i;

/**
 * The host of a URI; undefined where it names none or an address, which RFC 5280 §4.2.1.10 forbids to compare.
 */
export function uriHostOf(text: string): string | undefined {
  if (text.length > MAXIMUM_URI) return undefined;
  const authority = WITH_AUTHORITY.exec(text)?.[1];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return hostOf(host, 'plain');
}
