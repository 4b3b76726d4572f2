import { describe, expect, it } from '@jest/globals';
import {
  caEvents,
  eventType,
  type EventContract,
  exchangeEvents,
  gatewayEvents,
  makeEvent,
  registryEvents,
  type CloudEvent,
} from '@certlane/contracts';
import { eventLine } from './event-sentences.js';
import { styleFor } from './style.js';

const style = styleFor(false);
const parts = { id: '1', time: new Date('2026-11-23T17:30:05.123Z') };
const about = { station: 'O0013ACME', partner: 'O0177BETA' };
const fingerprint = (letter: string): string => letter.repeat(64);

describe('an event as a line', () => {
  it('tells when, what, and a sentence', () => {
    const event = makeEvent({
      ...parts,
      contract: registryEvents.certificateReplaced,
      data: { ...about, fingerprint: fingerprint('a'), by: fingerprint('b'), exchange: 'in-1' },
    });
    expect(eventLine(style, event)).toBe(
      '2026-11-23 17:30:05Z  certificate.replaced         aaaaaaaaaaaa of O0177BETA is out of use, recalled in favour of bbbbbbbbbbbb',
    );
  });

  it('keeps the sentences of all events below each other', () => {
    const all = Object.values<EventContract>({ ...registryEvents, ...exchangeEvents, ...gatewayEvents, ...caEvents });
    const columns = all.map((contract) => {
      const line = eventLine(style, {
        ...parts,
        time: '2026-11-23T17:30:05Z',
        type: eventType(contract),
        data: {},
      } as CloudEvent);
      expect(line).toMatch(/[a-z] {2,}\{\}$/);
      return line.indexOf('{}');
    });
    expect(new Set(columns).size).toBe(1);
  });

  it('repeats what a partner wrote without its control characters', () => {
    const file = { datasetName: 'X', date: '20261123', time: '1200000001', originator: 'A', destination: 'B' };
    const event = makeEvent({
      ...parts,
      contract: exchangeEvents.rejected,
      data: { ...about, exchange: 'out-1', kind: 'deliver', file, by: 'nerp', reason: 34, message: 'no\u001b[2J' },
    });
    expect(eventLine(style, event)).toContain('did not take our certificate over (NERP 34): no?[2J');
  });

  const authority = (name: string) => ({
    fingerprint: fingerprint('c'),
    subject: `CN=${name}`,
    issuer: 'CN=Root',
    serialNumber: '1',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    extendedKeyUsage: [],
  });
  const list = { name: 'odette', sequenceNumber: 7, level: 'oftp2' as const, nextUpdate: '2026-12-24T00:00:00Z' };
  const nobody = { added: [], addedCount: 0, removed: [], removedCount: 0 };

  it.each<[string, EventContract, object, string]>([
    [
      'a trust list with its difference',
      caEvents.trustListTaken,
      {
        ...list,
        added: ['A', 'B', 'C', 'D'].map(authority),
        addedCount: 900,
        removed: [authority('E')],
        removedCount: 1,
      },
      'trust list odette, number 7, is in use: 900 authorities added (CN=A; CN=B; CN=C; and 897 more), 1 authority removed (CN=E); the next one is due by 2026-12-24',
    ],
    [
      'a trust list without one',
      caEvents.trustListTaken,
      { ...list, ...nobody },
      'number 7, is in use: the same authorities as before; the next',
    ],
    [
      'who took a trust list out',
      caEvents.trustListRemoved,
      { name: 'odette', removed: [authority('E')], removedCount: 1, by: 'operator:anna' },
      'trust list odette is no longer followed, taken out by operator:anna: 1 authority removed (CN=E)',
    ],
    [
      'a trust list that is not taken, and what can be done',
      caEvents.trustListRefused,
      { name: 'odette', reason: 'signer-not-pinned', message: 'Another signed it.', remedy: 'stage it' },
      'an edition of trust list odette was not taken, the last good one stays in use; signer-not-pinned: Another signed it; stage it',
    ],
    [
      'a trust list that cannot be read',
      caEvents.trustListRefused,
      { name: 'odette', reason: 'time', message: 'not done within 60000 ms' },
      'trust list odette could not be read, the last good one stays in use; time: not done within 60000 ms',
    ],
    [
      'who took a revocation list out',
      caEvents.revocationListRemoved,
      { id: fingerprint('d'), issuer: 'CN=Beta', number: '1f', entries: 2, by: 'operator:anna' },
      'imported revocation list of CN=Beta, number 1f, counts no more, taken out by operator:anna: it had 2 entries',
    ],
    [
      'who proposes a signer',
      caEvents.signerStaged,
      { name: 'odette', signer: authority('Signer'), by: 'operator:anna' },
      'CN=Signer (cccccccccccc) is proposed as signer of trust list odette by operator:anna; another person has to confirm it',
    ],
    [
      'a revocation list',
      caEvents.revocationListTaken,
      { id: fingerprint('d'), issuer: 'CN=A', number: '1f', thisUpdate: '2026-11-23T17:00:00Z', entries: 1 },
      'revocation list of CN=A, number 1f of 2026-11-23 17:00Z is in use: 1 entry',
    ],
    [
      'a use of the bypass',
      exchangeEvents.bypassUsed,
      { ...about, session: 's', direction: 'inbound', remoteAddress: '192.0.2.7', uses: 3 },
      'a session of O0177BETA (192.0.2.7) runs in the bypass, the 3rd since it is open',
    ],
    [
      'uses of the bypass that were refused',
      exchangeEvents.bypassRefused,
      { ...about, session: 's', remoteAddress: '192.0.2.7', reason: 'bypass-expired', message: 'over', refused: 12 },
      '12 sessions of O0177BETA refused, the last one from 192.0.2.7, bypass-expired: over',
    ],
    [
      'who reopened the bypass and why',
      registryEvents.bypassReopened,
      { ...about, by: 'operator:anna', reason: 'key lost', certificates: [fingerprint('a')] },
      'the bypass of O0177BETA is open again, reopened by operator:anna: key lost; out of use: aaaaaaaaaaaa',
    ],
    [
      'a certificate that fell',
      registryEvents.certificateFell,
      {
        ...about,
        certificate: authority('Beta'),
        usages: ['tls'],
        standing: { trusted: false, reason: 'revoked', message: 'it is revoked', since: '2026-11-23T17:00:00Z' },
      },
      'cccccccccccc of O0177BETA (tls) is no longer trusted: it is revoked',
    ],
  ])('tells %s', (_what, contract, data, sentence) => {
    const line = eventLine(style, makeEvent({ ...parts, contract, data }));
    expect(line).toContain(sentence);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [11, '11th'],
    [22, '22nd'],
    [112, '112th'],
  ])('counts %d as %s', (uses, words) => {
    const data = { ...about, session: 's', direction: 'outbound' as const, remoteAddress: 'x', uses };
    const line = eventLine(style, makeEvent({ ...parts, contract: exchangeEvents.bypassUsed, data }));
    expect(line).toContain(`a session with O0177BETA (x) runs in the bypass, the ${words} since`);
  });

  it.each([
    [
      'a type of a later version',
      'certlane.campaign.started.v1',
      { name: 'x' },
      'campaign.started             {"name":"x"}',
    ],
    ['data of a later version', 'certlane.station.added.v1', { id: 7 }, 'station.added                {"id":7}'],
  ])('shows %s as it came', (_what, type, data, line) => {
    const event: CloudEvent = {
      specversion: '1.0',
      id: '1',
      source: '/certlane/x',
      type,
      time: '2026-11-23T17:30:05Z',
      datacontenttype: 'application/json',
      data,
    };
    expect(eventLine(style, event)).toBe(`2026-11-23 17:30:05Z  ${line}`);
  });
});
