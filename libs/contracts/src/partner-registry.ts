import { z } from 'zod';
import { auditRequests } from './audit.js';
import { requestsOf } from './contract.js';
import { pageReply, pageRequest } from './page.js';
import {
  identificationEntry,
  keyId,
  ownCertificate,
  partner,
  strictPartnerSettings,
  partnerSummary,
  station,
  stationKey,
  sessionProfile,
  usableCertificate,
  challengeSettings,
} from './registry-records.js';
import { issuerSupposition } from './trust-records.js';
import { bypassLimits, bypassState, usualTrust } from './trust-settings.js';
import {
  certificateDer,
  distinguishedName,
  empty,
  fingerprint,
  host,
  odetteId,
  partnerRef,
  reasonText,
  sealedKey,
  sealedPassword,
  timestamp,
  usage,
  usageList,
  exchangeKind,
  certificateSummary,
} from './vocabulary.js';

const request = requestsOf('partner-registry');

/** What partner-registry answers. */
export const registry = {
  ...auditRequests('partner-registry'),
  stationAdd: request('station.add', {
    summary: 'Add one of our Odette identities.',
    request: z.strictObject({ id: odetteId, password: sealedPassword, host: host.optional() }),
    reply: z.object({ station }),
  }),
  stationList: request('station.list', {
    summary: 'Our Odette identities, by id; a page at a time.',
    request: z.strictObject(pageRequest(200, 1000)),
    reply: z.object({ stations: z.array(station), ...pageReply }),
  }),
  stationGet: request('station.get', {
    summary: 'One of our Odette identities.',
    request: z.strictObject({ station: odetteId }),
    reply: z.object({ station }),
  }),
  keyAdd: request('key.add', {
    summary: 'Keep a key pair of a station, sealed.',
    request: z.strictObject({ station: odetteId, keyId, sealedKey }),
    reply: empty,
  }),
  keyGet: request('key.get', {
    summary: 'A sealed key pair of a station.',
    request: z.strictObject({ station: odetteId, keyId }),
    reply: z.object({ key: stationKey }),
  }),
  ownCertificateAdd: request('own-certificate.add', {
    summary: 'Keep a certificate of ours for a key pair that is kept already.',
    request: z.strictObject({
      station: odetteId,
      certificate: certificateDer,
      chain: z.array(certificateDer).max(16),
      keyId,
    }),
    reply: z.object({ certificate: ownCertificate }),
  }),
  ownCertificateList: request('own-certificate.list', {
    summary: 'Keys of a station that still wait for their certificate, then its certificates; a page at a time.',
    request: z.strictObject({ station: odetteId, ...pageRequest(50, 200) }),
    reply: z.object({
      certificates: z.array(ownCertificate.extend({ activeFor: z.array(usage) })),
      pendingKeys: z.array(stationKey.omit({ sealedKey: true })),
      ...pageReply,
    }),
  }),
  ownCertificateGet: request('own-certificate.get', {
    summary: 'One certificate of a station.',
    request: z.strictObject({ station: odetteId, fingerprint }),
    reply: z.object({ certificate: ownCertificate }),
  }),
  ownCertificateActivate: request('own-certificate.activate', {
    summary: 'Choose what the station uses and sends; partners that wait for it by exchange switch after their EERP.',
    request: z.strictObject({ station: odetteId, fingerprint, usages: usageList }),
    reply: z.object({ station }),
  }),
  ownCertificateSwitch: request('own-certificate.switch', {
    summary: 'Use a certificate of ours towards one partner from now on: its EERP says that it holds it.',
    request: z.strictObject({ ...partnerRef.shape, fingerprint, usages: usageList, exchange: z.string().max(128) }),
    reply: empty,
  }),
  partnerAdd: request('partner.add', {
    summary: 'Add a partner of a station.',
    request: z.strictObject({
      station: odetteId,
      id: odetteId,
      /** What the partner must send; left out for a sub-station, which opens no session. */
      password: sealedPassword.optional(),
      ourPassword: sealedPassword.optional(),
      /** The partner in whose sessions the files of this sub-station come and go. */
      via: odetteId.optional(),
      connection: strictPartnerSettings.connection.default(null),
      secureAuthentication: strictPartnerSettings.secureAuthentication.default(false),
      acx: strictPartnerSettings.acx.default(false),
      tlsClientAuthentication: strictPartnerSettings.tlsClientAuthentication.default(false),
      challenge: strictPartnerSettings.challenge.default({ cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' }),
      acceptance: strictPartnerSettings.acceptance.default(usualTrust.acceptance),
      selfSigned: strictPartnerSettings.selfSigned.default(usualTrust.selfSigned),
      revocation: strictPartnerSettings.revocation.default(usualTrust.revocation),
      twoPerson: strictPartnerSettings.twoPerson.default(usualTrust.twoPerson),
      weakKeys: strictPartnerSettings.weakKeys.default(usualTrust.weakKeys),
      bypassLimits: strictPartnerSettings.bypassLimits.default(usualTrust.bypassLimits),
    }),
    reply: z.object({ partner }),
  }),
  partnerSet: request('partner.set', {
    summary: 'Change settings of a partner; what is left out stays.',
    request: z.strictObject({
      ...partnerRef.shape,
      password: sealedPassword.optional(),
      /** `null`: send the station's password again. */
      ourPassword: sealedPassword.nullable().optional(),
      connection: strictPartnerSettings.connection.optional(),
      secureAuthentication: strictPartnerSettings.secureAuthentication.optional(),
      acx: strictPartnerSettings.acx.optional(),
      tlsClientAuthentication: strictPartnerSettings.tlsClientAuthentication.optional(),
      challenge: strictPartnerSettings.challenge.optional(),
      acceptance: strictPartnerSettings.acceptance.optional(),
      selfSigned: strictPartnerSettings.selfSigned.optional(),
      revocation: strictPartnerSettings.revocation.optional(),
      twoPerson: strictPartnerSettings.twoPerson.optional(),
      weakKeys: strictPartnerSettings.weakKeys.optional(),
      bypassLimits: strictPartnerSettings.bypassLimits.optional(),
    }),
    reply: z.object({ partner }),
  }),
  partnerList: request('partner.list', {
    summary: 'Partners of one station or of all, by id; a page at a time.',
    request: z.strictObject({
      station: odetteId.optional(),
      /** Only partners with this Odette ID (several stations may have it). */
      id: odetteId.optional(),
      ...pageRequest(200, 1000),
    }),
    reply: z.object({ partners: z.array(partnerSummary), ...pageReply }),
  }),
  partnerGet: request('partner.get', {
    summary: 'A partner with its identification entries, its certificates and what serves each usage now.',
    request: z.strictObject({ ...partnerRef.shape, at: timestamp.optional() }),
    reply: z.object({ partner }),
  }),
  partnerRemove: request('partner.remove', {
    summary: 'Remove a partner with all that is on file for it.',
    request: partnerRef,
    reply: empty,
  }),
  bypassReopen: request('bypass.reopen', {
    summary:
      'Go back to identification data alone: certificates for session authentication leave that usage, and the time and the attempts of the bypass count anew.',
    request: z.strictObject({ ...partnerRef.shape, reason: reasonText }),
    reply: z.object({ partner }),
  }),
  issuerDependents: request('issuer.dependents', {
    summary:
      'Partners that stand on an authority: by identification entries, by certificates on file that would not be trusted without it; a page at a time.',
    request: z.strictObject({
      issuer: fingerprint,
      /** Further ones of which the same is supposed: what either of two carries falls only with both. */
      others: z.array(fingerprint).max(255).default([]),
      supposed: issuerSupposition.default('unknown'),
      ...pageRequest(200, 500),
    }),
    reply: z.object({
      partners: z.array(
        z.object({
          ...partnerRef.shape,
          entries: z.int(),
          /** Those that are trusted now by themselves, or will be once they are valid, and would not be then. */
          certificates: z.array(
            certificateSummary.extend({
              /** It still would be where the partner sends the authorities between it and another one along. */
              trustedWithChain: z.boolean().default(false),
            }),
          ),
        }),
      ),
      ...pageReply,
    }),
  }),
  partnerIdentify: request('partner.identify', {
    summary: 'Enter identification data: which certificate we expect from this partner.',
    request: z.strictObject({
      ...partnerRef.shape,
      /** DN (full or partial); a text without `=` is taken as the common name. */
      subject: distinguishedName,
      /** Fingerprint of an installed issuer. */
      issuer: fingerprint,
      keyUsage: z
        .string()
        .regex(/^(?:[0-9a-f]{2}){1,2}$/)
        .optional(),
      extendedKeyUsage: z
        .array(
          z
            .string()
            .max(128)
            .regex(/^\d+(?:\.\d+)+$/),
        )
        .max(32)
        .optional(),
      usages: usageList,
    }),
    reply: z.object({ entry: identificationEntry }),
  }),
  partnerUnidentify: request('partner.unidentify', {
    summary: 'Take an identification entry out.',
    request: z.strictObject({ ...partnerRef.shape, entry: z.string().max(64) }),
    reply: empty,
  }),
  partnerCertificateAdd: request('partner-certificate.add', {
    summary: "Put a partner's certificate on file by hand; this closes the bypass for session authentication.",
    request: z.strictObject({ ...partnerRef.shape, certificate: certificateDer, usages: usageList }),
    reply: z.object({ partner }),
  }),
  partnerCertificateRemove: request('partner-certificate.remove', {
    summary:
      "Take a partner's certificate off file; taking the last one for session authentication reopens the bypass.",
    request: z.strictObject({ ...partnerRef.shape, fingerprint }),
    reply: z.object({ bypassReopened: z.boolean() }),
  }),
  certificateTakeOver: request('certificate.take-over', {
    summary:
      'Take over a certificate that cert-exchange accepted. The same exchange again changes nothing; a partner that changed since the decision is refused with `conflict`.',
    request: z.strictObject({
      ...partnerRef.shape,
      exchange: z.string().max(128),
      kind: exchangeKind,
      certificate: certificateDer,
      usages: usageList,
      /** Certificates on file that this one renews (deliver, request) or recalls (replace). */
      predecessors: z.array(fingerprint).max(64),
      /** `revision` of the partner that the decision stood on. */
      revision: z.string().max(128),
    }),
    reply: z.object({ changed: z.boolean() }),
  }),
  certificateDecline: request('certificate.decline', {
    summary:
      'Settle that an exchange takes nothing over, before it is refused. One that was taken over already stays so.',
    request: z.strictObject({ ...partnerRef.shape, exchange: z.string().max(128) }),
    reply: z.object({
      /** It has had its effect: it must not be refused. */
      takenOver: z.boolean(),
    }),
  }),
  sessionProfiles: request('session.profiles', {
    summary: 'Who may be calling: the partners with this Odette ID, one row a station; a page at a time.',
    request: z.strictObject({
      /** As received: any text of 1 to 25 characters; unknown ones give an empty list. */
      partner: z.string().min(1).max(25),
      station: odetteId.optional(),
      ...pageRequest(200, 1000),
    }),
    reply: z.object({ profiles: z.array(sessionProfile), ...pageReply }),
  }),
  sessionFacts: request('session.facts', {
    summary:
      'What the session-trust decision stands on, resolved now: settings, what is on file, what proves either side.',
    request: partnerRef,
    reply: z.object({
      acx: z.boolean(),
      secureAuthentication: z.boolean(),
      tlsClientAuthentication: z.boolean(),
      /** A certificate for session authentication is on file, in whatever state: presence alone closes the bypass. */
      certificatePresent: z.boolean(),
      /** The exchange that brought the only one there is; absent where there are more, or an operator put one on file. */
      broughtBy: z.string().optional(),
      /** Identification data for session authentication was entered. */
      identified: z.boolean(),
      /** The partner's certificates that are good for usage `tls` now. */
      tlsCertificates: z.array(fingerprint),
      /** One is on file for usage `tls` that is or was good, whatever became of it. */
      tlsCertificatePresent: z.boolean().default(false),
      /** Ours for session authentication, newest first; the first is the one we are known by. Without chains: a challenge needs none. */
      ours: z.array(usableCertificate),
      /** The partner's for session authentication: current first, then those still accepted. */
      theirs: z.array(certificateDer),
      /** One for session authentication is left out of these because it was revoked. */
      theirsRevoked: z.boolean().default(false),
      challenge: challengeSettings,
      bypass: bypassState.pick({ since: true, until: true }).extend({ limits: bypassLimits }),
    }),
  }),
  stationTls: request('station.tls', {
    summary: 'The TLS certificate each station presents, for listeners; a page at a time, or of one station.',
    request: z.strictObject({
      /** Only of this station; one that has none, or does not exist, gives an empty list. */
      station: odetteId.optional(),
      ...pageRequest(100, 500),
    }),
    reply: z.object({
      stations: z.array(z.object({ station: odetteId, host: host.optional(), tls: usableCertificate })),
      ...pageReply,
    }),
  }),
};
