import {
  CertlaneError,
  exchangeEvents,
  type CertificateSummary,
  type ExchangeKind,
  type FileAnswer,
  type Usage,
  type VirtualFileIdentity,
} from '@certlane/contracts';
import { pauseAfter } from './back-off.js';
import { aboutExchange, also, unchanged, withRecord, withoutRecord, type LedgerChange } from './change.js';
import type { ExchangeRecord, Ledger } from './record.js';
import { withRoom } from './room.js';
import { datasetNameOf, exchangeIdOf, fileStamp } from '../virtual-file.js';

/** A certificate of ours on its way to a partner, before it has a file identity. */
export interface OutboundDraft {
  readonly kind: ExchangeKind;
  readonly certificate: CertificateSummary;
  /** Base64 of the DER. */
  readonly octets: string;
  /** SFIDDESC: CLID of the certificate it follows, or empty. */
  readonly description: string;
  /** What it serves at our station; the partner's EERP switches these over. */
  readonly usages: readonly Usage[];
  /** Whether it answers the request that closed the bypass. */
  readonly closesBypass?: boolean;
  /** SFIDDEST where it goes to a sub-station of the partner. */
  readonly destination?: string;
}

/**
 * Queues certificate files. One that waits already with the same kind and certificate is not doubled.
 * @throws {CertlaneError} `failed-precondition` when too many exchanges are open with this partner
 */
export function queueFiles(
  ledger: Ledger,
  drafts: readonly OutboundDraft[],
  now: Date,
): LedgerChange & { ids: string[] } {
  let change = unchanged(ledger);
  const ids: string[] = [];
  for (const draft of drafts) {
    const waiting = change.ledger.open.find(
      (open) =>
        open.state === 'queued' &&
        open.kind === draft.kind &&
        open.file.destination === (draft.destination ?? ledger.partner) &&
        open.description === draft.description &&
        open.certificate?.fingerprint === draft.certificate.fingerprint,
    );
    if (waiting !== undefined) {
      ids.push(waiting.id);
      continue;
    }
    change = also(change, withRoom(change.ledger, 1, now));
    const record = queued(change.ledger, draft, now);
    ids.push(record.id);
    change = also(change, {
      ledger: { ...change.ledger, open: [...change.ledger.open, record] },
      closed: [],
      events: [
        {
          contract: exchangeEvents.queued,
          data: { ...aboutExchange(ledger, record), certificate: draft.certificate },
        },
      ],
    });
  }
  return { ...change, ids };
}

function queued(ledger: Ledger, draft: OutboundDraft, now: Date): ExchangeRecord {
  const file = unusedIdentity(ledger, draft, now);
  return {
    id: exchangeIdOf('outbound', file),
    direction: 'outbound',
    kind: draft.kind,
    state: 'queued',
    file,
    description: draft.description,
    octets: draft.octets,
    certificate: draft.certificate,
    usages: [...draft.usages],
    message: 'waits to be sent',
    checks: [],
    answered: false,
    attempts: 0,
    ...(draft.closesBypass === true ? { closesBypass: true } : {}),
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
}

/** The partner has the whole file (EFPA, RFC 5024 §5.3.9); its answer is awaited. */
export function fileDelivered(ledger: Ledger, id: string, now: Date): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.state !== 'queued') return unchanged(ledger);
  const sent: ExchangeRecord = {
    ...record,
    state: 'sent',
    message: 'received by the partner; its answer is awaited',
    updatedAt: now.toISOString(),
  };
  return {
    ledger: withRecord(ledger, sent),
    closed: [],
    events: [{ contract: exchangeEvents.sent, data: aboutExchange(ledger, record) }],
  };
}

/** How a partner refused a file before it was an end-to-end matter. */
export interface FileRefusal {
  readonly by: 'sfna' | 'efna';
  readonly reason: number;
  readonly text: string;
  readonly retry: boolean;
}

/** SFNAREAS 13: the partner has the file already, so its answer is what we wait for (RFC 5024 §5.3.5). */
const DUPLICATE_FILE = 13;

