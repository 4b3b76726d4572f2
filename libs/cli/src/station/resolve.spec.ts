import { describe, expect, it } from '@jest/globals';
import { pickByPrefix } from './resolve.js';

const wanted = { noun: 'issuer', field: '--issuer', listing: 'certlane issuer list' };
const candidates = [
  { id: 'abcdef0123', label: 'Acme CA' },
  { id: 'abcdef9999', label: 'Beta CA' },
  { id: 'in-77ab02', label: 'an exchange' },
];

describe('naming something by the beginning of its id', () => {
  it.each([
    ['abcdef0', 'abcdef0123'],
    ['ABCDEF9999', 'abcdef9999'],
    ['in-77a', 'in-77ab02'],
  ])('%s names %s', (text, id) => {
    expect(pickByPrefix(wanted, text, candidates).id).toBe(id);
  });

  it.each([
    [
      'abcdef',
      'invalid-argument',
      "--issuer is 'abcdef': this names 2 of them: abcdef0123 (Acme CA), abcdef9999 (Beta CA); give more characters",
    ],
    [
      'abcde',
      'invalid-argument',
      "--issuer is 'abcde': give at least 6 characters of the id; certlane issuer list shows them",
    ],
    ['abcdef7', 'not-found', "--issuer is 'abcdef7': no such issuer; certlane issuer list shows what there is"],
    [
      'Acme CA',
      'invalid-argument',
      "--issuer is 'Acme CA': name the issuer by the first 6 or more characters of its id; certlane issuer list shows them",
    ],
  ])('%s is refused', (text, code, message) => {
    expect(() => pickByPrefix(wanted, text, candidates)).toThrow(expect.objectContaining({ code, message }));
  });
});
