import type { InFlight } from './in-flight.js';
import type { Call, HandlerContract } from './handlers.js';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import { isObservable, lastValueFrom } from 'rxjs';

/** A handler as Nest hands it over: filters, guards and interceptors of the application around it. */
export type NestHandler = (data: unknown, call: Call) => unknown;

/** A contract and the method that serves it. */
export interface Endpoint<C extends HandlerContract = HandlerContract> {
  readonly contract: C;
  readonly handler: NestHandler;
}

/** What the desks of a transport share. */
export interface Desk {
  readonly connection: NatsConnection;
  readonly service: string;
  readonly prefix: string;
  readonly inFlight: InFlight;
  readonly logger: Logger;
  /** Aborts when draining took too long. */
  readonly signal: AbortSignal;
}

/** Runs a handler; Nest may answer by value, by promise or by observable. */
export async function invoke(handler: NestHandler, data: unknown, call: Call): Promise<unknown> {
  const result = await handler(data, call);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}