/** The partner refused the file (SFNA, EFNA): for good, or until a later session where it invites another try. */
export function fileRefused(ledger: Ledger, id: string, refusal: FileRefusal, now: Date): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.state !== 'queued') return unchanged(ledger);
  const message = `${refusal.by.toUpperCase()} ${String(refusal.reason).padStart(2, '0')}${refusal.text === '' ? '' : `: ${refusal.text}`}`;
  if (refusal.reason === DUPLICATE_FILE) return duplicate(ledger, record, refusal.by, message, now);
  if (refusal.retry) return { ...unchanged(ledger), ledger: withRecord(ledger, refusedForNow(record, message, now)) };
  return rejected(ledger, record, { by: refusal.by, reason: refusal.reason, message }, now);
}

function duplicate(
  ledger: Ledger,
  record: ExchangeRecord,
  by: FileRefusal['by'],
  message: string,
  now: Date,
): LedgerChange {
  const sent: ExchangeRecord = {
    ...record,
    state: 'sent',
    reason: `${by}-${DUPLICATE_FILE}`,
    message: `refused as a duplicate (${message}): the partner has received it before; its answer is awaited`,
    updatedAt: now.toISOString(),
  };
  return {
    ledger: withRecord(ledger, sent),
    closed: [],
    events: [{ contract: exchangeEvents.sent, data: { ...aboutExchange(ledger, record), duplicate: true } }],
  };
}

function refusedForNow(record: ExchangeRecord, message: string, now: Date): ExchangeRecord {
  const attempts = record.attempts + 1;
  const at = now.toISOString();
  const next = new Date(now.getTime() + pauseAfter(attempts)).toISOString();
  return {
    ...record,
    attempts,
    lastFailure: { at, message, next },
    message: 'refused for now; sent again later',
    updatedAt: at,
  };
}

/** The end-to-end answer of the partner: EERP acknowledges, NERP rejects; both end the exchange. */
export function answerReceived(ledger: Ledger, id: string, answer: FileAnswer, now: Date): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.direction !== 'outbound') return unchanged(ledger);
  if (answer.kind === 'nerp') {
    const reason = answer.reason ?? 99;
    const text = answer.text === undefined || answer.text === '' ? '' : `: ${answer.text}`;
    return rejected(
      ledger,
      record,
      { by: 'nerp', reason, message: `NERP ${String(reason).padStart(2, '0')}${text}` },
      now,
    );
  }
  const { reason: _duplicate, ...rest } = record;
  const done: ExchangeRecord = {
    ...rest,
    state: 'acknowledged',
    answered: true,
    message: 'taken over by the partner (EERP)',
    updatedAt: now.toISOString(),
  };
  return {
    ledger: withoutRecord(ledger, record.id),
    closed: [done],
    events: [{ contract: exchangeEvents.acknowledged, data: aboutExchange(ledger, record) }],
  };
}

function rejected(
  ledger: Ledger,
  record: ExchangeRecord,
  by: { by: 'nerp' | 'sfna' | 'efna'; reason: number; message: string },
  now: Date,
): LedgerChange {
  const over: ExchangeRecord = {
    ...record,
    state: 'rejected',
    answered: true,
    reason: `${by.by}-${by.reason}`,
    message: by.message,
    updatedAt: now.toISOString(),
  };
  return {
    ledger: withoutRecord(ledger, record.id),
    closed: [over],
    events: [{ contract: exchangeEvents.rejected, data: { ...aboutExchange(ledger, record), ...by } }],
  };
}

function unusedIdentity(ledger: Ledger, { kind, destination }: OutboundDraft, now: Date): VirtualFileIdentity {
  const used = new Set(ledger.open.map((open) => open.id));
  // Ten files a millisecond; beyond that the stamp borrows from the next one.
  for (let ahead = 0; ahead <= ledger.open.length; ahead += 1) {
    for (let sequence = 0; sequence < 10; sequence += 1) {
      const stamp = fileStamp(new Date(now.getTime() + ahead), sequence);
      // RFC 5024 §5.3.3: the counter of SFIDTIME begins at 0001; the first file of a full second must not have 0000.
      if (stamp.time.endsWith('0000')) continue;
      const identity: VirtualFileIdentity = {
        datasetName: datasetNameOf(kind),
        ...stamp,
        originator: ledger.station,
        destination: destination ?? ledger.partner,
      };
      if (!used.has(exchangeIdOf('outbound', identity))) return identity;
    }
  }
  throw new CertlaneError('internal', 'no unused file identity was found');
}
