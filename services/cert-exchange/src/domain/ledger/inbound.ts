import {
  CertlaneError,
  exchangeEvents,
  type CertificateSummary,
  type ExchangeKind,
  type VirtualFileIdentity,
} from '@certlane/contracts';
import type { AcceptanceDecision } from '../acceptance/decide.js';
import { aboutExchange, also, unchanged, withRecord, withoutRecord, type LedgerChange } from './change.js';
import type { ExchangeRecord, Ledger } from './record.js';
import { countIntake, MOST_ANSWERS, withRoom } from './room.js';

/** A certificate file as it came in. */
export interface ReceivedFile {
  readonly id: string;
  readonly kind: ExchangeKind;
  readonly file: VirtualFileIdentity;
  readonly description: string;
  /** Base64. */
  readonly octets: string;
  /** It came through the bypass. */
  readonly inBypass?: boolean;
}

/**
 * Stores a file that came in whole. A file that is open already stays as it is.
 * @throws {CertlaneError} `failed-precondition` when too many exchanges are open with this partner, or it
 *   sent too many files
 */
export function receiveFile(ledger: Ledger, received: ReceivedFile, now: Date): LedgerChange {
  if (ledger.open.some((open) => open.id === received.id)) return unchanged(ledger);
  const room = withRoom(countIntake(ledger, now), received.kind === 'request' ? 1 + MOST_ANSWERS : 1, now);
  const record: ExchangeRecord = {
    ...received,
    direction: 'inbound',
    state: 'received',
    usages: [],
    message: 'stored; the decision follows',
    checks: [],
    answered: false,
    attempts: 0,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  return also(room, {
    ledger: { ...room.ledger, open: [...room.ledger.open, record] },
    closed: [],
    events: [{ contract: exchangeEvents.received, data: aboutExchange(ledger, record) }],
  });
}

/** Takes a file back that is over but came again: its answer is owed once more, and nothing else changes. */
export function reopen(ledger: Ledger, archived: ExchangeRecord, now: Date): LedgerChange {
  if (ledger.open.some((open) => open.id === archived.id)) return unchanged(ledger);
  const room = withRoom(ledger, 1, now);
  const { lastFailure: _former, closesBypass: _closed, ...rest } = archived;
  const record: ExchangeRecord = { ...rest, answered: false, attempts: 0, updatedAt: now.toISOString() };
  return also(room, unchanged({ ...room.ledger, open: [...room.ledger.open, record] }));
}

/** What a decision was made of. */
export interface DecidedFile {
  readonly decision: AcceptanceDecision;
  readonly certificate: CertificateSummary | undefined;
  /** Whether this certificate is what closed the bypass. */
  readonly closesBypass: boolean;
}

/** Writes a decision down. Only a file that still waits for one takes it: a second decision changes nothing. */
export function decideFile(
  ledger: Ledger,
  id: string,
  { decision, certificate, closesBypass }: DecidedFile,
  now: Date,
): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.state !== 'received') return unchanged(ledger);
  const decided: ExchangeRecord = {
    ...record,
    ...(certificate === undefined ? {} : { certificate }),
    ...(decision.accepted ? {} : { reason: decision.reason }),
    ...(closesBypass ? { closesBypass } : {}),
    state: decision.accepted ? 'accepted' : 'refused',
    message: decision.message,
    checks: [...decision.checks],
    updatedAt: now.toISOString(),
  };
  const about = aboutExchange(ledger, record);
  const checks = decided.checks;
  return {
    ledger: withRecord(ledger, decided),
    closed: [],
    events: [
      decision.accepted
        ? {
            contract: exchangeEvents.accepted,
            data: { ...about, certificate: certificateOf(decided), checks },
          }
        : {
            contract: exchangeEvents.refused,
            data: { ...about, reason: decision.reason, message: decision.message, checks },
          },
    ],
  };
}

/** The partner has our answer (RTR): the exchange is over. */
export function answerDelivered(ledger: Ledger, id: string, now: Date): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record === undefined || (record.state !== 'accepted' && record.state !== 'refused')) return unchanged(ledger);
  const answered: ExchangeRecord = { ...record, answered: true, updatedAt: now.toISOString() };
  return {
    ledger: withoutRecord(ledger, id),
    closed: [answered],
    events: [
      {
        contract: exchangeEvents.answered,
        data: { ...aboutExchange(ledger, record), answer: record.state === 'accepted' ? 'eerp' : 'nerp' },
      },
    ],
  };
}

function certificateOf(record: ExchangeRecord): CertificateSummary {
  if (record.certificate === undefined) {
    throw new CertlaneError('internal', `exchange ${record.id} was accepted without a certificate`);
  }
  return record.certificate;
}
