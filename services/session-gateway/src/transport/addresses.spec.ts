import { describe, expect, it } from '@jest/globals';
import { addressKeys, plainAddress } from './addresses.js';

describe('addressKeys', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', undefined],
    ['::ffff:192.0.2.7', '192.0.2.7', undefined],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ])('counts %s as %s of %s', (remoteAddress, address, network) => {
    expect(addressKeys(remoteAddress)).toEqual({ address, network });
  });

  it.each([
    ['2001:db8:0:1::a', '2001:db8:0:1:ffff:ffff:ffff:ffff', 'one address', 'one network'],
    ['2001:db8:0:1::a', '2001:db8:0:2::a', 'two addresses', 'one network'],
    ['2001:db8:0:1::a', '2001:db8:1:1::a', 'two addresses', 'two networks'],
  ])('counts %s and %s as %s of %s', (first, second, addresses, networks) => {
    const [one, other] = [addressKeys(first), addressKeys(second)];
    expect(one.address === other.address ? 'one address' : 'two addresses').toBe(addresses);
    expect(one.network === other.network ? 'one network' : 'two networks').toBe(networks);
  });
});

describe('plainAddress', () => {
  it('shows an IPv4 caller on an IPv6 socket as IPv4', () => {
    expect(plainAddress('::FFFF:198.51.100.1')).toBe('198.51.100.1');
    expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
  });
});
