import { describe, expect, it } from '@jest/globals';
import { usages } from '@certlane/contracts';
import { usagesFrom } from './usages.js';

describe('--usage', () => {
  it.each([
    [['all'], [...usages]],
    [['tls'], ['tls']],
    [['session-authentication,tls'], ['tls', 'session-authentication']],
    [
      ['tls', 'tls', 'eerp-signature'],
      ['tls', 'eerp-signature'],
    ],
    [['TLS, file-encryption'], ['tls', 'file-encryption']],
    [['tls,all'], [...usages]],
  ])('reads %j as %j', (given, wanted) => {
    expect(usagesFrom(given)).toEqual(wanted);
  });

  it.each([
    [['ssl'], "--usage is 'ssl': choose all, or some of tls, session-authentication"],
    [['tls,'], "--usage is '': choose all"],
    [[], '--usage: say what for: all, or some of tls'],
  ])('refuses %j', (given, sentence) => {
    expect(() => usagesFrom(given)).toThrow(sentence);
  });
});
