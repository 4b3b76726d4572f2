import { describe, expect, it } from '@jest/globals';
import { explicit, integer, objectIdentifier, sequence } from '../asn1/write.js';
import { extension } from '../issuing/extension-values.js';
import { generalName } from '../testing/path-extensions.js';
import { messageOf } from '../testing/refusals.js';
import { testCa } from '../testing/test-ca.js';
import { distributionPointsExtension, testRevocationList } from '../testing/test-revocation-list.js';
import { readRevocationList } from './read-revocation-list.js';
import { freshestAddressesOf, revocationAddressesOf } from './revocation-addresses.js';

const { authority } = testCa({ now: new Date('2026-03-01T12:00:00Z') });
const OCSP = '1.3.6.1.5.5.7.48.1';
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
const access = (...descriptions: readonly (readonly [method: string, name: string])[]): Uint8Array =>
  extension(
    '1.3.6.1.5.5.7.1.1',
    false,
    sequence(...descriptions.map(([method, name]) => sequence(objectIdentifier(method), generalName(name)))),
  );
const addressesWith = (...extensions: readonly Uint8Array[]) =>
  revocationAddressesOf(authority.issue({ extensions }).certificate);

describe('addresses of revocation', () => {
  it('are read from the certificate, each kind by itself', () => {
    const freshest = distributionPointsExtension([{ names: ['uri:http://crl.example.com/delta.crl'] }], 'freshestCRL');
    expect(
      addressesWith(
        distributionPointsExtension([
          { names: ['uri:http://crl.example.com/a.crl', 'uri:https://crl.example.com:8443/a.crl?x=1'] },
          { names: ['uri:http://crl.example.com/a.crl'], reasons: ['keyCompromise'] },
        ]),
        freshest,
        access(
          [OCSP, 'uri:http://ocsp.example.com'],
          [CA_ISSUERS, 'uri:http://ca.example.com/ca.cer'],
          ['1.3.6.1.5.5.7.48.3', 'uri:http://time.example.com'],
        ),
      ),
    ).toEqual({
      cRLDistributionPoints: ['http://crl.example.com/a.crl', 'https://crl.example.com:8443/a.crl?x=1'],
      freshestCRL: ['http://crl.example.com/delta.crl'],
      ocsp: ['http://ocsp.example.com/'],
      caIssuers: ['http://ca.example.com/ca.cer'],
    });
  });

  it('are those of a list, too', () => {
    const der = testRevocationList(authority, {
      freshestCRL: [{ names: ['uri:http://crl.example.com/delta.crl', 'uri:ldap://crl.example.com/'] }],
    });
    expect(freshestAddressesOf(readRevocationList(der))).toEqual(['http://crl.example.com/delta.crl']);
  });

  it('are none in a certificate that says nothing', () => {
    expect(addressesWith()).toEqual({ cRLDistributionPoints: [], freshestCRL: [], ocsp: [], caIssuers: [] });
  });

  it.each([
    'uri:ldap://ldap.example.com/cn=CRL',
    'uri:file:///etc/passwd',
    'uri:ftp://crl.example.com/a.crl',
    'uri:javascript:alert(1)',
    'uri:crl.example.com/a.crl',
    'uri: http://crl.example.com/a.crl',
    'uri:http://',
    'uri:http://a b/',
    'uri:http://[::1/',
    'uri:http://user:secret@crl.example.com/',
    'uri:http://user@crl.example.com/',
    `uri:http://crl.example.com/${'a'.repeat(2048)}`,
    'dns:crl.example.com',
    'dn:CN=CRL',
  ])('leave out %s', (name) => {
    expect(addressesWith(distributionPointsExtension([{ names: [name] }])).cRLDistributionPoints).toEqual([]);
    expect(addressesWith(access([OCSP, name])).ocsp).toEqual([]);
  });

  it('are eight of a kind at most', () => {
    const names = Array.from({ length: 20 }, (_, i) => `uri:http://crl.example.com/${i}`);
    expect(addressesWith(distributionPointsExtension([{ names }])).cRLDistributionPoints).toHaveLength(8);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['points that are no list', extension('2.5.29.31', false, integer(1)), /cRLDistributionPoints is integer/],
    ['no point', extension('2.5.29.31', false, sequence()), /cRLDistributionPoints is empty/],
    [
      'too many points',
      distributionPointsExtension(Array.from({ length: 33 }, () => ({ names: ['dns:a'] }))),
      /more than 32/,
    ],
    ['a point without anything', extension('2.5.29.31', false, sequence(sequence())), /neither name nor cRLIssuer/],
    [
      'an issuer that is no name',
      extension('2.5.29.31', false, sequence(sequence(explicit(2, generalName('dns:a'))))),
      /no directory name/,
    ],
    [
      'an access without location',
      extension('1.3.6.1.5.5.7.1.1', false, sequence(sequence(objectIdentifier(OCSP)))),
      /accessLocation/,
    ],
    ['too many accesses', access(...Array.from({ length: 33 }, () => [OCSP, 'dns:a'] as const)), /more than 32/],
  ])('are refused with %s', (_, broken, message) => {
    expect(messageOf(() => addressesWith(broken))).toMatch(message);
  });
});
