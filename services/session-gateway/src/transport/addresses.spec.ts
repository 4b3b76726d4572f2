import { describe, expect, it } from '@jest/globals';
import { addressKey, plainAddress } from './addresses.js';

describe('addressKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('counts %s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('counts two addresses of one IPv6 network together and two networks apart', () => {
    expect(addressKey('2001:db8:0:1::a')).toBe(addressKey('2001:db8:0:1:ffff:ffff:ffff:ffff'));
    expect(addressKey('2001:db8:0:1::a')).not.toBe(addressKey('2001:db8:0:2::a'));
  });
});

describe('plainAddress', () => {
  it('shows an IPv4 caller on an IPv6 socket as IPv4', () => {
    expect(plainAddress('::FFFF:198.51.100.1')).toBe('198.51.100.1');
    expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
  });
});
