import { describe, expect, it } from '@jest/globals';
import { nameIncludes, isCommonNameOnly, nameKey, sameName, sameNameSet } from './compare-names.js';
import { attributeValueOf, commonNameOf } from './distinguished-name.js';
import { parseDistinguishedName as dn } from './parse-name.js';

describe('sameName', () => {
  it.each([
    ['another case', 'CN=OFTP2.Example.COM', 'CN=oftp2.example.com'],
    ['blanks inside', 'O=Example   GmbH', 'O=Example GmbH'],
    ['blanks at the ends', 'O=\\  Example\\ ', 'O=Example'],
    ['a no-break space', 'O=Example\u00a0GmbH', 'O=Example GmbH'],
    ['a tabulator', 'O=Example\\09GmbH', 'O=Example GmbH'],
    ['another name for the type', 'E=a@b.example', 'emailAddress=A@B.example'],
    ['another string type', 'CN=#0c0161', 'CN=#130161'],
    ['composed and decomposed letters', 'CN=\u00e4', 'CN=a\u0308'],
    ['a sharp s', 'CN=STRASSE', 'CN=straße'],
    ['a capital sharp s', 'CN=strasse', 'CN=STRA\u1e9eE'],
    ['final and other sigma', 'CN=ΣΟΦΟΣ', 'CN=σοφος'],
    ['a soft hyphen', 'CN=ex\u00adample', 'CN=example'],
    ['full width letters', 'CN=\uff21', 'CN=a'],
    ['the order inside an RDN', 'CN=a+OU=b', 'OU=b+CN=a'],
    ['hex in another case', '1.2.3=#04020A0B', '1.2.3=#04020a0b'],
  ])('holds over %s', (_, a, b) => {
    expect(sameName(dn(a), dn(b))).toBe(true);
    expect(nameKey(dn(a))).toBe(nameKey(dn(b)));
    expect(sameNameSet(dn(a), dn(b))).toBe(true);
  });

  it.each([
    ['another value', 'CN=a', 'CN=b'],
    ['another type', 'CN=a', 'OU=a'],
    ['one RDN more', 'CN=a,O=b', 'CN=a'],
    ['one RDN instead of two', 'CN=a,O=b', 'CN=a+O=b'],
    ['a blank left out', 'O=Example GmbH', 'O=ExampleGmbH'],
    ['a letter that only upper case makes the same', 'CN=p\u0131pe.example', 'CN=pipe.example'],
    ['text that looks like two attributes', 'CN=a\\,O=b', 'CN=a,O=b'],
    ['a text and the same as hex of another type', '1.2.3=#0c0161', '1.2.3=#020105'],
  ])('does not hold over %s', (_, a, b) => {
    expect(sameName(dn(a), dn(b))).toBe(false);
    expect(sameNameSet(dn(a), dn(b))).toBe(false);
    expect(nameKey(dn(a))).not.toBe(nameKey(dn(b)));
  });

  it('minds the order of RDNs, sameNameSet does not', () => {
    const [a, b] = [dn('CN=a,O=b,C=DE'), dn('C=DE,O=b,CN=a')];
    expect(sameName(a, b)).toBe(false);
    expect(sameNameSet(a, b)).toBe(true);
  });

  it('counts repeated RDNs', () => {
    expect(sameNameSet(dn('OU=a,OU=a,OU=b'), dn('OU=a,OU=b,OU=b'))).toBe(false);
    expect(sameNameSet(dn('OU=a,OU=b'), dn('OU=a,OU=b,OU=b'))).toBe(false);
  });
});

describe('nameIncludes', () => {
  const full = dn('CN=oftp2.example.com+serialNumber=O0013,OU=x,OU=y,O=Example,C=DE');

  it.each([
    ['CN=OFTP2.example.com', true],
    ['serialNumber=o0013', true],
    ['C=DE,CN=oftp2.example.com', true],
    ['OU=x,OU=y', true],
    ['OU=y+O=Example', true],
    ['CN=oftp2.example.com+serialNumber=O0013,OU=x,OU=y,O=Example,C=DE', true],
    ['CN=example.com', false],
    ['OU=x,OU=x', false],
    ['O=Example,L=Hof', false],
    ['', false],
  ])('says for %j: %s', (partial, answer) => {
    expect(nameIncludes(full, dn(partial))).toBe(answer);
  });
});

describe('the common name', () => {
  it('is the most specific one', () => {
    expect(commonNameOf(dn('CN=host,CN=group,O=x'))).toBe('host');
    expect(commonNameOf(dn('O=x'))).toBeUndefined();
    expect(commonNameOf(dn('CN=#020105'))).toBeUndefined();
    expect(attributeValueOf(dn('CN=a,serialNumber=O0013'), '2.5.4.5')).toBe('O0013');
  });

  it('may be all there is', () => {
    expect(isCommonNameOnly(dn('CN=a'))).toBe(true);
    expect(isCommonNameOnly(dn('CN=a,C=DE'))).toBe(false);
    expect(isCommonNameOnly(dn('CN=a+C=DE'))).toBe(false);
    expect(isCommonNameOnly(dn('O=a'))).toBe(false);
    expect(isCommonNameOnly(dn(''))).toBe(false);
  });
});
