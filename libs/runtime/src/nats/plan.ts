import { serviceContracts, serviceNames, streamNames } from '@certlane/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { bucketStream, bucketSubject, jobConsumer, jobFilter } from './names.js';

/** What an operator may choose about streams. */
export interface StreamSettings {
  /** Copies JetStream keeps of every stream: 1, 3 or 5, as many as there are servers. */
  readonly replicas: number;
  /** Days an event is kept. */
  readonly eventDays: number;
  /** Seconds within which the same message id is the same message; longer than the longest outage a relay has to bridge. */
  readonly duplicateSeconds: number;
}

/** One server, events for a month, duplicates seen for an hour. */
export const defaultStreamSettings: StreamSettings = { replicas: 1, eventDays: 30, duplicateSeconds: 3_600 };

const SECOND = 1_000_000_000;
const DAY = 86_400 * SECOND;

/** A stream as it must be. Only what nats-server 2.9 knows: no metadata, no compression. */
export type PlannedStream = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>;

/** A durable consumer as it must be. */
export interface PlannedConsumer {
  readonly stream: string;
  readonly config: Partial<ConsumerConfig> & { readonly durable_name: string };
}

/** Every stream of a deployment. */
export function streamPlan(prefix: string, settings: StreamSettings = defaultStreamSettings): PlannedStream[] {
  const common = { storage: StorageType.File, num_replicas: settings.replicas };
  const duplicate_window = settings.duplicateSeconds * SECOND;
  return [
    {
      ...common,
      name: streamNames.events(prefix),
      subjects: [`${prefix}.events.v1.>`],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: settings.eventDays * DAY,
      duplicate_window,
      // A log of what happened is not edited.
      deny_delete: true,
      deny_purge: true,
      allow_direct: true,
    },
    {
      ...common,
      name: streamNames.jobs(prefix),
      subjects: [`${prefix}.jobs.v1.>`],
      retention: RetentionPolicy.Workqueue,
      duplicate_window,
    },
    ...storing().map((service) => ({
      ...common,
      name: bucketStream(prefix, service),
      subjects: [bucketSubject(prefix, service, '>')],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      // History 1 is what makes a sequence name the current state of a key, and deleting by sequence a compare-and-delete.
      max_msgs_per_subject: 1,
      allow_rollup_hdrs: true,
      allow_direct: true,
    })),
  ];
}

/** Every durable consumer of a deployment. */
export function consumerPlan(prefix: string): PlannedConsumer[] {
  return serviceNames
    .flatMap((service) => serviceContracts[service].does)
    .map((job) => ({
      stream: streamNames.jobs(prefix),
      config: {
        durable_name: jobConsumer(job),
        filter_subject: jobFilter(prefix, job),
        deliver_policy: DeliverPolicy.All,
        ack_policy: AckPolicy.Explicit,
        ack_wait: 30 * SECOND,
        max_deliver: -1,
        max_ack_pending: 5_000,
      },
    }));
}

function storing(): readonly string[] {
  return serviceNames.filter((service) => serviceContracts[service].store);
}
