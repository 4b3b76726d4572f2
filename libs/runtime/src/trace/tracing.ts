import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';

/** Who traces, and where to. */
export interface TracingParts {
  readonly service: string;
  readonly instance: string;
  /** OTLP over HTTP; absent: identifiers are made and passed on, so that logs correlate, but nothing is recorded. */
  readonly otlpEndpoint?: string;
  /** Other than OTLP: for tests. */
  readonly processors?: readonly SpanProcessor[];
}

/** Traces of a process. */
export interface Tracing {
  /** Exports what waits; a collector that is gone is no failure of ours. */
  shutdown(): Promise<void>;
}

/** Sets up tracing for the whole process: provider, asynchronous context, W3C propagation. */
export async function startTracing(parts: TracingParts): Promise<Tracing> {
  const processors = [...(parts.processors ?? []), ...(await exportersTo(parts.otlpEndpoint))];
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': parts.service, 'service.instance.id': parts.instance }),
    sampler: new ParentBasedSampler({ root: processors.length === 0 ? new AlwaysOffSampler() : new AlwaysOnSampler() }),
    spanProcessors: processors,
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    shutdown: async () => {
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** The exporter brings a fifth of a process's start-up time: only those who export load it. */
async function exportersTo(endpoint: string | undefined): Promise<SpanProcessor[]> {
  if (endpoint === undefined) return [];
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  return [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, timeoutMillis: 5_000 }) })];
}
