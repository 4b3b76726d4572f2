import { CertlaneError, exchangeEvents, type CertificateSummary, type DecisionRecord } from '@certlane/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { AcceptanceDecision } from '../acceptance/decide.js';
import { reasonOf } from '../acceptance/decision-record.js';
import { aboutExchange, unchanged, withRecord, type LedgerChange, type LedgerEvent } from './change.js';
import type { HeldRecord, PersonsWord } from './held-record.js';
import { sameWord } from './persons-word.js';
import type { ExchangeRecord, Ledger } from './record.js';

/** Octets that the decisions of one ledger may take, as JSON, before further ones are cut. */
const MOST_DECISION_OCTETS = 250_000;

/** What a decision was made of. */
export interface DecidedFile {
  readonly decision: AcceptanceDecision;
  /** The same for people. */
  readonly record: DecisionRecord;
  readonly certificate: CertificateSummary | undefined;
  /** Whether this certificate is what closed the bypass. */
  readonly closesBypass: boolean;
  /** Who may not accept it, where it is held. */
  readonly excluded: readonly string[];
  /** What a person had said when the decision was made. */
  readonly word?: PersonsWord | undefined;
}

/**
 * Writes a decision down. Only a file that still waits for one takes it: another decision after it changes nothing. One that is
 * held may be decided again, and held again.
 */
export function decideFile(ledger: Ledger, id: string, decided: DecidedFile, now: Date): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.state !== 'received' && record?.state !== 'held') return unchanged(ledger);
  const { decision, certificate, closesBypass } = decided;
  if (decision.outcome === 'held') return holdFile(ledger, record, decided, decision, now);
  const { held: _over, reason: _former, ...rest } = record;
  const next: ExchangeRecord = {
    ...rest,
    ...(certificate === undefined ? {} : { certificate }),
    ...reasonOf(decision),
    ...(closesBypass ? { closesBypass } : {}),
    state: decision.outcome,
    message: decision.message,
    checks: [...decision.checks],
    decision: decided.record,
    updatedAt: now.toISOString(),
  };
  const told = { ...aboutExchange(ledger, record), decision: decided.record, checks: next.checks };
  const event: LedgerEvent =
    decision.outcome === 'accepted'
      ? { contract: exchangeEvents.accepted, data: { ...told, certificate: certificateOf(next) } }
      : {
          contract: exchangeEvents.refused,
          data: { ...told, reason: decision.reason, message: decision.message },
        };
  return { ledger: withDecision(ledger, next), closed: [], events: [event] };
}

/** Nothing is answered. It is told again only where it waits for something else now. */
function holdFile(
  ledger: Ledger,
  record: ExchangeRecord,
  { certificate, record: decision, excluded, word }: DecidedFile,
  { kinds, match, message, checks }: AcceptanceDecision & { outcome: 'held' },
  now: Date,
): LedgerChange {
  const before = record.held;
  // A word that came up while this decision was made is still to be carried out.
  const unsettled = before?.word === undefined || sameWord(before.word, word) ? {} : { word: before.word };
  const held: HeldRecord = {
    kinds: [...kinds],
    since: before?.since ?? now.toISOString(),
    entries: match?.entries.map(({ id }) => id) ?? [],
    excluded: [...new Set([...(before?.excluded ?? []), ...excluded])],
    ...(decision.inputs.twoPerson ? { twoPerson: true } : {}),
    ...unsettled,
  };
  if (before !== undefined && isDeepStrictEqual(before, held) && record.message === message) return unchanged(ledger);
  const next: ExchangeRecord = {
    ...record,
    ...(certificate === undefined ? {} : { certificate }),
    state: 'held',
    reason: kinds[0],
    message,
    checks: [...checks],
    decision,
    held,
    updatedAt: now.toISOString(),
  };
  const told = { ...aboutExchange(ledger, record), approval: kinds[0], message, decision };
  return {
    ledger: withDecision(ledger, next),
    closed: [],
    events:
      before?.kinds[0] === kinds[0]
        ? []
        : [{ contract: exchangeEvents.held, data: { ...told, certificate: certificateOf(next) } }],
  };
}

/** A ledger is one document of bounded size: where its decisions take up much room, further ones are kept without their validation. */
function withDecision(ledger: Ledger, record: ExchangeRecord): Ledger {
  const others = ledger.open.filter(({ id, decision }) => id !== record.id && decision !== undefined);
  const octets = others.reduce((sum, { decision }) => sum + Buffer.byteLength(JSON.stringify(decision)), 0);
  if (octets <= MOST_DECISION_OCTETS || record.decision === undefined) return withRecord(ledger, record);
  const { validation: _left, ...decision } = record.decision;
  const message = `${decision.message} (the validation is not kept: too many exchanges are open)`;
  return withRecord(ledger, { ...record, decision: { ...decision, message } });
}

function certificateOf(record: ExchangeRecord): CertificateSummary {
  if (record.certificate === undefined) {
    throw new CertlaneError('internal', `exchange ${record.id} was decided without a certificate`);
  }
  return record.certificate;
}
