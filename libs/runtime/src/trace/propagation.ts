import { context, propagation, type Context, type TextMapGetter, type TextMapSetter } from '@opentelemetry/api';
import type { MsgHdrs } from '@nats-io/nats-core';

const setter: TextMapSetter<MsgHdrs> = { set: (headers, name, value) => headers.set(name, value) };
const getter: TextMapGetter<MsgHdrs> = {
  get: (headers, name) => headers.get(name) || undefined,
  keys: (headers) => headers.keys(),
};

/** Writes the active trace context (W3C `traceparent`, `tracestate`) into the headers of a message. */
export function injectTrace(headers: MsgHdrs): void {
  propagation.inject(context.active(), headers, setter);
}

/** The trace context a message came with; the active one when it has none. */
export function extractTrace(headers: MsgHdrs | undefined): Context {
  return headers === undefined ? context.active() : propagation.extract(context.active(), headers, getter);
}

/** W3C `traceparent` of the active span, as it is kept inside stored messages. */
export function activeTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
