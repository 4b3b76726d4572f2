import { FetchFailure } from './fetch-failure.js';

const LONGEST = 2_048;
const SHOWN = 200;

/**
 * Services that take lines of text from anyone, which a POST could be made to contain, and those that never speak HTTP:
 * FTP, SSH, telnet, mail, DNS, LDAP, OFTP2, NATS, Redis, memcached, MongoDB.
 */
const PORTS_OF_OTHERS: ReadonlySet<number> = new Set([
  20, 21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 3305, 4222, 6222, 6379, 6619, 11211, 27017,
]);

/**
 * Reads an address and judges it by its text; what its host leads to is judged when connecting.
 * @throws {FetchFailure} `url`
 */
export function targetUrl(text: string, base?: URL): URL {
  const url = text.length <= LONGEST ? URL.parse(text, base?.href) : null;
  if (url === null) {
    throw new FetchFailure('url', text.length > LONGEST ? `longer than ${LONGEST} characters` : 'not a URL');
  }
  url.hash = '';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchFailure('url', `${url.protocol} is not fetched: give an address with http: or https:`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchFailure('url', 'it contains a user name or password, which are never sent: leave them out');
  }
  if (url.port === '0' || PORTS_OF_OTHERS.has(Number(url.port))) {
    throw new FetchFailure('url', `port ${url.port} belongs to another protocol than HTTP`);
  }
  return url;
}

/** An address as messages may show it: of bearable length, without control characters and without a password. */
export function shown(address: string | URL): string {
  const text = String(address).replace(/\/\/[^/?#]*@/u, '//***@');
  // eslint-disable-next-line no-control-regex -- these are what must not get into a log
  const printable = text.slice(0, SHOWN).replace(/[\u0000-\u0020\u007f-\u{10ffff}]/gu, '?');
  return text.length > SHOWN ? `${printable}...` : printable;
}
