import type { Partner } from '@certlane/contracts';
import type { PartnerRecord } from './records.js';

const DAY_MILLISECONDS = 86_400_000;

/** What of a partner decides whether its bypass is open. */
export type BypassFacts = Pick<
  PartnerRecord,
  'acx' | 'secureAuthentication' | 'entries' | 'certificates' | 'bypassLimits' | 'bypassReopenedAt' | 'createdAt'
>;

/**
 * Whether a certificate of the partner for session authentication is on file. Presence counts, not validity: one that has
 * expired, was recalled or was revoked keeps the bypass closed, else an attacker would only have to wait.
 */
export function hasAuthenticationCertificate(partner: Pick<PartnerRecord, 'certificates'>): boolean {
  return partner.certificates.some(({ usages }) => usages.includes('session-authentication'));
}

/**
 * The exchange that brought the only certificate for session authentication there is; undefined where there are more, or an
 * operator put it on file.
 */
export function broughtBy({ certificates }: Pick<PartnerRecord, 'certificates'>): string | undefined {
  const [first, ...others] = certificates.filter(({ usages }) => usages.includes('session-authentication'));
  return first?.origin.by === 'exchange' && others.length === 0 ? first.origin.exchange : undefined;
}

/** Whether identification data for session authentication was entered. */
export function isIdentified(partner: Pick<PartnerRecord, 'entries'>): boolean {
  return partner.entries.some(({ usages }) => usages.includes('session-authentication'));
}

/** From when the limits of the bypass count, and when its time ends; no end where the partner has no such limit. */
export function bypassTime({
  bypassLimits: { days },
  bypassReopenedAt,
  createdAt,
}: Pick<BypassFacts, 'bypassLimits' | 'bypassReopenedAt' | 'createdAt'>): { since: string; until?: string } {
  const since = bypassReopenedAt ?? createdAt;
  return days === null
    ? { since }
    : { since, until: new Date(Date.parse(since) + days * DAY_MILLISECONDS).toISOString() };
}

/**
 * Whether a first exchange may run without secure authentication at a time: automatic exchange is on, secure authentication is
 * wanted, the partner is identified for it, no certificate for it is on file, and the time of the bypass is not over. Without
 * either switch there is nothing to bypass, without identification nobody to let through: the ordinary rule holds. What its
 * other limits say is for whoever counts attempts and sees addresses.
 */
export function bypassOpen(partner: BypassFacts, at: Date): boolean {
  const { until } = bypassTime(partner);
  return (
    couldBypass(partner) && !hasAuthenticationCertificate(partner) && (until === undefined || at < new Date(until))
  );
}

/** The bypass of a partner as operators see it at a time. */
export function bypassState(partner: BypassFacts, at: Date): Partner['bypass'] {
  return { open: bypassOpen(partner, at), ...bypassTime(partner) };
}

/** Whether there would be a bypass if no certificate closed it and its time were not over. */
export function couldBypass(partner: BypassFacts): boolean {
  return partner.acx && partner.secureAuthentication && isIdentified(partner);
}
