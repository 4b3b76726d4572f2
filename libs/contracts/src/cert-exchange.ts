import { z } from 'zod';
import { auditRequests } from './audit.js';
import { eventsOf, jobsFrom, requestsOf } from './contract.js';
import { pageReply, pageRequest } from './page.js';
import {
  decisionCheck,
  exchange,
  exchangeFailures,
  exchangeState,
  fileAnswer,
  strictAnswer,
  virtualFileIdentity,
} from './exchange-records.js';
import { challengeSettings, usableCertificate } from './registry-records.js';
import { tlsFacts } from './session-gateway.js';
import {
  certificateDer,
  certificateSummary,
  empty,
  exchangeKind,
  fingerprint,
  odetteId,
  partnerRef,
  sessionMode,
  timestamp,
} from './vocabulary.js';

const request = requestsOf('cert-exchange');
const event = eventsOf('cert-exchange');
const job = jobsFrom('cert-exchange');

/** Why a session is refused; the gateway maps it to an ESID reason. */
export const refusalReasons = [
  /** The SSID names nobody we know at this station (ESID 03). */
  'unknown-partner',
  /** SSIDPSWD is wrong (ESID 04). */
  'wrong-password',
  /** We want secure authentication and the partner does not, or the reverse (ESID 12). */
  'authentication-mismatch',
  /** The bypass is closed: a certificate of the partner is on file (ESID 12). */
  'bypass-closed',
  /** The partner has no TLS client certificate on file, or presented another (ESID 12). */
  'tls-client-certificate',
  /** We hold no usable certificate of ours for secure authentication (ESID 11). */
  'no-own-certificate',
  /** We hold a certificate of the partner, but none that is still good (ESID 11). */
  'no-partner-certificate',
] as const;
/** Why a session is refused. */
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a received certificate is not taken over; the order is the order of the checks (`docs/EXCHANGE-CYCLE.md`). */
export const certificateRefusals = [
  'acx-disabled',
  'unreadable',
  'weak',
  'expired',
  'not-yet-valid',
  'no-match',
  'unproven',
  'issuer-unknown',
  'untrusted',
  'self-signed',
  'older-than-current',
  'recalled',
  'not-filed',
] as const;
/** Why a received certificate is not taken over. */
export type CertificateRefusal = (typeof certificateRefusals)[number];

/** A virtual file to send. */
export const outboundFile = z.object({
  identity: virtualFileIdentity,
  /** SFIDDESC, 999 octets at most. */
  description: z.string(),
  /** Content, base64. */
  octets: certificateDer,
});

/** The next thing we owe a partner. */
export const outboxItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), exchange: z.string(), answer: fileAnswer }),
  z.object({ type: z.literal('file'), exchange: z.string(), file: outboundFile }),
]);
/** The next thing we owe a partner. */
export type OutboxItem = z.infer<typeof outboxItem>;

/** What became of an outbox item in a session. */
export const outboxFate = z.discriminatedUnion('type', [
  /** RTR for an answer, EFPA for a file. */
  z.strictObject({ type: z.literal('delivered') }),
  /** SFNA or EFNA with its reason; `retry`: the partner invites another try in a later session. */
  z.strictObject({
    type: z.literal('refused'),
    by: z.enum(['sfna', 'efna']),
    /** SFNAREAS, EFNAREAS. */
    reason: z.int().min(0).max(99),
    /** SFNAREAST, EFNAREAST, 999 octets at most; room for what a log shows in place of a control character. */
    text: z.string().max(8_192),
    retry: z.boolean(),
  }),
  /** It does not fit the fields of the protocol: no session can ever hand it over. */
  z.strictObject({ type: z.literal('unsendable'), message: z.string().max(512) }),
]);

