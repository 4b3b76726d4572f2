import type { Certificate } from '@certlane/pki';
import type { TestIdentity } from '@certlane/pki/testing';
import type { TrustListLevel } from '@certlane/pki/trust-list';
import { testTrustList } from '@certlane/pki/trust-list/testing';
import { AUTHORITIES } from './roles.js';

/** The authorities that the trust lists name. */
export const LISTED = ['A', 'B'] as const;

/** One of {@link LISTED}. */
export type ListedName = (typeof LISTED)[number];

/** Where each list is published: the list and the small text with the time of its last change. */
export const TRUST_LIST_PATHS: Readonly<Record<TrustListLevel, { readonly list: string; readonly update: string }>> = {
  basic: { list: '/TSL_BASIC.XML', update: '/TSL_BASIC.upd' },
  oftp2: { list: '/TSL_OFTP2.XML', update: '/TSL_OFTP2.upd' },
};

/** What a list shall say. */
export interface TrustListWish {
  /** 1 when left out. */
  readonly sequenceNumber?: number;
  /** `oftp2` when left out. Both lists name the same authorities: the level says what is vouched for. */
  readonly level?: TrustListLevel;
  /** Authorities that are not on it. */
  readonly without?: readonly ListedName[];
  /** Authorities that are on it, but no longer in accord. */
  readonly withdrawn?: readonly ListedName[];
  /** A minute before the beginning of the set when left out, and a second later with each sequence number. */
  readonly issuedAt?: Date;
  /** Half a year after the beginning of the set when left out; null leaves it away. */
  readonly nextUpdate?: Date | null;
  /** The signer of the set when left out. */
  readonly signedBy?: TestIdentity;
}

const DAY = 86_400_000;
const MINUTE = 60_000;
const NOT_IN_ACCORD = 'http://uri.etsi.org/TrstSvc/Svcstatus/notinaccord';

/** When a list was issued, which is also what its `.upd` says. */
export const issueOf = ({ issuedAt, sequenceNumber = 1 }: TrustListWish, now: Date): Date =>
  issuedAt ?? new Date(now.getTime() - MINUTE + Math.min(sequenceNumber, 59) * 1_000);

/** Signs a list that names the wanted authorities, each with the chain above it. */
export function trustListOf(
  wish: TrustListWish,
  signer: TestIdentity,
  chainOf: (name: ListedName) => readonly Certificate[],
  now: Date,
): Uint8Array {
  const { sequenceNumber = 1, level = 'oftp2', without = [], withdrawn = [], nextUpdate } = wish;
  const providers = LISTED.filter((name) => !without.includes(name)).map((name) => ({
    name: AUTHORITIES[name].organization,
    services: [
      {
        name: AUTHORITIES[name].name,
        certificates: chainOf(name),
        ...(withdrawn.includes(name) ? { status: NOT_IN_ACCORD } : {}),
      },
    ],
  }));
  return testTrustList(wish.signedBy ?? signer, now, {
    sequenceNumber,
    schemeName: level === 'oftp2' ? 'Interoperability OFTP2 TSL' : 'Interoperability Basic TSL',
    issuedAt: issueOf(wish, now),
    nextUpdate: nextUpdate === undefined ? new Date(now.getTime() + 180 * DAY) : nextUpdate,
    providers,
  });
}

/** The text that is published beside a list. */
export const updateTextOf = (wish: TrustListWish, now: Date): string =>
  `${issueOf(wish, now).toISOString().slice(0, 19)}Z\n`;
