import { describe, expect, it } from '@jest/globals';
import { trustChange, type TrustOptions } from './trust-options.js';

const before = { days: 30, attempts: 5, addresses: ['192.0.2.1'] };

describe('how far a partner is trusted', () => {
  it.each<[string, TrustOptions, object]>([
    ['nothing', {}, {}],
    [
      'policies',
      { acceptance: 'trusted', selfSigned: 'renewal', revocation: 'fail', twoPerson: true, weakKeys: false },
      { acceptance: 'trusted', selfSigned: 'renewal', revocation: 'fail', twoPerson: true, weakKeys: false },
    ],
    ['one limit, the others stay', { bypassDays: '7' }, { bypassLimits: { ...before, days: 7 } }],
    [
      'no limits',
      { bypassDays: 'none', bypassAttempts: 'none', bypassAddress: ['any'] },
      { bypassLimits: { days: null, attempts: null, addresses: [] } },
    ],
    [
      'addresses, each once',
      { bypassAddress: ['192.0.2.0/24,2001:db8::/32', '198.51.100.7', '198.51.100.7'] },
      { bypassLimits: { ...before, addresses: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'] } },
    ],
  ])('is said by %s', (_what, options, change) => {
    expect(trustChange(options, before)).toEqual(change);
  });

  it.each<[TrustOptions, string]>([
    [{ acceptance: 'all' }, "--acceptance is 'all': choose one of known, manual, trusted, off"],
    [{ selfSigned: 'always' }, "--self-signed is 'always': choose one of never, renewal"],
    [{ revocation: 'strict' }, "--revocation is 'strict': choose one of off, warn, fail"],
    [{ bypassDays: '0' }, "--bypass-days is '0': a whole number from 1 to 3650 is wanted, or none for no limit"],
    [{ bypassDays: '3651' }, "--bypass-days is '3651': a whole number"],
    [{ bypassAttempts: '-1' }, "--bypass-attempts is '-1': a whole number from 1 to 10000 is wanted, or none"],
    [{ bypassAttempts: '1.5' }, "--bypass-attempts is '1.5': a whole number"],
    [{ bypassAddress: ['beta.example'] }, "--bypass-address is 'beta.example': give an IP address, a range"],
    [{ bypassAddress: ['192.0.2.0/33'] }, "--bypass-address is '192.0.2.0/33': give an IP address"],
    [{ bypassAddress: ['192.0.2.1', 'any'] }, "--bypass-address is 'any': any stands alone"],
    [{ bypassAddress: [''] }, "--bypass-address is '': give an IP address"],
    [
      { bypassAddress: Array.from({ length: 33 }, (_, index) => `192.0.2.${index}`) },
      '--bypass-address: 33 were given, 32 at most; write them as ranges',
    ],
  ])('refuses %j', (options, sentence) => {
    expect(() => trustChange(options, before)).toThrow(sentence);
  });
});
