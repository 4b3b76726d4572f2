import { metrics, type Counter } from '@opentelemetry/api';
import type { BypassRefusal } from './domain/ledger/bypass-uses.js';

/** What the service counts of the certificates it decides upon. */
export class DecisionMetrics {
  readonly #decisions: Counter;

  constructor() {
    this.#decisions = metrics.getMeter('certlane').createCounter('certlane.exchange.decisions', {
      description: 'Certificates that were taken over, refused or held for a person, by outcome and reason',
    });
  }

  /** @param reason one of the machine reasons of the contract; undefined where it was accepted */
  decided(outcome: 'accepted' | 'refused' | 'held', reason: string | undefined): void {
    this.#decisions.add(1, { outcome, ...(reason === undefined ? {} : { reason }) });
  }
}

/** What the service counts of the bypass. */
export class BypassMetrics {
  readonly #uses: Counter;
  readonly #refusals: Counter;

  constructor() {
    const meter = metrics.getMeter('certlane');
    this.#uses = meter.createCounter('certlane.bypass.uses', {
      description: 'Sessions that were let run in the bypass, by direction',
    });
    this.#refusals = meter.createCounter('certlane.bypass.refusals', {
      description: 'Sessions that the bypass did not let in, by reason',
    });
  }

  used(direction: 'inbound' | 'outbound'): void {
    this.#uses.add(1, { direction });
  }

  refused(reason: BypassRefusal): void {
    this.#refusals.add(1, { reason });
  }
}
