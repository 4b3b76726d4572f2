import type { ValidationVerdict } from '@certlane/contracts';
import { metrics, type Counter, type Histogram } from '@opentelemetry/api';
import { Inject, Injectable } from '@nestjs/common';
import { TRUST_STATE, type TrustState } from './ports/trust-state.js';

/** What ca-store counts of what it trusts and of its verdicts; one name a line, all under `certlane.ca`. */
@Injectable()
export class TrustMetrics {
  readonly #verdicts: Counter;
  readonly #duration: Histogram;

  constructor(@Inject(TRUST_STATE) state: TrustState) {
    const meter = metrics.getMeter('certlane');
    this.#verdicts = meter.createCounter('certlane.ca.verdicts', {
      description: 'Verdicts over certificates, by reason (trusted: none) and by what is known of their revocation',
    });
    this.#duration = meter.createHistogram('certlane.ca.verdict.duration.seconds', {
      unit: 's',
      description: 'Time to give a verdict',
    });
    const anchors = meter.createObservableGauge('certlane.ca.anchors', {
      description: 'Authorities that certificates are trusted on: installed for oftp2, or in accord on a trust list',
    });
    const issuers = meter.createObservableGauge('certlane.ca.issuers', {
      description: 'Installed issuers, by purpose',
    });
    const entries = meter.createObservableGauge('certlane.ca.revoked', {
      description: 'Serial numbers on all revocation lists',
    });
    meter.addBatchObservableCallback(
      async (result) => {
        // Whether the state can be read is a matter of health; a metric that cannot be told is left out.
        const view = await state.current().catch(() => undefined);
        if (view === undefined) return;
        result.observe(anchors, view.anchors.size);
        result.observe(entries, view.revokedEntries);
        const purposes = { oftp2: 0, 'verification-only': 0 };
        for (const { purpose } of view.issuers.values()) purposes[purpose] += 1;
        for (const [purpose, count] of Object.entries(purposes)) result.observe(issuers, count, { purpose });
      },
      [anchors, issuers, entries],
    );
  }

  /** A verdict was given. */
  judged({ reason, revocation }: ValidationVerdict, milliseconds: number): void {
    this.#verdicts.add(1, { reason: reason ?? 'trusted', revocation: revocation.status });
    this.#duration.record(milliseconds / 1_000);
  }
}
