import { exchangeJobs, registryEvents } from '@certlane/contracts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { countingIds, fixedClock } from '../testing/fixed-clock.js';
import { startTracing, type Tracing } from '../trace/tracing.js';
import { withSpan } from '../trace/with-span.js';
import { createMessages } from './messages.js';

describe('createMessages', () => {
  const messages = createMessages({ prefix: 'p', clock: fixedClock(), ids: countingIds() });
  const about = { station: 'O0013OURS', partner: 'O0177 BETA&CO' };
  let tracing: Tracing | undefined;

  afterEach(async () => {
    await tracing?.shutdown();
    tracing = undefined;
  });

  it('makes events whose id, time and subject are in one hand', () => {
    const message = messages.event(registryEvents.partnerRemoved, about, { partner: about.partner });
    expect(message).toEqual({
      id: 'id-1',
      kind: 'event',
      subject: 'p.events.v1.partner.removed.O0177_20BETA_26CO',
      payload: {
        specversion: '1.0',
        id: 'id-1',
        source: '/certlane/partner-registry',
        type: 'certlane.partner.removed.v1',
        subject: 'O0177 BETA&CO',
        time: '2026-01-01T00:00:00.000Z',
        datacontenttype: 'application/json',
        data: about,
      },
    });
  });

  it('makes jobs named by what they are about', () => {
    expect(messages.job(exchangeJobs.dial, about, 'a/b')).toEqual({
      id: 'id-2',
      kind: 'job',
      subject: 'p.jobs.v1.dial.a_2fb',
      payload: about,
    });
  });

  it('carries the trace of what caused them', async () => {
    tracing = await startTracing({ service: 'x', instance: 'y' });
    const [message, span] = await withSpan(
      'cause',
      {},
      () => [messages.event(registryEvents.partnerRemoved, about), trace.getActiveSpan()?.spanContext()] as const,
    );
    const traceparent = `00-${span?.traceId ?? ''}-${span?.spanId ?? ''}-00`;
    expect(message.headers).toEqual({ traceparent });
    expect(message.payload).toMatchObject({ traceparent });
  });

  it('refuses data that does not fit the contract', () => {
    expect(() => messages.event(registryEvents.partnerRemoved, { station: 'O0013OURS' } as never)).toThrow();
    expect(() => messages.job(exchangeJobs.dial, {} as never, 'x')).toThrow();
  });
});