/** What cert-exchange answers. */
export const exchangeRequests = {
  ...auditRequests('cert-exchange'),
  sessionDecide: request('session.decide', {
    summary: 'May this session run, and how: the session-trust decision.',
    request: z.strictObject({
      session: z.string().max(64),
      direction: z.enum(['inbound', 'outbound']),
      ...partnerRef.shape,
      /** SSIDAUTH as received; outbound: left out, the reply says what to send. */
      secureAuthentication: z.boolean().optional(),
      /** The gateway's verdict over SSIDPSWD; outbound: the partner's password is judged by the session itself. */
      passwordCorrect: z.boolean().optional(),
      remoteAddress: z.string().max(64),
      tls: tlsFacts.optional(),
    }),
    reply: z.discriminatedUnion('verdict', [
      z.object({
        verdict: z.literal('run'),
        mode: sessionMode,
        secureAuthentication: z.boolean(),
        /** For AUCH and AURP; empty without secure authentication. */
        ours: z.array(usableCertificate),
        theirs: z.array(certificateDer),
        challenge: challengeSettings,
        checks: z.array(decisionCheck),
      }),
      z.object({
        verdict: z.literal('refuse'),
        reason: z.enum(refusalReasons),
        message: z.string(),
        checks: z.array(decisionCheck),
      }),
    ]),
  }),
  certificateReceive: request('certificate.receive', {
    summary:
      'A certificate file has come in whole. The reply means it is stored; the answer is decided at once or, where a check cannot be made now, later.',
    request: z.strictObject({
      session: z.string().max(64),
      ...partnerRef.shape,
      mode: sessionMode,
      file: z.strictObject(virtualFileIdentity.shape),
      description: z.string().max(999),
      /** Content, base64. */
      octets: z.base64().max(87_384),
    }),
    reply: z.object({
      exchange: z.string(),
      state: exchangeState,
      /** Whether something waits for this partner now (our answer, our certificates): take the turn. */
      owing: z.boolean(),
    }),
  }),
  answerReceive: request('answer.receive', {
    summary: 'An EERP or NERP has come in for a file of ours; the reply means it is stored, RTR may go.',
    request: z.strictObject({
      session: z.string().max(64),
      ...partnerRef.shape,
      mode: sessionMode,
      answer: strictAnswer,
    }),
    reply: z.object({ known: z.boolean() }),
  }),
  outboxNext: request('outbox.next', {
    summary: 'What to send this partner next: owed answers first, then files.',
    request: z.strictObject({
      session: z.string().max(64),
      ...partnerRef.shape,
      mode: sessionMode,
      /** Exchanges already offered in this session: a refused file is not offered twice. */
      exclude: z.array(z.string().max(128)).max(1000).default([]),
    }),
    reply: z.object({ item: outboxItem.optional() }),
  }),
  outboxSettle: request('outbox.settle', {
    summary: 'What became of an outbox item.',
    request: z.strictObject({
      session: z.string().max(64),
      ...partnerRef.shape,
      exchange: z.string().max(128),
      item: z.enum(['answer', 'file']),
      fate: outboxFate,
    }),
    reply: empty,
  }),
  send: request('send', {
    summary: 'Send, request or replace certificates (the button).',
    request: z.strictObject({
      ...partnerRef.shape,
      kind: exchangeKind,
      /** Which of our certificates; left out: those active for the station that the partner does not hold yet, or all active for `request`. */
      certificate: fingerprint.optional(),
      /** `replace`, `deliver`: which certificate of ours the new one follows (its CLID goes into SFIDDESC). */
      replaces: fingerprint.optional(),
    }),
    reply: z.object({ exchanges: z.array(exchange) }),
  }),
  exchangeList: request('exchange.list', {
    summary: 'Exchanges, newest first; a page at a time.',
    request: z.strictObject({
      station: odetteId.optional(),
      partner: odetteId.optional(),
      ...pageRequest(50, 500),
    }),
    reply: z.object({ exchanges: z.array(exchange), ...pageReply }),
  }),
  exchangeGet: request('exchange.get', {
    summary: 'One exchange with every check of its decision.',
    request: z.strictObject({ id: z.string().min(1).max(128) }),
    reply: z.object({ exchange }),
  }),
  dialClaim: request('dial.claim', {
    summary: 'Take or keep the lease on dialling a partner, so that two gateways never dial it at once.',
    request: z.strictObject({ ...partnerRef.shape, holder: z.string().max(64) }),
    reply: z.object({
      granted: z.boolean(),
      /** Whether anything waits for the partner; without it there is no reason to dial. */
      waiting: z.boolean(),
      /** Milliseconds until the lease ends unless it is claimed again. */
      leaseMilliseconds: z.int(),
    }),
  }),
  dialReport: request('dial.report', {
    summary: 'How dialling a partner went; gives the lease back.',
    request: z.strictObject({
      ...partnerRef.shape,
      holder: z.string().max(64),
      ok: z.boolean(),
      message: z.string().max(512),
      /** What keeps us from calling at all: another call would change nothing, so none follows. */
      obstacle: z.enum(['no-address', 'partner-removed']).optional(),
    }),
    reply: z.object({
      /** Something still waits: dial again after so many milliseconds. */
      retryMilliseconds: z.int().optional(),
    }),
  }),
};

