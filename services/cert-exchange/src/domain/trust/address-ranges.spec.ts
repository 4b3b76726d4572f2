import { describe, expect, it } from '@jest/globals';
import { isWithin } from './address-ranges.js';

describe('the addresses the bypass is open to', () => {
  it.each<[string, string[], boolean]>([
    ['192.0.2.7', ['192.0.2.7'], true],
    ['192.0.2.8', ['192.0.2.7'], false],
    ['192.0.2.255', ['192.0.2.0/24'], true],
    ['192.0.3.0', ['192.0.2.0/24'], false],
    ['203.0.113.9', ['0.0.0.0/0'], true],
    ['203.0.113.9', ['192.0.2.0/24', '203.0.113.8/31'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:DB8:0:0::1', ['2001:db8::1'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['2001:db8::1', ['0.0.0.0/0'], false],
    ['192.0.2.7', ['::/0'], false],
    // IPv4 as an IPv6 socket shows it, and in a range that is written so
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
    ['::FFFF:c000:0207', ['192.0.2.0/24'], true],
    ['::ffff:192.0.3.7', ['192.0.2.0/24'], false],
    ['192.0.2.7', ['::ffff:192.0.2.0/120'], true],
    ['192.0.3.7', ['::ffff:192.0.2.0/120'], false],
    ['192.0.2.7', ['::ffff:192.0.2.7'], true],
    ['192.0.2.7', ['::ffff:0:0/64'], false],
    ['fe80::1%eth0', ['fe80::/10'], true],
    // what is no address lies nowhere
    ['partner.example', ['0.0.0.0/0', '::/0'], false],
    ['', ['0.0.0.0/0'], false],
    ['192.0.2.7', ['partner.example'], false],
    ['192.0.2.7', [], false],
  ])('%s in %j: %s', (address, ranges, expected) => {
    expect(isWithin(address, ranges)).toBe(expected);
  });
});
