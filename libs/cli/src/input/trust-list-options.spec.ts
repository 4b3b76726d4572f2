import { describe, expect, it } from '@jest/globals';
import { trustListNameFrom, webAddressFrom } from './trust-list-options.js';

describe('a trust list on the command line', () => {
  it.each(['odette', 'a', '7-up', 'x'.repeat(32)])('may be named %s', (name) => {
    expect(trustListNameFrom(name)).toBe(name);
  });

  it.each(['', 'Odette', '-a', 'a b', 'ä', 'x'.repeat(33), 'a.b', 'a\n'])('may not be named %j', (name) => {
    expect(() => trustListNameFrom(name)).toThrow('a trust list is named with 1 to 32 lower-case letters');
  });

  it.each(['http://127.0.0.1:8080/tsl.xml', 'https://www.example.com/tsl', 'HTTPS://www.example.com'])(
    'is read at %s',
    (url) => {
      expect(webAddressFrom(url, '--url')).toBe(url);
    },
  );

  it.each(['', 'tsl.xml', 'example.com:80/tsl', 'http://', 'http://[::1', 'https:// a'])('is not read at %j', (url) => {
    expect(() => webAddressFrom(url, '--url')).toThrow(`--url is '${url}': write it whole, e.g. https://`);
  });

  it.each(['ftp://example.com/tsl', 'file:///etc/passwd', 'LDAP://example.com/cn=tsl'])(
    'is not read at %j, which is whole, and may be handed over as a file',
    (url) => {
      const sentence = `--url is '${url}': only http:// and https:// are read; a list that is elsewhere is handed over as a file: certlane tsl add NAME --file FILE`;
      expect(() => webAddressFrom(url, '--url')).toThrow(sentence);
    },
  );

  it('is read at no address with a password, which is not repeated', () => {
    for (const url of [
      'https://anna:GEHEIM@example.com/',
      'https://anna@example.com/',
      'x://anna:GEHEIM@example.com',
    ]) {
      expect(() => webAddressFrom(url, '--url')).toThrow(/^--url: an address holds no user and no password/);
    }
  });
});
