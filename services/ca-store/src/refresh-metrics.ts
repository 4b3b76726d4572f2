import { metrics, type Counter, type Histogram } from '@opentelemetry/api';
import type { ReadKind, ListStates } from './domain/refresh/list-states.js';

/** What ca-store counts of the reading of lists; one name a line, all under `certlane.ca`. */
export class RefreshMetrics {
  readonly #readings: Counter;
  readonly #duration: Histogram;
  #states: ListStates | undefined;

  constructor() {
    const meter = metrics.getMeter('certlane');
    this.#readings = meter.createCounter('certlane.ca.readings', {
      description: 'Lists and answers that were asked for at their address, by kind and outcome',
    });
    this.#duration = meter.createHistogram('certlane.ca.reading.duration.seconds', {
      unit: 's',
      description: 'Time to read a list or an answer at its address, by kind',
    });
    meter
      .createObservableGauge('certlane.ca.lists', {
        description: 'Trust lists, revocation lists and OCSP answers that are known, by kind and state',
      })
      .addCallback((result) => {
        for (const [kind, states] of Object.entries(this.#states ?? {})) {
          for (const [state, count] of Object.entries(states)) result.observe(count, { kind, state });
        }
      });
  }

  /** @param outcome `taken`, `unchanged`, or the reason of the failure */
  read(kind: ReadKind, outcome: string, milliseconds: number): void {
    this.#readings.add(1, { kind, outcome });
    this.#duration.record(milliseconds / 1_000, { kind });
  }

  /** How lists stand, shown until the next look; undefined: another replica looks after them now. */
  countStates(states: ListStates | undefined): void {
    this.#states = states;
  }
}
