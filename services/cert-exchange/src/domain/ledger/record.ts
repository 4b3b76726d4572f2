import { z } from 'zod';
import {
  certificateSummary,
  decisionCheck,
  decisionRecord,
  exchangeKind,
  exchangeState,
  timestamp,
  usage,
  virtualFileIdentity,
} from '@certlane/contracts';
import { heldRecord } from './held-record.js';
import { historyRecord } from './history.js';

/** An exchange as it is stored: what operators see, and what is needed to carry it on. */
export const exchangeRecord = z.object({
  id: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  kind: exchangeKind,
  state: exchangeState,
  file: virtualFileIdentity,
  /** SFIDDESC. */
  description: z.string(),
  /** The file's content, base64; kept while the exchange is open. */
  octets: z.string(),
  certificate: certificateSummary.optional(),
  /** Outbound: what the certificate serves here; the partner's EERP switches these over. */
  usages: z.array(usage),
  /** Outbound: how urgent; answers to a request go before announcements. */
  reason: z.string().optional(),
  message: z.string(),
  checks: z.array(decisionCheck),
  /** Inbound: the whole of the last decision. */
  decision: decisionRecord.optional(),
  /** Inbound, in state `held`. */
  held: heldRecord.optional(),
  answered: z.boolean(),
  /** It belongs to the exchange that closed the bypass: until it is through, the bypass stays open for it. */
  closesBypass: z.boolean().optional(),
  /** Inbound: it came through the bypass, so nobody has proven to be the partner. */
  inBypass: z.boolean().optional(),
  /** How often handing it over failed: no session came about, or the partner refused it for now. */
  attempts: z.int().default(0),
  /** What the last try met; `next`: not before then do we call for it again. */
  lastFailure: z.object({ at: timestamp, message: z.string(), next: timestamp.optional() }).optional(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
/** An exchange as it is stored. */
export type ExchangeRecord = z.infer<typeof exchangeRecord>;

/** Who dials a partner now, and how the last tries went. */
export const dialRecord = z.object({
  holder: z.string().optional(),
  /** The lease ends here unless it is claimed again. */
  until: timestamp.optional(),
  /** Calls that failed in a row. */
  attempts: z.int(),
  lastFailure: z.object({ at: timestamp, message: z.string(), next: timestamp }).optional(),
  /** The partner has no address: nobody dials, what waits is handed over when it calls. */
  partnerCalls: z.boolean().optional(),
});
/** Who dials a partner now. */
export type DialRecord = z.infer<typeof dialRecord>;

/** What came of the bypass, counted from when it was opened. */
export const bypassRecord = z.object({
  /** When it was opened: the partner was set up, or an operator reopened it. */
  since: timestamp,
  /** Sessions that ran in it since then. */
  uses: z.int(),
  /** The last of them: one that asks again because our answer was lost is counted once. */
  sessions: z.array(z.string()),
  /** Sessions refused that nobody was told of yet, and when it was last told. */
  refused: z.object({ untold: z.int(), toldAt: timestamp.optional() }).optional(),
});
/** What came of the bypass. */
export type BypassRecord = z.infer<typeof bypassRecord>;

/**
 * What is open between a station and one partner: every exchange that still waits for a decision, for sending or for an
 * answer, oldest first. One document, so that each step of an exchange and the events it causes are one write, and events of
 * a partner have one order.
 */
export const ledger = z.object({
  station: z.string(),
  partner: z.string(),
  open: z.array(exchangeRecord),
  dial: dialRecord,
  /** New files of the partner since a point in time, to bound what it can leave here. */
  intake: z.object({ since: timestamp, files: z.int() }).optional(),
  bypass: bypassRecord.optional(),
  history: historyRecord.optional(),
});
/** What is open between a station and one partner. */
export type Ledger = z.infer<typeof ledger>;

/** How many exchanges may be open with one partner; more are refused until some are closed. */
export const MOST_OPEN = 64;

/** A ledger with nothing open. */
export function emptyLedger(station: string, partner: string): Ledger {
  return { station, partner, open: [], dial: { attempts: 0 } };
}
