import { describe, expect, it } from '@jest/globals';
import { testCa } from '../testing/index.js';
import { refusalOf } from '../testing/refusals.js';
import { readTrustList } from './read-trust-list.js';
import { type TestTrustListOptions, testTrustListXml } from './testing/index.js';

const now = new Date('2026-11-20T12:00:00Z');
const { chain } = testCa({ now });
const base64 = Buffer.from(chain[0]!.der).toString('base64');
const text = (options: TestTrustListOptions = {}): string => testTrustListXml(now, options);
const read = (xml: string) => readTrustList(Buffer.from(xml, 'utf8'));

describe('reading a trust list', () => {
  it('tells what the scheme says, and every service with its chain in the order of the list', () => {
    const list = read(
      text({
        sequenceNumber: 42,
        issuedAt: '2026-11-01T10:00:00Z',
        nextUpdate: '2027-05-01T12:00:00.5+02:00',
        schemeName: 'Scheme',
        providers: [
          { name: 'First', services: [{ name: 'CA', certificates: chain, since: '2020-01-02T03:04:05Z' }] },
          { name: 'Second', services: [{ certificates: [], status: 'urn:other', type: 'urn:type' }] },
        ],
      }),
    );
    expect(list).toMatchObject({
      schemeName: 'Scheme',
      sequenceNumber: 42,
      issuedAt: new Date('2026-11-01T10:00:00Z'),
      nextUpdate: new Date('2027-05-01T10:00:00Z'),
      providers: [
        {
          name: 'First',
          services: [
            {
              name: 'CA',
              type: 'http://uri.etsi.org/TrstSvc/Svctype/CA/PKC',
              status: 'http://uri.etsi.org/TrstSvc/Svcstatus/inaccord',
              statusSince: new Date('2020-01-02T03:04:05Z'),
            },
          ],
        },
        { name: 'Second', services: [{ status: 'urn:other', type: 'urn:type', certificates: [] }] },
      ],
      skipped: [],
    });
    const [service] = list.providers[0]!.services;
    expect(service!.certificates.map(({ fingerprint }) => fingerprint)).toEqual(
      chain.map(({ fingerprint }) => fingerprint),
    );
  });

  it('prefers the English name, and gives control characters and turned text to nobody', () => {
    const names = '<tsl:Name xml:lang="de">Liste</tsl:Name><tsl:Name xml:lang="en">A&#x9B;\u202Elist</tsl:Name>';
    const xml = text({ schemeName: 'X' }).replace('<tsl:Name xml:lang="en">X</tsl:Name>', names);
    expect(read(xml).schemeName).toBe('A list');
  });

  it('knows no next update where none is named', () => {
    expect(read(text({ nextUpdate: null })).nextUpdate).toBeUndefined();
    expect(read(text().replace(/<tsl:dateTime>.*<\/tsl:dateTime>/, '')).nextUpdate).toBeUndefined();
  });

  it.each([
    ['no scheme', text().replace(/<tsl:SchemeInformation>.*<\/tsl:SchemeInformation>/, '')],
    ['two schemes', text().replace(/(<tsl:SchemeInformation>.*<\/tsl:SchemeInformation>)/, '$1$1')],
    ['a negative sequence number', text({ sequenceNumber: '-1' })],
    ['a sequence number beyond what is counted with', text({ sequenceNumber: '9'.repeat(16) })],
    ['a sequence number that is none', text({ sequenceNumber: '1e3' })],
    ['two sequence numbers', text().replace(/(<tsl:TSLSequenceNumber>.*<\/tsl:TSLSequenceNumber>)/, '$1$1')],
    ['an issue time without zone', text({ issuedAt: '2026-11-01T10:00:00' })],
    ['an issue time that no calendar has', text({ issuedAt: '2026-02-30T10:00:00Z' })],
    ['an issue time at hour 24', text({ issuedAt: '2026-02-03T24:00:00Z' })],
    ['an issue time in words', text({ issuedAt: 'Friday' })],
    ['a zone that no place has', text({ issuedAt: '2026-11-01T10:00:00+99:00' })],
    ['a next update that is none', text({ nextUpdate: 'never' })],
    ['an empty name', text({ schemeName: ' ' })],
    ['a name without end', text({ schemeName: 'x'.repeat(2000) })],
    ['a name of elements', text({ schemeName: '<x>y</x>' })],
    ['another document', '<x/>'],
  ])('refuses %s', (_, xml) => {
    expect(refusalOf(() => read(xml))).toBe('trust-list-malformed');
  });

  it('refuses more providers or services than are read', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ services: [] }));
    expect(refusalOf(() => read(text({ providers: many(501) })))).toBe('too-large');
    const services = Array.from({ length: 501 }, () => ({ certificates: [] }));
    expect(refusalOf(() => read(text({ providers: [{ services }, { services }] })))).toBe('too-large');
  });

  it.each([
    ['no base64', { certificates: ['???'] }, 'certificate-malformed', 'X509Certificate 1: It is no base64'],
    ['no certificate', { certificates: [base64, 'AAAA'] }, 'certificate-malformed', 'X509Certificate 2'],
    ['a cut certificate', { certificates: [base64.slice(0, 400)] }, 'certificate-malformed', 'X509Certificate 1'],
    ['an empty certificate', { certificates: [''] }, 'certificate-malformed', 'X509Certificate 1'],
    ['too many certificates', { certificates: Array<string>(17).fill(base64) }, 'too-many-certificates', '17'],
    ['no status', { certificates: chain, status: '' }, 'service-malformed', 'ServiceStatus'],
    ['no type', { certificates: chain, type: '' }, 'service-malformed', 'ServiceTypeIdentifier'],
    ['no name', { certificates: chain, name: '' }, 'service-malformed', 'Name'],
    ['no time', { certificates: chain, since: 'soon' }, 'service-malformed', 'StatusStartingTime'],
  ])('passes over a service with %s, tells where and why, and uses the rest', (_, service, reason, says) => {
    const good = { certificates: chain };
    const list = read(text({ providers: [{ services: [good] }, { services: [good, service, good] }] }));
    expect(list.providers.map(({ services }) => services.length)).toEqual([1, 2]);
    expect(list.skipped).toEqual([
      { place: 'TrustServiceProvider 2, TSPService 2', reason, message: expect.stringContaining(says) },
    ]);
  });

  it('passes over a provider without a name', () => {
    const list = read(text({ providers: [{ name: '', services: [{ certificates: chain }] }, { services: [] }] }));
    expect(list.providers).toHaveLength(1);
    expect(list.skipped).toMatchObject([{ place: 'TrustServiceProvider 1', reason: 'provider-malformed' }]);
  });

  it('takes the same certificate twice for once', () => {
    const list = read(text({ providers: [{ services: [{ certificates: [base64, `\n${base64}\n`] }] }] }));
    expect(list.providers[0]!.services[0]!.certificates).toHaveLength(1);
  });
});

