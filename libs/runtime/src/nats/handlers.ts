import type {
  CloudEvent,
  DataOf,
  EventContract,
  JobContract,
  ParsedRequestOf,
  ReplyOf,
  RequestContract,
} from '@certlane/contracts';
import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** What a handler is told beside its input. */
export interface Call {
  /** Subject the message came on, prefix included. */
  readonly subject: string;
  /** Aborts when the service has to stop before the handler is done: give up what can be taken up again. */
  readonly signal: AbortSignal;
  /** Who acts by this request, `operator:anna`, in the words of whoever sent it; absent: that service acts by itself. */
  readonly actor?: string;
}

/** What the handler of a job is told beside its data. */
export interface JobCall extends Call {
  /** 1 on the first delivery. */
  readonly attempt: number;
}

/** How a job went when it is not done: when to deliver it again. A job that throws is delivered again with back-off. */
export interface JobOutcome {
  readonly retryAfterMilliseconds: number;
}

/** What our transport reads off a handler. */
export type HandlerContract = RequestContract | JobContract | EventContract;

/** Ties our decorators to our transport: another transport of the same application ignores these handlers. */
export const CERTLANE_TRANSPORT = Symbol('certlane-transport');

type On<Method> = <M extends Method>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/** Nest would log what a handler throws and answer "Internal server error"; our transport has the table of codes. */
@Catch()
class PassOn implements RpcExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => thrown);
  }
}

const mark = (contract: HandlerContract): MethodDecorator =>
  applyDecorators(
    MessagePattern(`${contract.kind} ${contract.service} ${contract.name}`, CERTLANE_TRANSPORT, { contract }),
    UseFilters(new PassOn()),
    (target: object, key: string | symbol) => {
      // Without these Nest hands over the payload alone.
      Payload()(target, key, 0);
      Ctx()(target, key, 1);
    },
  );

/**
 * The method answers a request: `@Serves(registry.partnerAdd) add(input, call) { ... }`.
 *
 * It gets the parsed request and returns the reply (both checked against the contract); it throws CertlaneError to refuse.
 */
export function Serves<C extends RequestContract>(
  contract: C,
): On<(input: ParsedRequestOf<C>, call: Call) => Promise<ReplyOf<C>> | ReplyOf<C>> {
  return mark(contract);
}

/**
 * The method does a job: `@Does(exchangeJobs.dial) async dial(data, call) { ... }`.
 *
 * One replica at a time has it; it is delivered again until the method returns without an outcome. It must bear a second run.
 */
export function Does<C extends JobContract>(
  contract: C,
): On<(data: DataOf<C>, call: JobCall) => Promise<JobOutcome | undefined> | Promise<void>> {
  return mark(contract);
}

/**
 * The method hears an event: `@Hears(registryEvents.stationAdded) refresh(event, call) { ... }`.
 *
 * Every replica hears every event while it is connected, none twice for certain and none for certain: for refreshing caches, and for
 * waking up early what would be found anyway.
 */
export function Hears<C extends EventContract>(
  contract: C,
): On<(event: CloudEvent<DataOf<C>>, call: Call) => Promise<void>> {
  return mark(contract);
}
