import { MessagePattern } from '@nestjs/microservices';
import type {
  CloudEvent,
  DataOf,
  EventContract,
  JobContract,
  ParsedRequestOf,
  ReplyOf,
  RequestContract,
} from '@certlane/contracts';

/** What a handler is told beside its input. */
export interface Call {
  /** Subject the message came on, prefix included. */
  readonly subject: string;
  /** Aborts when the service has to stop before the handler is done: give up what can be taken up again. */
  readonly signal: AbortSignal;
}

/** What the handler of a job is told beside its data. */
export interface JobCall extends Call {
  /** 1 on the first delivery. */
  readonly attempt: number;
}

/** How a job went: nothing when it is done, or when to deliver it again. A job that throws is delivered again with back-off. */
export interface JobOutcome {
  readonly retryAfterMilliseconds: number;
}

/** What {@link CertlaneTransport} reads off a handler. */
export type HandlerContract = RequestContract | JobContract | EventContract;

/** Ties our decorators to our transport: another transport of the same application ignores these handlers. */
export const CERTLANE_TRANSPORT = Symbol('certlane-transport');

type MaybePromise<T> = T | Promise<T>;
type On<Method> = <M extends Method>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

const mark = (contract: HandlerContract): MethodDecorator =>
  MessagePattern(`${contract.kind} ${contract.service} ${contract.name}`, CERTLANE_TRANSPORT, { contract });

/**
 * The method answers a request: `@Serves(registry.partnerAdd) add(input, call) { ... }`.
 *
 * It gets the parsed request and returns the reply (both checked against the contract); it throws CertlaneError to refuse.
 */
export function Serves<C extends RequestContract>(
  contract: C,
): On<(input: ParsedRequestOf<C>, call: Call) => MaybePromise<ReplyOf<C>>> {
  return mark(contract) as On<(input: ParsedRequestOf<C>, call: Call) => MaybePromise<ReplyOf<C>>>;
}

/**
 * The method does a job: `@Does(exchangeJobs.dial) dial(data, call) { ... }`.
 *
 * One replica at a time has it; it is delivered again until the method returns without an outcome. It must bear a second run.
 */
export function Does<C extends JobContract>(
  contract: C,
): On<(data: DataOf<C>, call: JobCall) => MaybePromise<JobOutcome | undefined | void>> {
  return mark(contract) as On<(data: DataOf<C>, call: JobCall) => MaybePromise<JobOutcome | undefined | void>>;
}

/**
 * The method hears an event: `@Hears(registryEvents.stationAdded) refresh(event, call) { ... }`.
 *
 * Every replica hears every event while it is connected, none twice for certain and none for certain: for refreshing caches only.
 */
export function Hears<C extends EventContract>(
  contract: C,
): On<(event: CloudEvent<DataOf<C>>, call: Call) => MaybePromise<void>> {
  return mark(contract) as On<(event: CloudEvent<DataOf<C>>, call: Call) => MaybePromise<void>>;
}
