import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayEvents } from '@certlane/contracts';
import type { Bus, Clock, Logger, Messages, OutboxMessage } from '@certlane/runtime';
import { EventBudget } from '../domain/event-budget.js';
import type { GatewayMetrics } from '../metrics.js';
import type { SessionEnds, SessionReport } from '../ports/session-ends.js';

/** What events are published with. */
export interface SessionEndEventsParts {
  readonly bus: Bus;
  readonly messages: Messages;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  /** Events about peers that never proved who they are, in a minute: strangers must not fill the log of events. */
  readonly unknownPeersPerMinute: number;
}

/** Events that wait while NATS is away; beyond, the oldest go. */
const LONGEST_BUFFER = 2_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** Publishes an event for every session that ended, with an id of its own, until the stream holds it. */
export class SessionEndEvents implements SessionEnds {
  readonly #parts: SessionEndEventsParts;
  readonly #budget: EventBudget;
  readonly #waiting: OutboxMessage[] = [];
  #publishing: Promise<void> | undefined;
  #closed = false;

  constructor(parts: SessionEndEventsParts) {
    this.#parts = parts;
    this.#budget = new EventBudget(parts.unknownPeersPerMinute, parts.clock.now());
  }

  /** Events that are not in the stream yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  ended(report: SessionReport, known: boolean): void {
    const { clock, messages, metrics, log } = this.#parts;
    if (!known && !this.#budget.spend(clock.now())) {
      metrics.eventDropped('unknown-peer');
      return;
    }
    try {
      const about = known && report.partner !== undefined ? { partner: report.partner } : {};
      this.#waiting.push(messages.event(gatewayEvents.sessionEnded, report, about));
    } catch (error) {
      metrics.eventDropped('invalid');
      log.error({ err: error, session: report.session }, 'session cannot be told of');
      return;
    }
    if (this.#waiting.length > LONGEST_BUFFER) {
      this.#waiting.shift();
      metrics.eventDropped('buffer-full');
    }
    this.#publishing ??= this.#publish();
  }

  /** Publishes what waits, for so long at most; what is left then is lost, and the log says how much. */
  async close(milliseconds: number): Promise<void> {
    const late = sleep(milliseconds, undefined, { ref: false });
    await Promise.race([this.#publishing ?? Promise.resolve(), late]);
    this.#closed = true;
    if (this.#waiting.length > 0)
      this.#parts.log.error({ lost: this.#waiting.length }, 'events of ended sessions are lost');
  }

  async #publish(): Promise<void> {
    let pause = FIRST_PAUSE;
    for (let [first] = this.#waiting; first !== undefined && !this.#closed; [first] = this.#waiting) {
      try {
        await this.#parts.bus.publish(first);
        // It may have been dropped from the full buffer meanwhile.
        if (this.#waiting[0] === first) this.#waiting.shift();
        pause = FIRST_PAUSE;
      } catch (error) {
        this.#parts.log.warn({ err: error, waiting: this.#waiting.length }, 'events cannot be published for now');
        await sleep(pause, undefined, { ref: false });
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
    this.#publishing = undefined;
  }
}
