import { z } from 'zod';
import type { DataOf, EventContract } from './contract.js';
import { serviceNames, type ServiceName } from './contract.js';
import { timestamp } from './vocabulary.js';

/** CloudEvents 1.0 in structured JSON mode, as events travel (media type `application/cloudevents+json`). */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  /** Stable: the same event published twice carries the same id, which is also the JetStream message id. */
  id: z.string().min(1).max(128),
  /** `/certlane/partner-registry` */
  source: z.string(),
  /** `certlane.certificate.taken-over.v1` */
  type: z.string(),
  /** Odette ID of the partner the event concerns; absent when it concerns none. */
  subject: z.string().optional(),
  time: timestamp,
  datacontenttype: z.literal('application/json'),
  /** W3C trace context of what caused it. */
  traceparent: z.string().optional(),
  data: z.unknown(),
});

/** An event on the wire. */
export interface CloudEvent<Data = unknown> extends z.infer<typeof cloudEvent> {
  data: Data;
}

/** What an event is made from; time and id are the caller's, so that making one is pure. */
export interface EventParts<C extends EventContract> {
  readonly contract: C;
  readonly data: DataOf<C>;
  readonly id: string;
  readonly time: Date;
  /** Odette ID of the partner the event concerns. */
  readonly partner?: string;
  readonly traceparent?: string;
}

/** CloudEvents `type` of an event contract. */
export function eventType(contract: Pick<EventContract, 'name'>): string {
  return `certlane.${contract.name}.v1`;
}

/** CloudEvents `source` of a service. */
export function eventSource(service: ServiceName): string {
  return `/certlane/${service}`;
}

/**
 * An event ready to travel.
 * @throws {z.ZodError} when the data does not fit its own contract: a defect of ours.
 */
export function makeEvent<C extends EventContract>(parts: EventParts<C>): CloudEvent<DataOf<C>> {
  return {
    specversion: '1.0',
    id: parts.id,
    source: eventSource(parts.contract.service),
    type: eventType(parts.contract),
    ...(parts.partner === undefined ? {} : { subject: parts.partner }),
    time: parts.time.toISOString(),
    datacontenttype: 'application/json',
    ...(parts.traceparent === undefined ? {} : { traceparent: parts.traceparent }),
    data: parts.contract.data.parse(parts.data) as DataOf<C>,
  };
}

/** Whether a text names a service. */
export function isServiceName(text: string): text is ServiceName {
  return (serviceNames as readonly string[]).includes(text);
}
