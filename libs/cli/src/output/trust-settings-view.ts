import { usualBypassLimits, type Partner } from '@certlane/contracts';
import { count, moment } from './words.js';
import type { Style } from './style.js';

/** What the view says beyond the partner's own record. */
export interface TrustStanding {
  readonly now: Date;
  /** Sessions that have run in the bypass since it was opened, where that is known. */
  readonly bypassUses?: number;
}

/** What decides how far a partner is trusted, name and value. */
export function trustPairs(
  style: Style,
  partner: Partner,
  { now, bypassUses }: TrustStanding,
): (readonly [string, string])[] {
  return [
    ['Acceptance', `${partner.acceptance}: ${ACCEPTANCE[partner.acceptance]}`],
    ['Self-signed certificates', partner.selfSigned === 'never' ? 'never taken over' : 'only to renew one on file'],
    ['Revocation', `${partner.revocation}: ${REVOCATION[partner.revocation]}`],
    ['Approvals', partner.twoPerson ? 'by another person than the one who entered what to expect' : 'by anybody'],
    ['Weak keys', partner.weakKeys ? style.warning('taken over all the same') : 'refused'],
    ['Trust bypass', bypassWords(style, partner, { now, ...(bypassUses === undefined ? {} : { bypassUses }) })],
    ...(partner.via === undefined ? [['Bypass limits', limitWords(partner.bypassLimits)] as const] : []),
  ];
}

const ACCEPTANCE = {
  known: 'renewals, and what an identification entry expects',
  manual: 'nothing without a person',
  trusted: 'also a first one that an authority of a trust list issued',
  off: 'nothing at all',
} as const satisfies Record<Partner['acceptance'], string>;

const REVOCATION = {
  off: 'not asked',
  warn: 'what is revoked is refused, what cannot be determined is told',
  fail: 'what is revoked is refused, what cannot be determined waits',
} as const satisfies Record<Partner['revocation'], string>;

/** `7 days; 5 sessions; from 192.0.2.0/24` */
export function limitWords({ days, attempts, addresses }: Partner['bypassLimits']): string {
  return [
    days === null ? 'no end' : count(days, 'day'),
    attempts === null ? 'any number of sessions' : count(attempts, 'session'),
    addresses.length === 0 ? 'from anywhere' : `from ${addresses.join(', ')}`,
  ].join('; ');
}

/** What `partner add` says of limits that a person did not name. */
export const USUAL_LIMITS = limitWords(usualBypassLimits);

function bypassWords(style: Style, partner: Partner, { now, bypassUses }: TrustStanding): string {
  const { open, since, until } = partner.bypass;
  if (partner.via !== undefined) return `none of its own: that of ${partner.via} counts`;
  const { attempts } = partner.bypassLimits;
  if (open && attempts !== null && bypassUses !== undefined && bypassUses >= attempts) {
    return `${style.warning('used up')}: ${count(bypassUses, 'session')} of ${attempts} ${bypassUses === 1 ? 'has' : 'have'} run in it; certlane partner bypass reopen begins anew`;
  }
  if (open) {
    const end = until === undefined ? '' : `, until ${moment(until)}`;
    return `${style.warning('open')}: nothing is on file for session authentication, certificate files may pass without it; since ${moment(since)}${end}${used(bypassUses)}`;
  }
  if (!partner.acx || !partner.secureAuthentication) {
    return 'closed: there is one only with automatic exchange and secure authentication on';
  }
  const closed =
    partner.usages.some(({ usage, current }) => usage === 'session-authentication' && current !== undefined) ||
    partner.certificates.some(({ usages }) => usages.includes('session-authentication'));
  if (closed) return 'closed: a certificate for session authentication is on file';
  if (!partner.entries.some(({ usages }) => usages.includes('session-authentication'))) {
    return 'closed: no identification entry says which certificate to expect for session authentication';
  }
  const end = until === undefined || Date.parse(until) > now.getTime() ? '' : ` since ${moment(until)}`;
  return `${style.warning('over')}${end}: no session may run in it; certlane partner bypass reopen begins anew`;
}

function used(uses: number | undefined): string {
  return uses === undefined || uses === 0 ? '' : `; ${count(uses, 'session')} ran in it so far`;
}
