import { describe, expect, it } from '@jest/globals';
import { networkList, whyNotConnect } from './addresses.js';

const none = networkList([]);

describe('addresses that are connected to', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'CGNAT'],
    ['100.100.100.200', 'CGNAT'],
    ['169.254.169.254', 'link-local'],
    ['168.63.129.16', 'metadata'],
    ['192.0.0.192', 'reserved'],
    ['198.18.0.1', 'benchmarks'],
    ['203.0.113.7', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'IPv4 address in IPv6'],
    ['::ffff:127.0.0.1', 'IPv4 address in IPv6'],
    ['::ffff:7f00:1', 'IPv4 address in IPv6'],
    ['::ffff:8.8.8.8', 'IPv4 address in IPv6'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::a00:1', 'NAT64'],
    ['2002:7f00:1::', '6to4'],
    ['2001:0:1::1', 'reserved'],
    ['2001:db8::1', 'documentation'],
    ['fd00:ec2::254', 'private'],
    ['fe80::1', 'link-local'],
    ['2a00::1%eth0', 'link-local'],
    ['ff02::1', 'multicast'],
    ['100::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['localhost', 'no IP address'],
    ['', 'no IP address'],
  ])('are not %s: %s', (address, words) => {
    expect(whyNotConnect(address, none)).toContain(words);
  });

  it.each([
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '100.128.0.0',
    '168.63.129.17',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('are public ones: %s', (address) => {
    expect(whyNotConnect(address, none)).toBeUndefined();
  });

  it('are those of allowed networks, and no others for them', () => {
    const allowed = networkList(['10.1.0.0/16', '192.168.7.9', 'fd12::/16', '::1/128']);
    const judged = ['10.1.2.3', '10.2.0.1', '192.168.7.9', '192.168.7.8', 'fd12::1', 'fd13::1', '::1', '127.0.0.1'];
    expect(judged.filter((address) => whyNotConnect(address, allowed) === undefined)).toEqual([
      '10.1.2.3',
      '192.168.7.9',
      'fd12::1',
      '::1',
    ]);
  });

  it('are of the family that was allowed: all of IPv6 does not open what is mapped into it', () => {
    expect(whyNotConnect('127.0.0.1', networkList(['::/0']))).toBe('loopback');
    expect(whyNotConnect('::ffff:127.0.0.1', networkList(['127.0.0.0/8']))).toContain('IPv4 address in IPv6');
  });

  it.each([
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'fe80::1%1/64',
    'all',
    '',
  ])('cannot be allowed by %j, which is no network', (network) => {
    expect(() => networkList([network])).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(JSON.stringify(network)) }),
    );
  });
});
