import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationType, InstrumentType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { registerProcessMetrics } from './process-metrics.js';

/** Metrics of a process. */
export interface Metrics {
  /** Answers a scrape in Prometheus' text format. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  shutdown(): Promise<void>;
}

/** Seconds: a request over the bus takes a fraction of a millisecond, a session minutes. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/**
 * Sets up metrics for the whole process; instruments are made with `metrics.getMeter('certlane')` afterwards.
 * The exporter adds no units to names, so ours end with them: `certlane.request.duration.seconds`.
 */
export function startMetrics(parts: { readonly service: string; readonly instance: string }): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': parts.service, 'service.instance.id': parts.instance }),
    readers: [exporter],
    views: [
      {
        instrumentType: InstrumentType.HISTOGRAM,
        instrumentUnit: 's',
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: DURATION_BUCKETS, recordMinMax: false },
        },
      },
    ],
  });
  metrics.setGlobalMeterProvider(provider);
  registerProcessMetrics(provider.getMeter('certlane'));
  return {
    handle: (request, response) => exporter.getMetricsRequestHandler(request, response),
    shutdown: async () => {
      await provider.shutdown().catch(() => undefined);
      metrics.disable();
    },
  };
}