/** Work that cert-exchange hands out. */
export const exchangeJobs = {
  dial: job('session-gateway', 'dial', {
    summary: 'Something waits for a partner that we can reach: open a session with it.',
    data: partnerRef,
  }),
  evaluate: job('cert-exchange', 'evaluate', {
    summary: 'A stored certificate file waits for its decision.',
    data: z.object({ ...partnerRef.shape, exchange: z.string() }),
  }),
};

const aboutExchange = {
  station: odetteId,
  partner: odetteId,
  exchange: z.string(),
  kind: exchangeKind,
  file: virtualFileIdentity,
};

/** What cert-exchange tells. */
export const exchangeEvents = {
  queued: event('exchange.queued', {
    summary: 'A certificate of ours waits to be sent.',
    data: z.object({ ...aboutExchange, certificate: certificateSummary }),
  }),
  sent: event('exchange.sent', {
    summary: 'The partner has received a certificate file of ours (EFPA, or SFNA 13); its answer is awaited.',
    data: z.object({
      ...aboutExchange,
      /** It refused the file as a duplicate (SFNA 13): it had received it before. */
      duplicate: z.boolean().optional(),
    }),
  }),
  acknowledged: event('exchange.acknowledged', {
    summary: 'The partner has taken our certificate over (EERP).',
    data: z.object(aboutExchange),
  }),
  rejected: event('exchange.rejected', {
    summary: 'The partner did not take our certificate over (NERP, SFNA or EFNA).',
    data: z.object({ ...aboutExchange, by: z.enum(['nerp', 'sfna', 'efna']), reason: z.int(), message: z.string() }),
  }),
  failed: event('exchange.failed', {
    summary:
      'A certificate file of ours, or our answer to one of the partner, can never be handed over: it is given up.',
    data: z.object({
      ...aboutExchange,
      direction: z.enum(['inbound', 'outbound']),
      reason: z.enum(exchangeFailures),
      message: z.string(),
    }),
  }),
  received: event('exchange.received', {
    summary: 'A certificate file of the partner is stored; the decision follows.',
    data: z.object(aboutExchange),
  }),
  accepted: event('exchange.accepted', {
    summary: "The partner's certificate was taken over; EERP is owed.",
    data: z.object({ ...aboutExchange, certificate: certificateSummary, checks: z.array(decisionCheck) }),
  }),
  refused: event('exchange.refused', {
    summary: "The partner's certificate was not taken over; NERP is owed, nothing was changed.",
    data: z.object({
      ...aboutExchange,
      reason: z.enum(certificateRefusals),
      message: z.string(),
      checks: z.array(decisionCheck),
    }),
  }),
  answered: event('exchange.answered', {
    summary: 'The partner has our EERP or NERP (RTR).',
    data: z.object({ ...aboutExchange, answer: z.enum(['eerp', 'nerp']) }),
  }),
  dialFailed: event('dial.failed', {
    summary: 'A partner could not be reached or the session failed; it is tried again.',
    data: z.object({ ...partnerRef.shape, attempt: z.int(), message: z.string(), next: timestamp }),
  }),
};
