import {
  eventSubject,
  jobSubject,
  makeEvent,
  type DataOf,
  type EventContract,
  type JobContract,
} from '@certlane/contracts';
import type { Clock } from '../service/clock.js';
import type { Ids } from '../service/ids.js';
import { activeTraceparent } from '../trace/propagation.js';

/** An event or a job that a change causes; it is stored with the change and published afterwards, at least once. */
export interface OutboxMessage {
  /** JetStream message id; for events also the CloudEvents `id`. Publishing it again is no second message. */
  readonly id: string;
  readonly kind: 'event' | 'job';
  /** Whole subject, prefix included. */
  readonly subject: string;
  /** Plain JSON: a CloudEvent, or the data of a job. */
  readonly payload: unknown;
  /** `traceparent` of what caused it, where there is one. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes the messages of one deployment: time, id and trace context come from here, so that a domain only names contract and data. */
export interface Messages {
  /**
   * An event.
   * @param contract whose data it carries
   * @param data what the contract asks for
   * @param about Odette ID of the partner it concerns: becomes CloudEvents `subject` and the last token of the subject
   * @throws {z.ZodError} when the data does not fit the contract
   */
  event<C extends EventContract>(contract: C, data: DataOf<C>, about?: { readonly partner?: string }): OutboxMessage;
  /**
   * A job.
   * @param contract whose data it carries
   * @param data what the contract asks for
   * @param token names what the job is about (any text; it is encoded)
   * @throws {z.ZodError} when the data does not fit the contract
   */
  job<C extends JobContract>(contract: C, data: DataOf<C>, token: string): OutboxMessage;
}

/** What messages are made with. */
export interface MessageSources {
  /** `CERTLANE_PREFIX`. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The usual {@link Messages}. */
export function createMessages({ prefix, clock, ids }: MessageSources): Messages {
  const headers = (traceparent: string | undefined) => (traceparent === undefined ? {} : { headers: { traceparent } });
  return {
    event: (contract, data, about = {}) => {
      const id = ids.next();
      const traceparent = activeTraceparent();
      const payload = makeEvent({
        contract,
        data,
        id,
        time: clock.now(),
        ...about,
        ...(traceparent === undefined ? {} : { traceparent }),
      });
      return {
        id,
        kind: 'event',
        subject: eventSubject(prefix, contract, about.partner),
        payload,
        ...headers(traceparent),
      };
    },
    job: (contract, data, token) => ({
      id: ids.next(),
      kind: 'job',
      subject: jobSubject(prefix, contract, token),
      payload: contract.data.parse(data),
      ...headers(activeTraceparent()),
    }),
  };
}
