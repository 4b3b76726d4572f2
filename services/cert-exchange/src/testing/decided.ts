import type { CertificateSummary, DecisionRecord } from '@certlane/contracts';
import { decideAcceptance, type AcceptanceDecision } from '../domain/acceptance/decide.js';
import { decisionRecordOf, OURSELVES } from '../domain/acceptance/decision-record.js';
import type { AcceptanceFacts } from '../domain/acceptance/facts.js';
import type { DecidedFile } from '../domain/ledger/decide-file.js';
import { base, by, now } from './acceptance.js';

/** One that fits an entry. */
export const accepted: AcceptanceDecision = decideAcceptance(base);
/** One that nothing fits, from somebody who has proven nothing. */
export const refused: AcceptanceDecision = decideAcceptance({ ...base, entries: [], proven: false });
/** One that fits an entry, where the policy wants a person. */
export const held: AcceptanceDecision = decideAcceptance({ ...base, rules: by({ acceptance: 'manual' }) });

/** The record of a decision. */
export function recordOf(decision: AcceptanceDecision, facts: AcceptanceFacts = base): DecisionRecord {
  return decisionRecordOf(facts, decision, { revision: '1', at: now, by: OURSELVES });
}

/** A decision as it is written into a ledger. */
export function decidedFile(decision: AcceptanceDecision, certificate?: CertificateSummary): DecidedFile {
  return { decision, record: recordOf(decision), certificate, closesBypass: false, excluded: [] };
}
