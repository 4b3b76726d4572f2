import {
  CertlaneError,
  exchangeRequests,
  isCertlaneError,
  type Exchange,
  type ParsedReplyOf,
  type RequestContract,
  type RequestOf,
} from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { printable } from '../output/style.js';
import { moment } from '../output/words.js';
import { pickByPrefix } from './resolve.js';

/** A certificate that waits for a person, or whose answer the partner has not got yet, with the decision so far. */
export type WaitingApproval = ParsedReplyOf<typeof exchangeRequests.approvalGet>;

/** What a person named: something that waits, or an exchange that does not wait any more. */
export type NamedApproval =
  { readonly waits: true; readonly found: WaitingApproval } | { readonly waits: false; readonly exchange: Exchange };

/**
 * What a person named by its id or the beginning of it.
 * @throws {CertlaneError} `not-found`, `invalid-argument`
 */
export async function namedApproval(bus: Bus, given: string): Promise<NamedApproval> {
  const whole = await unlessMissing(bus, exchangeRequests.approvalGet, { id: given });
  if (whole !== undefined) return { waits: true, found: whole };
  const settled = await unlessMissing(bus, exchangeRequests.exchangeGet, { id: given });
  if (settled !== undefined) return { waits: false, exchange: settled.exchange };
  const waiting = await everyEntry(bus, exchangeRequests.approvalList, { limit: 200 }, (page) => page.approvals);
  const wanted = { noun: 'approval', field: 'ID', listing: 'certlane approval list' };
  const candidates = waiting.map(({ id, partner, kind }) => ({ id, label: `${kind}, ${partner}` }));
  const { id } = pickByPrefix(wanted, given, candidates);
  return { waits: true, found: await bus.request(exchangeRequests.approvalGet, { id }) };
}

/**
 * A certificate that waits for a person, by its id or the beginning of it.
 * @throws {CertlaneError} `failed-precondition` for an exchange that waits for nobody, `not-found`, `invalid-argument`
 */
export async function waitingApproval(bus: Bus, given: string): Promise<WaitingApproval> {
  const named = await namedApproval(bus, given);
  if (named.waits) return named.found;
  const { decision, id, state, message } = named.exchange;
  const who = decision === undefined ? '' : ` by ${printable(decision.by)} on ${moment(decision.at)}`;
  throw new CertlaneError(
    'failed-precondition',
    `ID is '${given}': this waits for nobody, it is ${state}${who} (${printable(message)}); see certlane exchange show ${id}`,
    { details: { field: 'ID' } },
  );
}

async function unlessMissing<C extends RequestContract>(
  bus: Bus,
  contract: C,
  input: RequestOf<C>,
): Promise<ParsedReplyOf<C> | undefined> {
  try {
    return await bus.request(contract, input);
  } catch (thrown) {
    if (isCertlaneError(thrown) && (thrown.code === 'not-found' || thrown.code === 'invalid-argument'))
      return undefined;
    throw thrown;
  }
}
