import type { z } from 'zod';

/** The four services, by the name they carry in queue groups, logs and permissions. */
export const serviceNames = ['session-gateway', 'partner-registry', 'cert-exchange', 'ca-store'] as const;
/** One of the four. */
export type ServiceName = (typeof serviceNames)[number];

/** How each service is called inside subjects. */
export const subjectNames = {
  'session-gateway': 'gateway',
  'partner-registry': 'registry',
  'cert-exchange': 'exchange',
  'ca-store': 'ca',
} as const satisfies Record<ServiceName, string>;

/** A request one service answers: subject, both schemas, and what it is for. */
export interface RequestContract<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: 'request';
  readonly service: ServiceName;
  /** Dotted name inside the service, e.g. `partner.add`. */
  readonly name: string;
  /** Subject below the prefix, e.g. `registry.v1.partner.add`. */
  readonly subject: string;
  readonly summary: string;
  readonly request: Input;
  readonly reply: Output;
}

/** Something that happened, told to whoever subscribes. */
export interface EventContract<Data extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly service: ServiceName;
  /** `<noun>.<verb>`, e.g. `certificate.taken-over`. */
  readonly name: string;
  readonly summary: string;
  readonly data: Data;
}

/** Work that exactly one consumer acts on, until it is acknowledged. */
export interface JobContract<Data extends z.ZodType = z.ZodType> {
  readonly kind: 'job';
  /** The service that publishes it. */
  readonly from: ServiceName;
  /** The service that does it. */
  readonly service: ServiceName;
  readonly name: string;
  readonly summary: string;
  readonly data: Data;
}

/** What a caller passes. */
export type RequestOf<C extends RequestContract> = z.input<C['request']>;
/** What a handler receives. */
export type ParsedRequestOf<C extends RequestContract> = z.output<C['request']>;
/** What a handler returns. */
export type ReplyOf<C extends RequestContract> = z.input<C['reply']>;
/** What a caller receives. */
export type ParsedReplyOf<C extends RequestContract> = z.output<C['reply']>;
/** The data of an event or a job. */
export type DataOf<C extends EventContract | JobContract> = z.output<C['data']>;

/** Makes the requests of one service; the keys of the result are what callers write. */
export function requestsOf(service: ServiceName) {
  return <Input extends z.ZodType, Output extends z.ZodType>(
    name: string,
    parts: { summary: string; request: Input; reply: Output },
  ): RequestContract<Input, Output> => ({
    kind: 'request',
    service,
    name,
    subject: `${subjectNames[service]}.v1.${name}`,
    ...parts,
  });
}

/** Makes the events of one service. */
export function eventsOf(service: ServiceName) {
  return <Data extends z.ZodType>(name: string, parts: { summary: string; data: Data }): EventContract<Data> => ({
    kind: 'event',
    service,
    name,
    ...parts,
  });
}

/** Makes the jobs one service hands to another. */
export function jobsFrom(from: ServiceName) {
  return <Data extends z.ZodType>(
    service: ServiceName,
    name: string,
    parts: { summary: string; data: Data },
  ): JobContract<Data> => ({ kind: 'job', from, service, name, ...parts });
}
