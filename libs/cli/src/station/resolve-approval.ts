import { exchangeRequests, isCertlaneError, type ParsedReplyOf } from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { pickByPrefix } from './resolve.js';

/** A certificate that waits for a person, with the decision so far. */
export type WaitingApproval = ParsedReplyOf<typeof exchangeRequests.approvalGet>;

/**
 * A certificate that waits for a person, by its id or the beginning of it.
 * @throws {CertlaneError} `not-found`, `invalid-argument`
 */
export async function resolveApproval(bus: Bus, given: string): Promise<WaitingApproval> {
  const whole = await approvalWithId(bus, given);
  if (whole !== undefined) return whole;
  const waiting = await everyEntry(bus, exchangeRequests.approvalList, { limit: 200 }, (page) => page.approvals);
  const wanted = { noun: 'approval', field: 'ID', listing: 'certlane approval list' };
  const candidates = waiting.map(({ id, partner, kind }) => ({ id, label: `${kind}, ${partner}` }));
  const { id } = pickByPrefix(wanted, given, candidates);
  return bus.request(exchangeRequests.approvalGet, { id });
}

async function approvalWithId(bus: Bus, id: string): Promise<WaitingApproval | undefined> {
  try {
    return await bus.request(exchangeRequests.approvalGet, { id });
  } catch (thrown) {
    if (isCertlaneError(thrown) && (thrown.code === 'not-found' || thrown.code === 'invalid-argument'))
      return undefined;
    throw thrown;
  }
}
