import { z } from 'zod';
import { eventsOf, jobsFrom } from './contract.js';
import {
  approvalKind,
  decisionCheck,
  decisionRecord,
  exchangeFailures,
  virtualFileIdentity,
} from './exchange-records.js';
import { certificateRefusals, refusalReasons } from './refusals.js';
import { certificateSummary, exchangeKind, odetteId, partnerRef, timestamp } from './vocabulary.js';

const event = eventsOf('cert-exchange');
const job = jobsFrom('cert-exchange');

/** Work that cert-exchange hands out. */
export const exchangeJobs = {
  dial: job('session-gateway', 'dial', {
    summary: 'Something waits for a partner that we can reach: open a session with it.',
    data: z.object(partnerRef.shape),
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
  held: event('exchange.held', {
    summary: "The partner's certificate waits for a person; nothing is answered meanwhile.",
    data: z.object({
      ...aboutExchange,
      approval: approvalKind,
      message: z.string(),
      certificate: certificateSummary,
      decision: decisionRecord,
    }),
  }),
  accepted: event('exchange.accepted', {
    summary: "The partner's certificate was taken over; EERP is owed.",
    data: z.object({
      ...aboutExchange,
      certificate: certificateSummary,
      checks: z.array(decisionCheck),
      decision: decisionRecord,
    }),
  }),
  refused: event('exchange.refused', {
    summary: "The partner's certificate was not taken over; NERP is owed, nothing was changed.",
    data: z.object({
      ...aboutExchange,
      reason: z.enum(certificateRefusals),
      message: z.string(),
      checks: z.array(decisionCheck),
      decision: decisionRecord,
    }),
  }),
  bypassUsed: event('bypass.used', {
    summary: 'A session runs in the bypass: without secure authentication, for certificate files only.',
    data: z.object({
      ...partnerRef.shape,
      session: z.string(),
      direction: z.enum(['inbound', 'outbound']),
      remoteAddress: z.string(),
      /** Sessions in the bypass since it was opened, this one included. */
      uses: z.int(),
    }),
  }),
  bypassRefused: event('bypass.refused', {
    summary: 'Sessions that only the bypass could have let in were refused; told once a minute at most.',
    data: z.object({
      ...partnerRef.shape,
      session: z.string(),
      remoteAddress: z.string(),
      reason: z.enum(refusalReasons),
      message: z.string(),
      /** How many since this was told before, this one included. */
      refused: z.int(),
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
