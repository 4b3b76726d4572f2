import { z } from 'zod';
import { eventsOf } from './contract.js';
import { certificateStanding, identificationEntry } from './registry-records.js';
import { actor, certificateSummary, exchangeKind, fingerprint, host, odetteId, usage } from './vocabulary.js';

const event = eventsOf('partner-registry');

const aboutPartner = { station: odetteId, partner: odetteId };

/** What partner-registry tells. */
export const registryEvents = {
  stationAdded: event('station.added', {
    summary: 'A station was added.',
    data: z.object({ station: odetteId, host: host.optional() }),
  }),
  ownCertificateAdded: event('own-certificate.added', {
    summary: 'A certificate of ours was put on file.',
    data: z.object({ station: odetteId, certificate: certificateSummary }),
  }),
  ownCertificateActivated: event('own-certificate.activated', {
    summary: 'The station uses and sends this certificate from now on.',
    data: z.object({ station: odetteId, fingerprint, usages: z.array(usage) }),
  }),
  ownCertificateSwitched: event('own-certificate.switched', {
    summary: 'A partner acknowledged a certificate of ours: it is used towards this partner from now on.',
    data: z.object({ ...aboutPartner, fingerprint, usages: z.array(usage), exchange: z.string() }),
  }),
  partnerAdded: event('partner.added', {
    summary: 'A partner was added.',
    data: z.object({ ...aboutPartner, acx: z.boolean(), secureAuthentication: z.boolean() }),
  }),
  partnerChanged: event('partner.changed', {
    summary: 'Settings of a partner were changed; names only, a password is never told.',
    data: z.object({ ...aboutPartner, changed: z.array(z.string()) }),
  }),
  partnerRemoved: event('partner.removed', {
    summary: 'A partner was removed with all that was on file.',
    data: z.object(aboutPartner),
  }),
  partnerIdentified: event('partner.identified', {
    summary: 'Identification data was entered.',
    data: z.object({ ...aboutPartner, entry: identificationEntry }),
  }),
  partnerUnidentified: event('partner.unidentified', {
    summary: 'Identification data was taken out.',
    data: z.object({ ...aboutPartner, entry: z.string() }),
  }),
  certificateTakenOver: event('certificate.taken-over', {
    summary: "A partner's certificate was taken over from an exchange.",
    data: z.object({
      ...aboutPartner,
      certificate: certificateSummary,
      usages: z.array(usage),
      exchange: z.string(),
      kind: exchangeKind,
      /** Certificates it follows: still accepted after deliver and request, out of use after replace. */
      predecessors: z.array(fingerprint),
      /** The bypass was open before and is closed now. */
      bypassClosed: z.boolean(),
    }),
  }),
  certificateReplaced: event('certificate.replaced', {
    summary: "A partner's certificate was recalled by its owner: out of use from now on.",
    data: z.object({ ...aboutPartner, fingerprint, by: fingerprint, exchange: z.string() }),
  }),
  certificateAdded: event('certificate.added', {
    summary: "An operator put a partner's certificate on file.",
    data: z.object({
      ...aboutPartner,
      certificate: certificateSummary,
      usages: z.array(usage),
      bypassClosed: z.boolean(),
    }),
  }),
  certificateRemoved: event('certificate.removed', {
    summary: "An operator took a partner's certificate off file.",
    data: z.object({ ...aboutPartner, fingerprint, bypassReopened: z.boolean() }),
  }),
  bypassReopened: event('bypass.reopened', {
    summary: 'An operator reopened the bypass for a partner.',
    data: z.object({ ...aboutPartner, by: actor.optional(), reason: z.string(), certificates: z.array(fingerprint) }),
  }),
  certificateFell: event('certificate.fell', {
    summary:
      "A partner's certificate on file is no longer trusted: its issuer, a trust list or a revocation list changed.",
    data: z.object({
      ...aboutPartner,
      certificate: certificateSummary,
      usages: z.array(usage),
      standing: certificateStanding,
    }),
  }),
  certificateStood: event('certificate.stood', {
    summary: "A partner's certificate on file is trusted again.",
    data: z.object({
      ...aboutPartner,
      certificate: certificateSummary,
      usages: z.array(usage),
      standing: certificateStanding,
    }),
  }),
};
