import type { PartnerRecord } from './records.js';

/**
 * Whether a certificate of the partner for session authentication is on file. Presence counts, not validity: one that has
 * expired or was recalled keeps the bypass closed, else an attacker would only have to wait.
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

/**
 * Whether a first exchange may run without secure authentication: automatic exchange is on, secure authentication is wanted,
 * the partner is identified for it, and no certificate for it is on file. Without either switch there is nothing to bypass,
 * without identification nobody to let through: the ordinary rule holds.
 */
export function bypassOpen(
  partner: Pick<PartnerRecord, 'certificates' | 'entries' | 'acx' | 'secureAuthentication'>,
): boolean {
  const { acx, secureAuthentication } = partner;
  return acx && secureAuthentication && isIdentified(partner) && !hasAuthenticationCertificate(partner);
}
