import type { Approval, ApprovalKind, PartnerRef } from '@certlane/contracts';
import { OURSELVES } from '../acceptance/decision-record.js';
import type { PersonsWord } from './held-record.js';
import type { ExchangeRecord } from './record.js';

/**
 * An exchange that waits for a person as that person sees it, or one that a person has decided while the partner has no answer yet;
 * undefined for any other.
 * @param waitedFor what it waited for, where it is decided
 */
export function approvalViewOf(
  { station, partner }: PartnerRef,
  record: ExchangeRecord,
  waitedFor: readonly ApprovalKind[] = [],
): Approval | undefined {
  const { id, held, certificate, kind, file } = record;
  const decided = decidedBy(record);
  const kinds = record.state === 'held' ? (held?.kinds ?? []) : waitedFor;
  if (kinds[0] === undefined || certificate === undefined) return undefined;
  if (record.state !== 'held' && decided === undefined) return undefined;
  const others = kinds.length === 1 ? '' : ` (also waits for: ${kinds.slice(1).join(', ')})`;
  const whose = file.originator === partner ? '' : `sub-station '${file.originator}': `;
  return {
    id,
    station,
    partner,
    kind: kinds[0],
    exchange: kind,
    certificate,
    message: `${whose}${record.message}${record.state === 'held' ? others : ''}`,
    since: held?.since ?? record.createdAt,
    entries: held?.entries ?? [],
    excluded: held?.excluded ?? [],
    ...(decided === undefined ? {} : { decided }),
  };
}

/** Whether a person has decided it, and the partner has no answer yet. */
export function awaitsAnswerOfPerson({ state, decision }: ExchangeRecord): boolean {
  return (state === 'accepted' || state === 'refused') && decision !== undefined && decision.by !== OURSELVES;
}

function decidedBy(record: ExchangeRecord): Approval['decided'] {
  const { decision, held, state } = record;
  if (state === 'held') return held?.word === undefined ? undefined : saidBy(held.word);
  if (!awaitsAnswerOfPerson(record) || decision === undefined) return undefined;
  const accept = state === 'accepted';
  return { ...saidBy({ ...decision, accept }), answer: accept ? 'eerp' : 'nerp' };
}

function saidBy({ by, at, accept, note }: Pick<PersonsWord, 'by' | 'at' | 'accept'> & { note?: string | undefined }) {
  return { by, at, accept, ...(note === undefined ? {} : { note }) };
}
