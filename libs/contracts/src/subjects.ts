import type { EventContract, JobContract, RequestContract } from './contract.js';
import { NO_TOKEN, encodeToken } from './tokens.js';

/** The prefix of every subject and the names of every stream, unless configured otherwise. */
export const DEFAULT_PREFIX = 'certlane';

/** `certlane.registry.v1.partner.add` */
export function requestSubject(prefix: string, contract: RequestContract): string {
  return `${prefix}.${contract.subject}`;
}

/**
 * `certlane.events.v1.certificate.taken-over.O0177BETA`
 * @param partner Odette ID of the partner the event concerns, if it concerns one
 */
export function eventSubject(prefix: string, contract: Pick<EventContract, 'name'>, partner?: string): string {
  return `${prefix}.events.v1.${contract.name}.${partner === undefined ? NO_TOKEN : encodeToken(partner)}`;
}

/** `certlane.jobs.v1.dial.<token>`; the token keeps the jobs of one partner together. */
export function jobSubject(prefix: string, contract: Pick<JobContract, 'name'>, token: string): string {
  return `${prefix}.jobs.v1.${contract.name}.${encodeToken(token)}`;
}

/** Names of streams and buckets: subject characters only, the prefix first, so that two deployments share one account. */
export const streamNames = {
  events: (prefix: string) => `${prefix}_events`,
  jobs: (prefix: string) => `${prefix}_jobs`,
  bucket: (prefix: string, service: string) => `${prefix}_${service}`,
} as const;
