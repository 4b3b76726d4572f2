import { errorTable, isCertlaneError } from '@certlane/contracts';
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Span } from '@opentelemetry/api';

/** What a span is, beside its name. */
export interface SpanParts {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** The span it belongs under; the active one unless told. */
  readonly parent?: Context;
}

const TRACER = 'certlane';

/** Runs a piece of work in a span of its own; what it throws is recorded and thrown on. */
export function withSpan<T>(name: string, attributes: Attributes, work: () => T | Promise<T>): Promise<T> {
  return inSpan(name, { attributes }, work);
}

/** {@link withSpan} for the edges of a process, where kind and parent matter. */
export async function inSpan<T>(name: string, parts: SpanParts, work: (span: Span) => T | Promise<T>): Promise<T> {
  const parent = parts.parent ?? context.active();
  const options = {
    kind: parts.kind ?? SpanKind.INTERNAL,
    ...(parts.attributes === undefined ? {} : { attributes: parts.attributes }),
  };
  const span = trace.getTracer(TRACER).startSpan(name, options, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work, undefined, span);
  } catch (thrown) {
    recordFailure(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
}

/** A refusal is an answer, not a failure of ours: only what retrying or repairing would change marks the span as failed. */
function recordFailure(span: Span, thrown: unknown): void {
  if (!span.isRecording()) return;
  const code = isCertlaneError(thrown) ? thrown.code : 'internal';
  span.setAttribute('certlane.error_code', code);
  if (code !== 'internal' && !errorTable[code].retryable) return;
  span.setStatus({ code: SpanStatusCode.ERROR, message: Error.isError(thrown) ? thrown.message : String(thrown) });
}
