import { caEvents, registryEvents } from '@certlane/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../service/clock.js';
import { TimeOrderedIds } from '../service/ids.js';
import { createMessages } from '../store/messages.js';
import { issuerSummary } from '../testing/issuer-summary.js';
import { testNats, type TestNats } from '../testing/test-nats.js';
import { createBus, type Bus } from './bus.js';
import { readEvents, type ReadEvent } from './read-events.js';

describe('reading the log of events as an operator', () => {
  let nats: TestNats;
  let bus: Bus;
  const messages = createMessages({ prefix: 'certlane', clock: systemClock, ids: new TimeOrderedIds() });
  const removed = (partner: string) =>
    messages.event(registryEvents.partnerRemoved, { station: 'O0013OURS', partner }, { partner });

  beforeAll(async () => {
    nats = await testNats();
    bus = createBus(await nats.connect('partner-registry'), nats.prefix);
    for (const partner of ['O0013A', 'O0013B', 'O0013A']) await bus.publish(removed(partner));
  });

  afterAll(() => nats.stop());

  const partners = (events: ReadEvent[]) => events.map(({ event }) => event.subject);
  const read = async (options = {}) => {
    const events: ReadEvent[] = [];
    for await (const event of readEvents(await nats.connect('operator'), nats.prefix, options)) events.push(event);
    return events;
  };

  it('gives all in order, each with its sequence', async () => {
    const events = await read();
    expect(partners(events)).toEqual(['O0013A', 'O0013B', 'O0013A']);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(events[0]?.event.type).toBe('certlane.partner.removed.v1');
  });

  it('gives those of one partner, or from a sequence on', async () => {
    expect(partners(await read({ partner: 'O0013A' }))).toEqual(['O0013A', 'O0013A']);
    expect(partners(await read({ from: 2 }))).toEqual(['O0013B', 'O0013A']);
    expect(await read({ partner: 'O0013C' })).toEqual([]);
  });

  it('follows what comes, until it is told to stop', async () => {
    const stop = new AbortController();
    const seen: ReadEvent[] = [];
    for await (const event of readEvents(await nats.connect('operator'), nats.prefix, {
      from: 3,
      follow: stop.signal,
    })) {
      seen.push(event);
      if (seen.length < 4) await bus.publish(removed(`O0013N${seen.length}`));
      else stop.abort();
    }
    expect(partners(seen)).toEqual(['O0013A', 'O0013N1', 'O0013N2', 'O0013N3']);
  });

  it('knows the events of other services by the same means', async () => {
    await createBus(await nats.connect('ca-store'), nats.prefix).publish(
      messages.event(caEvents.issuerAdded, { issuer: issuerSummary, purpose: 'oftp2' }),
    );
    expect((await read()).at(-1)?.event.data).toEqual({ issuer: issuerSummary, purpose: 'oftp2' });
  });
});
