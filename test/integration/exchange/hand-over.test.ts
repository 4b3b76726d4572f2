import { exchangeRequests, registry, type Exchange } from '@certlane/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setUp, startLine, until, US, useOwn, type Line } from './line.js';

const SEALED = 'certlane.sealed.v1.test.test';

describe('what waits to be handed over', () => {
  let line: Line;
  let fresh = 0;

  /** A partner of its own for each test, and a certificate of ours queued for it. */
  async function queuedFor(
    partner: string,
    connection: { host: string; port: number; transport: 'tcp' } | null = null,
  ) {
    const ref = { station: US.station, partner };
    await line.bus.request(registry.partnerAdd, {
      station: US.station,
      id: partner,
      password: SEALED,
      acx: true,
      connection,
    });
    return { ref, ...(await send(ref)) };
  }
  async function send(ref: { station: string; partner: string }) {
    const { exchanges } = await line.bus.request(exchangeRequests.send, { ...ref, kind: 'deliver' });
    expect(exchanges).toHaveLength(1);
    return exchanges[0]!;
  }
  const look = async (id: string) => (await line.bus.request(exchangeRequests.exchangeGet, { id })).exchange;
  const wait = async (id: string, wanted: (exchange: Exchange) => boolean) =>
    (await until(line.bus, exchangeRequests.exchangeGet, { id }, ({ exchange }) => wanted(exchange))).exchange;
  const claim = (ref: { station: string; partner: string }) =>
    line.bus.request(exchangeRequests.dialClaim, { ...ref, holder: 'g1' });
  const report = (
    ref: { station: string; partner: string },
    result: { ok: boolean; message: string; obstacle?: 'no-address' | 'partner-removed' },
  ) => line.bus.request(exchangeRequests.dialReport, { ...ref, holder: 'g1', ...result });
  const settle = (exchange: Exchange, fate: object) =>
    line.bus.request(exchangeRequests.outboxSettle, {
      session: 's1',
      station: exchange.station,
      partner: exchange.partner,
      exchange: exchange.id,
      item: 'file',
      fate: fate as { type: 'delivered' },
    });
  const toldOf = async (id: string) =>
    (await line.told()).filter(({ data }) => data['exchange'] === id).map(({ name }) => name);

  beforeAll(async () => {
    line = await startLine();
    await setUp(line);
    await useOwn(line, line.acme.issue({ host: 'oftp.acme.example' }));
  });
  afterAll(() => line.stop());

  const reachable = { host: '127.0.0.1', port: 1, transport: 'tcp' } as const;
  const next = () => `O0177FRESH${(fresh += 1)}`;

  it('waits for the call of a partner without an address, and is called for as soon as it gets one', async () => {
    const { ref, id, awaits } = await queuedFor(next());
    expect(awaits).toBe('partner-call');
    await line.bus.request(registry.partnerSet, { ...ref, connection: reachable });
    expect(await wait(id, (exchange) => exchange.awaits === 'our-call')).toMatchObject({
      state: 'queued',
      attempts: 0,
    });
    await line.bus.request(registry.partnerSet, { ...ref, connection: null });
    await claim(ref);
    expect(await report(ref, { ok: false, message: 'no address', obstacle: 'no-address' })).toEqual({});
    expect(await look(id)).toMatchObject({ state: 'queued', awaits: 'partner-call', attempts: 0 });
  });

  it('is tried again later and later while the partner is not reached, and says so', async () => {
    const { ref, id } = await queuedFor(next(), reachable);
    for (const [attempts, pause] of [
      [1, 5_000],
      [2, 10_000],
    ] as const) {
      await claim(ref);
      expect(await report(ref, { ok: false, message: 'nobody listens' })).toEqual({ retryMilliseconds: pause });
      const at = line.clock.now();
      expect(await look(id)).toMatchObject({
        awaits: 'our-call',
        attempts,
        lastFailure: { message: 'nobody listens', next: new Date(at.getTime() + pause).toISOString() },
      });
    }
  });

  it('is given up, once, where the protocol has no fields for it', async () => {
    const queued = await queuedFor(next(), reachable);
    const fate = { type: 'unsendable', message: 'SFIDDSN cannot hold that' };
    await settle(queued, fate);
    await settle(queued, fate);
    const over = await look(queued.id);
    expect(over).toMatchObject({ state: 'failed', reason: 'unsendable', message: 'SFIDDSN cannot hold that' });
    expect(over.awaits).toBeUndefined();
    expect(await toldOf(queued.id)).toEqual(['exchange.queued', 'exchange.failed']);
    expect(await claim(queued.ref)).toMatchObject({ waiting: false });
  });

  it('that the partner calls a duplicate waits for its answer, and ends with it', async () => {
    const queued = await queuedFor(next(), reachable);
    await settle(queued, { type: 'refused', by: 'sfna', reason: 13, text: 'have it', retry: false });
    expect(await look(queued.id)).toMatchObject({ state: 'sent', reason: 'sfna-13', awaits: 'answer' });
    expect(await claim(queued.ref)).toMatchObject({ waiting: false });
    const answer = { kind: 'eerp' as const, file: queued.file };
    await line.bus.request(exchangeRequests.answerReceive, { session: 's2', ...queued.ref, mode: 'full', answer });
    expect(await look(queued.id)).toMatchObject({ state: 'acknowledged' });
  });

  it('ends with the removal of its partner, and does not come back with another of that name', async () => {
    const { ref, id, ...queued } = await queuedFor(next(), reachable);
    await settle({ ...queued, id }, { type: 'delivered' });
    const { id: second } = await send(ref);
    // A gateway that errs does not end anything.
    expect(await report(ref, { ok: false, message: 'gone', obstacle: 'partner-removed' })).toMatchObject({
      retryMilliseconds: 5_000,
    });
    await line.bus.request(registry.partnerRemove, ref);
    for (const one of [id, second]) {
      expect(await wait(one, ({ state }) => state === 'failed')).toMatchObject({ reason: 'partner-removed' });
      expect((await toldOf(one)).at(-1)).toBe('exchange.failed');
    }
    await line.bus.request(registry.partnerAdd, { station: US.station, id: ref.partner, password: SEALED, acx: true });
    expect(await claim(ref)).toMatchObject({ waiting: false });
  });

  it('learns after a restart what became of partners meanwhile', async () => {
    const gone = await queuedFor(next(), reachable);
    const moved = await queuedFor(next());
    await line.stopService('cert-exchange');
    await line.bus.request(registry.partnerRemove, gone.ref);
    await line.bus.request(registry.partnerSet, { ...moved.ref, connection: reachable });
    await line.startService('cert-exchange');
    expect(await wait(gone.id, ({ state }) => state === 'failed')).toMatchObject({ reason: 'partner-removed' });
    expect(await wait(moved.id, ({ awaits }) => awaits === 'our-call')).toMatchObject({ state: 'queued' });
  });
});
