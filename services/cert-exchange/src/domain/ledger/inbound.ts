import { exchangeEvents, type ExchangeKind, type VirtualFileIdentity } from '@certlane/contracts';
import { aboutExchange, also, unchanged, withoutRecord, type LedgerChange } from './change.js';
import type { ExchangeRecord, Ledger } from './record.js';
import { countIntake, MOST_ANSWERS, requireOctets, withRoom } from './room.js';

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
 * @throws {CertlaneError} `failed-precondition` when too much is open with this partner, or it sent too many files
 */
export function receiveFile(ledger: Ledger, received: ReceivedFile, now: Date): LedgerChange {
  if (ledger.open.some((open) => open.id === received.id)) return unchanged(ledger);
  requireOctets(ledger, received.octets);
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
