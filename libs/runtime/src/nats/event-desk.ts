import { cloudEvent, type EventContract } from '@certlane/contracts';
import type { Msg, Subscription } from '@nats-io/nats-core';
import { SpanKind } from '@opentelemetry/api';
import { extractTrace } from '../trace/propagation.js';
import { inSpan } from '../trace/with-span.js';
import { invoke, type Desk, type Endpoint } from './endpoint.js';
import { eventFilter } from './names.js';
import { parseJson } from './wire.js';

/** Hears events as they pass by: every replica, no replay, no acknowledgement. */
export class EventDesk {
  readonly #desk: Desk;
  readonly #subscriptions: Subscription[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  open(endpoint: Endpoint<EventContract>): void {
    const callback = (error: Error | null, message: Msg) => {
      if (error !== null)
        this.#desk.logger.error({ event: endpoint.contract.name, err: error }, 'events cannot be heard');
      else if (!this.#desk.inFlight.run(() => this.#hear(endpoint, message))) {
        this.#desk.logger.warn({ event: endpoint.contract.name }, 'event was not heard: too much to do');
      }
    };
    const { connection, prefix } = this.#desk;
    this.#subscriptions.push(connection.subscribe(eventFilter(prefix, endpoint.contract), { callback }));
  }

  /** Takes no more; what is here already goes on. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
  }

  async #hear({ contract, handler }: Endpoint<EventContract>, message: Msg): Promise<void> {
    const { logger, signal } = this.#desk;
    const parts = { kind: SpanKind.CONSUMER, parent: extractTrace(message.headers) };
    try {
      const event = cloudEvent.extend({ data: contract.data }).parse(parseJson(message));
      await inSpan(`hear ${contract.name}`, parts, () => invoke(handler, event, { subject: message.subject, signal }));
    } catch (thrown) {
      logger.warn({ event: contract.name, err: thrown }, 'event could not be used');
    }
  }
}
