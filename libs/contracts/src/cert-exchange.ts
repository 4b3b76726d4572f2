import { z } from 'zod';
import { auditRequests } from './audit.js';
import { requestsOf } from './contract.js';
import { pageReply, pageRequest } from './page.js';
import {
  approval,
  decisionCheck,
  decisionRecord,
  exchange,
  exchangeState,
  fileAnswer,
  strictAnswer,
  strictFileIdentity,
  virtualFileIdentity,
} from './exchange-records.js';
import { refusalReasons } from './refusals.js';
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
  reasonText,
  sessionMode,
  usageList,
} from './vocabulary.js';

const request = requestsOf('cert-exchange');

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
      file: strictFileIdentity,
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
  decide: request('decide', {
    summary: 'What would become of this certificate file if the partner sent it now: a dry run without any effect.',
    request: z.strictObject({
      ...partnerRef.shape,
      kind: exchangeKind.default('deliver'),
      description: z.string().max(999).default(''),
      /** Of the session it would come in; left out: in the bypass where that is open, else as the partner is set up. */
      mode: sessionMode.optional(),
      /** Content, base64. */
      octets: z.base64().max(87_384),
    }),
    reply: z.object({
      decision: decisionRecord,
      /** The session that was assumed; a sub-station's is that of the partner it belongs to. */
      session: z.object({ mode: sessionMode, secureAuthentication: z.boolean() }),
      certificate: certificateSummary.optional(),
      /** What the partner would get; absent while a person decides. */
      answer: z.object({ kind: z.enum(['eerp', 'nerp']), text: z.string().optional() }).optional(),
    }),
  }),
  approvalList: request('approval.list', {
    summary:
      'Certificates that wait for a person, and those that a person has decided while the partner has no answer yet, oldest first; a page at a time.',
    request: z.strictObject({
      station: odetteId.optional(),
      partner: odetteId.optional(),
      ...pageRequest(50, 200),
    }),
    reply: z.object({ approvals: z.array(approval), ...pageReply }),
  }),
  approvalGet: request('approval.get', {
    summary: 'One of them, with the whole decision so far.',
    request: z.strictObject({ id: z.string().min(1).max(128) }),
    reply: z.object({ approval, exchange, decision: decisionRecord }),
  }),
  approvalAccept: request('approval.accept', {
    summary:
      'Take the certificate over all the same; what speaks of an attack still stands against it. EERP is owed then.',
    request: z.strictObject({
      id: z.string().min(1).max(128),
      note: reasonText.optional(),
      /** Which of several identification entries it belongs to. */
      entry: z.string().max(64).optional(),
      /** What it is to serve, where nothing that is known says so. */
      usages: usageList.optional(),
      /** A certificate on file that it follows, where nothing that is known says so. */
      follows: fingerprint.optional(),
    }),
    reply: z.object({ exchange }),
  }),
  approvalReject: request('approval.reject', {
    summary: 'Do not take the certificate over; NERP is owed then, with the reason.',
    request: z.strictObject({ id: z.string().min(1).max(128), reason: reasonText }),
    reply: z.object({ exchange }),
  }),
  bypassUses: request('bypass.uses', {
    summary: 'How many sessions have run in the bypass of a partner since it was opened, which may be limited.',
    request: z.strictObject({ ...partnerRef.shape }),
    reply: z.object({ uses: z.int().nonnegative() }),
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