describe('an extension of a trust list', () => {
  const critical = '<tsl:Extension Critical="true"><x/></tsl:Extension>';
  const given = text({ providers: [{ services: [{ certificates: chain }] }, { services: [{ certificates: chain }] }] });
  /** With extensions at the end of the first element of a name. */
  const extended = (place: string, holder: string, extensions: string): string =>
    given.replace(`</tsl:${place}>`, `<tsl:${holder}>${extensions}</tsl:${holder}></tsl:${place}>`);

  it.each(['<tsl:Extension Critical="false"/>', '<tsl:Extension Critical=" 0 "/>', '<x/>'])(
    'that need not be understood (%s) is passed over',
    (extension) => {
      for (const [place, holder] of [
        ['SchemeInformation', 'SchemeExtensions'],
        ['TSPInformation', 'TSPInformationExtensions'],
        ['ServiceInformation', 'ServiceInformationExtensions'],
      ] as const) {
        expect(read(extended(place, holder, extension))).toEqual(read(given));
      }
    },
  );

  it('of the scheme that has to be understood refuses the list', () => {
    for (const extension of [critical, critical.replace('true', '1'), critical.replace(/ Critical="true"/, '')])
      expect(refusalOf(() => read(extended('SchemeInformation', 'SchemeExtensions', extension)))).toBe(
        'trust-list-malformed',
      );
  });

  it.each([
    ['provider', 'TSPInformation', 'TSPInformationExtensions', 'provider-malformed', [1]],
    ['service', 'ServiceInformation', 'ServiceInformationExtensions', 'service-malformed', [0, 1]],
  ] as const)('of a %s that has to be understood takes that one out', (_what, place, holder, reason, left) => {
    const { providers, skipped } = read(extended(place, holder, `<tsl:Extension Critical="false"/>${critical}`));
    expect(providers.map(({ services }) => services.length)).toEqual(left);
    expect(skipped).toMatchObject([
      { reason, message: expect.stringContaining(`${holder} holds a critical extension`) },
    ]);
  });
});
