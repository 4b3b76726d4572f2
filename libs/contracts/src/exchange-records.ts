import { z } from 'zod';
import { certificateSummary, exchangeKind, partnerRef, timestamp } from './vocabulary.js';

/** Identity of a virtual file (RFC 5024 §5.3.3): the same values again are the same file. */
export const virtualFileIdentity = z.object({
  /** SFIDDSN, trailing blanks removed. */
  datasetName: z.string().min(1).max(26),
  /** SFIDDATE, CCYYMMDD, opaque. */
  date: z.string().regex(/^\d{8}$/),
  /** SFIDTIME, HHMMSScccc, opaque. */
  time: z.string().regex(/^\d{10}$/),
  /** SFIDORIG. */
  originator: z.string().max(25),
  /** SFIDDEST. */
  destination: z.string().max(25),
});
/** Identity of a virtual file. */
export type VirtualFileIdentity = z.infer<typeof virtualFileIdentity>;

/** An EERP or a NERP, ours or theirs, in the words of the file it answers. */
export const fileAnswer = z.object({
  kind: z.enum(['eerp', 'nerp']),
  file: virtualFileIdentity,
  /** NERPREAS. */
  reason: z.int().min(0).max(99).optional(),
  /** NERPREAST, 999 octets at most. */
  text: z.string().max(999).optional(),
  /** NERPCREA. */
  creator: z.string().max(25).optional(),
});
/** An EERP or a NERP. */
export type FileAnswer = z.infer<typeof fileAnswer>;

/** The same from a caller, who may say nothing that is not asked: a slip in a name must not pass as leaving it out. */
export const strictAnswer = z.strictObject({ ...fileAnswer.shape, file: z.strictObject(virtualFileIdentity.shape) });

/** One check of a decision, kept with the exchange so that a person can follow it. */
export const decisionCheck = z.object({ check: z.string(), ok: z.boolean(), message: z.string() });
/** One check of a decision. */
export type DecisionCheck = z.infer<typeof decisionCheck>;

/**
 * Outbound: queued -> sent (EFPA, or SFNA 13) -> acknowledged (EERP) | rejected (NERP, SFNA, EFNA) | failed (given up).
 * Inbound: received (stored) -> accepted | refused -> answered (RTR for our EERP or NERP); failed when the partner is removed.
 */
export const exchangeStates = [
  'queued',
  'sent',
  'acknowledged',
  'rejected',
  'received',
  'accepted',
  'refused',
  'failed',
] as const;
/** Where an exchange stands. */
export const exchangeState = z.enum(exchangeStates);
/** Where an exchange stands. */
export type ExchangeState = z.infer<typeof exchangeState>;

/** Why an exchange is given up: nothing that happens by itself could carry it on. */
export const exchangeFailures = [
  /** The file or our answer cannot be said in the fields of the protocol, or the file is not what was queued. */
  'unsendable',
  /** The partner was removed. */
  'partner-removed',
  /** The partner never answered, and its room was needed for what followed. */
  'no-answer',
] as const;
/** Why an exchange is given up. */
export type ExchangeFailure = (typeof exchangeFailures)[number];

/** What an open exchange waits for. */
export const exchangeWaits = [
  /** A session that we open: something waits to be handed over, and we call the partner. */
  'our-call',
  /** A session that the partner opens: something waits to be handed over, and the partner has no address. */
  'partner-call',
  /** The partner's EERP or NERP. */
  'answer',
  /** Our decision about a certificate that came in. */
  'decision',
] as const;
/** What an open exchange waits for. */
export type ExchangeWait = (typeof exchangeWaits)[number];

/** One certificate file and its answer. */
export const exchange = z.object({
  id: z.string(),
  ...partnerRef.shape,
  direction: z.enum(['inbound', 'outbound']),
  kind: exchangeKind,
  state: exchangeState,
  file: virtualFileIdentity,
  /** SFIDDESC: the CLID of the certificate this one follows, where one was given. */
  description: z.string().optional(),
  certificate: certificateSummary.optional(),
  /** Why it stands where it stands, one sentence. */
  message: z.string(),
  /** The same for machines: `no-match`, `nerp-34`; `sfna-13` in state `sent`: the partner had the file already. */
  reason: z.string().optional(),
  /** What it waits for; absent once it is over. */
  awaits: z.enum(exchangeWaits).optional(),
  /** Since when it stands in this state. */
  since: timestamp,
  checks: z.array(decisionCheck),
  /** Inbound: whether our EERP or NERP has been handed over. */
  answered: z.boolean(),
  /** How often handing it over failed, what the last try met, and when the next one follows. */
  attempts: z.int(),
  lastFailure: z.object({ at: timestamp, message: z.string(), next: timestamp.optional() }).optional(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
/** One certificate file and its answer. */
export type Exchange = z.infer<typeof exchange>;
