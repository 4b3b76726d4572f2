import { streamNames, type JobContract } from '@certlane/contracts';

/** Name of the stream behind a service's bucket of documents; NATS tools know it as the bucket without `KV_`. */
export function bucketStream(prefix: string, service: string): string {
  return `KV_${streamNames.bucket(prefix, service)}`;
}

/** Subject of a document, or of many with wildcards in the key. */
export function bucketSubject(prefix: string, service: string, key: string): string {
  return `$KV.${streamNames.bucket(prefix, service)}.${key}`;
}

/** The durable consumer all replicas of a service share for one kind of job. */
export function jobConsumer(contract: Pick<JobContract, 'service' | 'name'>): string {
  return `${contract.service}-${contract.name.replaceAll('.', '-')}`;
}

/** All jobs of one kind. */
export function jobFilter(prefix: string, contract: Pick<JobContract, 'name'>): string {
  return `${prefix}.jobs.v1.${contract.name}.*`;
}

/** All events of one kind, whatever partner they concern. */
export function eventFilter(prefix: string, contract: { readonly name: string }): string {
  return `${prefix}.events.v1.${contract.name}.*`;
}

/** Prefix of a connection's reply subjects: each user may listen to its own only. */
export function inboxPrefix(user: string): string {
  return `_INBOX_${user}`;
}

/** Users beside the services, as permissions and credentials name them. */
export const OPERATOR = 'operator';
/** Makes streams, buckets and consumers; nothing else may. */
export const PROVISIONER = 'provisioner';
