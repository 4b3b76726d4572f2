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
      '2026-11-23 17:30:05Z  certificate.replaced       aaaaaaaaaaaa of O0177BETA is out of use, recalled in favour of bbbbbbbbbbbb',
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

  it.each([
    [
      'a type of a later version',
      'certlane.campaign.started.v1',
      { name: 'x' },
      'campaign.started           {"name":"x"}',
    ],
    ['data of a later version', 'certlane.station.added.v1', { id: 7 }, 'station.added              {"id":7}'],
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
