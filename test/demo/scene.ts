import { eventType, gatewayEvents, type DataOf, type Exchange, type Partner } from '@certlane/contracts';
import { eventually } from '../support/eventually.js';
import type { Checks } from './checks.js';
import type { Company } from './company.js';

/** What the steps play with. */
export interface Scene {
  readonly a: Company;
  readonly b: Company;
  readonly checks: Checks;
}

/** A session as the event tells it. */
export type EndedSession = DataOf<typeof gatewayEvents.sessionEnded>;

type ShownPartner = Partner & { readonly bypassOpen: boolean; readonly bypassUses?: number };

/** What a company knows of a partner, read through the command line. */
export async function partnerOf(company: Company, partner: string): Promise<ShownPartner> {
  const reply = await company.station.ok<{ partner: ShownPartner }>('partner', 'show', partner);
  return reply.partner;
}

/** Exchanges of a company with a partner, newest first. */
export async function exchangesOf(company: Company, partner: string): Promise<Exchange[]> {
  const reply = await company.station.ok<{ exchanges: Exchange[] }>('exchange', 'list', '--partner', partner);
  return reply.exchanges;
}

/** Sessions of a company with a partner that have ended, oldest first; heard live. */
export function sessionsOf(company: Company, partner: string): EndedSession[] {
  return company.subscriber.received
    .map(({ event }) => event)
    .filter(({ type, subject }) => type === eventType(gatewayEvents.sessionEnded) && subject === partner)
    .map(({ data }) => gatewayEvents.sessionEnded.data.parse(data));
}

/** Does something that causes a session with a partner, and waits for the end of that session. */
export async function inSession<T>(
  company: Company,
  partner: string,
  work: () => Promise<T>,
): Promise<{ result: T; session: EndedSession | undefined }> {
  const before = sessionsOf(company, partner).length;
  const result = await work();
  const sessions = await eventually(
    () => sessionsOf(company, partner),
    (all) => all.length > before,
  );
  return { result, session: sessions[before] };
}

/** Sends certificates to a partner and waits for its answer. */
export async function send(company: Company, partner: string, ...words: readonly string[]): Promise<Exchange[]> {
  return (await company.station.ok<{ exchanges: Exchange[] }>('send', partner, ...words)).exchanges;
}

/** The states of the certificates on file, by the beginning of their fingerprints. */
export function statesOf(partner: Partner): Record<string, string> {
  return Object.fromEntries(partner.certificates.map(({ fingerprint, state }) => [fingerprint.slice(0, 12), state]));
}

/** What serves session authentication towards and from a partner. */
export function authenticationOf(partner: Partner) {
  const row = partner.usages.find(({ usage }) => usage === 'session-authentication');
  return {
    current: row?.current,
    accepted: row?.accepted.map(({ fingerprint }) => fingerprint) ?? [],
    ours: row?.ours,
  };
}
