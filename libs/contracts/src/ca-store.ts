import { z } from 'zod';
import { auditRequests } from './audit.js';
import { eventsOf, requestsOf } from './contract.js';
import { pageReply, pageRequest } from './page.js';
import { certificateDer, certificateSummary, empty, fingerprint, timestamp, usage } from './vocabulary.js';

const request = requestsOf('ca-store');
const event = eventsOf('ca-store');

/** An installed issuer: an authority whose certificates we are willing to trust. */
export const issuer = certificateSummary.extend({
  certificate: certificateDer,
  addedAt: timestamp,
  /** Whether the authority is its own issuer (a root) or an authority below one, installed by hand. */
  selfSigned: z.boolean(),
});
/** An installed issuer. */
export type Issuer = z.infer<typeof issuer>;

/** One check of a validation with its result, in the order it was made. */
export const validationCheck = z.object({ check: z.string(), ok: z.boolean(), message: z.string() });

/** The verdict over a certificate: never "trusted" on something that was not looked at. */
export const validationVerdict = z.object({
  trusted: z.boolean(),
  /** One sentence: why, or why not. */
  message: z.string(),
  /** Fingerprints from the certificate to the installed issuer it ends at; empty when no path was found. */
  path: z.array(fingerprint),
  checks: z.array(validationCheck),
  /** What this version does not look at, so that nobody takes silence for "good". */
  notChecked: z.array(z.string()),
});
/** The verdict over a certificate. */
export type ValidationVerdict = z.infer<typeof validationVerdict>;

/** What ca-store answers. */
export const ca = {
  ...auditRequests('ca-store'),
  issuerAdd: request('issuer.add', {
    summary: 'Install issuers by hand; one that is installed already is left as it is.',
    request: z.strictObject({ certificates: z.array(certificateDer).min(1).max(64) }),
    reply: z.object({ issuers: z.array(issuer.extend({ added: z.boolean() })) }),
  }),
  issuerList: request('issuer.list', {
    summary: 'Installed issuers, by fingerprint; a page at a time.',
    request: z.strictObject(pageRequest(200, 500)),
    reply: z.object({ issuers: z.array(issuer), ...pageReply }),
  }),
  issuerGet: request('issuer.get', {
    summary: 'One installed issuer.',
    request: z.strictObject({ fingerprint }),
    reply: z.object({ issuer }),
  }),
  issuerRemove: request('issuer.remove', {
    summary: 'Take an issuer out: nothing below it is trusted from now on.',
    request: z.strictObject({ fingerprint }),
    reply: empty,
  }),
  certificateValidate: request('certificate.validate', {
    summary: 'Validate a certificate up to an installed issuer.',
    request: z.strictObject({
      certificate: certificateDer,
      /** Certificates that came along; candidates for the path, never trusted by themselves. */
      chain: z.array(certificateDer).max(16).default([]),
      /** The time to judge at; now when left out. */
      at: timestamp.optional(),
      usage: usage.optional(),
    }),
    reply: z.object({ verdict: validationVerdict }),
  }),
};

/** What ca-store tells. */
export const caEvents = {
  issuerAdded: event('issuer.added', {
    summary: 'An issuer was installed.',
    data: z.object({ issuer: certificateSummary }),
  }),
  issuerRemoved: event('issuer.removed', {
    summary: 'An issuer was taken out.',
    data: z.object({ issuer: certificateSummary }),
  }),
};
