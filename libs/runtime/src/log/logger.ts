import { trace } from '@opentelemetry/api';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { RuntimeConfig } from '../config/runtime-config.js';
import { redact } from './redaction.js';

/** Who logs, and how much. */
export interface LoggerParts {
  readonly service: string;
  readonly instance: string;
  readonly level: RuntimeConfig['logLevel'];
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines on standard output: constant messages, values in fields, `trace_id` and `span_id` of the active span.
 * Written synchronously, so that the last words of a dying process are not lost.
 */
export function createLogger({ service, instance, level, destination }: LoggerParts): Logger {
  return pino(
    {
      level,
      base: { service, instance },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redact },
      // Errors are fields by then; pino's own serializer would take their text for a record of its own.
      serializers: { err: (err: unknown) => err },
      mixin: traceFields,
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
