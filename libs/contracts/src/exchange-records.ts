import { z } from 'zod';
import { acceptancePolicy, revocationMode, selfSignedRule } from './trust-settings.js';
import { validationVerdict } from './validation.js';
import {
  actor,
  certificateSummary,
  exchangeKind,
  fingerprint,
  odetteId,
  partnerRef,
  timestamp,
  usage,
} from './vocabulary.js';

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

/** The name of a file from a caller, who may say nothing that is not asked: a slip in a name must not pass as leaving it out. */
export const strictFileIdentity = z.strictObject(virtualFileIdentity.shape);

/** The same of an answer. */
export const strictAnswer = z.strictObject({ ...fileAnswer.shape, file: strictFileIdentity });

/** One check of a decision, kept with the exchange so that a person can follow it. */
export const decisionCheck = z.object({ check: z.string(), ok: z.boolean(), message: z.string() });
/** One check of a decision. */
export type DecisionCheck = z.infer<typeof decisionCheck>;

/**
 * Outbound: queued -> sent (EFPA, or SFNA 13) -> acknowledged (EERP) | rejected (NERP, SFNA, EFNA) | failed (given up).
 * Inbound: received (stored) -> held (a person decides) -> accepted | refused -> answered (RTR for our EERP or NERP); failed when
 * the partner is removed.
 */
export const exchangeStates = [
  'queued',
  'sent',
  'acknowledged',
  'rejected',
  'received',
  'held',
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
  /** The decision of a person about it. */
  'approval',
] as const;
/** What an open exchange waits for. */
export type ExchangeWait = (typeof exchangeWaits)[number];

/** Why a certificate waits for a person instead of being refused: it misfits, but nothing speaks of an attack. */
export const approvalKinds = [
  /** The policy of the partner is `manual`. */
  'manual',
  /** Nothing that is known fits it. */
  'no-match',
  /** Several identification entries fit equally well. */
  'ambiguous',
  /** Nobody can say now whether it is revoked; it is decided by itself once that is known. */
  'revocation-undetermined',
] as const;
/** Why a certificate waits for a person. */
export const approvalKind = z.enum(approvalKinds);
/** Why a certificate waits for a person. */
export type ApprovalKind = z.infer<typeof approvalKind>;

/** What a received certificate is known by, and what it follows. */
export const certificateMatch = z.object({
  by: z.enum(['same', 'clid', 'logical-identity', 'entry', 'trust-list', 'approval']),
  /** Identification entries that fit equally well. */
  entries: z.array(z.string()),
  usages: z.array(usage),
  predecessors: z.array(fingerprint),
  message: z.string(),
});

/** The whole of a decision about a received certificate: what it stood on, every check, the outcome, who and when. */
export const decisionRecord = z.object({
  at: timestamp,
  /** `service:cert-exchange`, or the person who decided. */
  by: actor,
  outcome: z.enum(['accepted', 'refused', 'held']),
  /** Machine-readable, where it is not accepted. */
  reason: z.string().optional(),
  message: z.string(),
  checks: z.array(decisionCheck),
  /** What the person said. */
  note: z.string().optional(),
  inputs: z.object({
    acx: z.boolean(),
    acceptance: acceptancePolicy,
    selfSigned: selfSignedRule,
    revocation: revocationMode,
    twoPerson: z.boolean(),
    weakKeys: z.boolean(),
    /** SFIDORIG: only what belongs to it is touched. */
    originator: odetteId,
    kind: exchangeKind,
    /** SFIDDESC. */
    description: z.string(),
    inBypass: z.boolean(),
    /** `revision` of the partner it stood on. */
    revision: z.string(),
    entries: z.int(),
    onFile: z.array(z.object({ fingerprint, state: z.string() })),
  }),
  match: certificateMatch.optional(),
  validation: validationVerdict.optional(),
});
/** The whole of a decision about a received certificate. */
export type DecisionRecord = z.infer<typeof decisionRecord>;

/** A certificate that waits for a person, or that a person has decided while the partner has no answer yet. */
export const approval = z.object({
  /** That of the exchange. */
  id: z.string(),
  ...partnerRef.shape,
  kind: approvalKind,
  exchange: exchangeKind,
  certificate: certificateSummary,
  message: z.string(),
  since: timestamp,
  /** Identification entries that fit equally well. */
  entries: z.array(z.string()),
  /** Who may not accept because they entered the identification data (two-person). */
  excluded: z.array(actor),
  /** What a person has decided already, while the partner has no answer yet. */
  decided: z
    .object({
      by: actor,
      at: timestamp,
      accept: z.boolean(),
      /** A note on what is accepted, or the reason why it is not. */
      note: z.string().optional(),
      /** What goes out in the next session; absent as long as the decision could not be carried out. */
      answer: z.enum(['eerp', 'nerp']).optional(),
    })
    .optional(),
});
/** A certificate that waits for a person. */
export type Approval = z.infer<typeof approval>;

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
  /** Inbound: the whole of the last decision; told by `exchange.get`, not in lists. */
  decision: decisionRecord.optional(),
  /** Inbound: why it is held. */
  approval: approvalKind.optional(),
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
