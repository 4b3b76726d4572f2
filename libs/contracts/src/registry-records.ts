import { z } from 'zod';
import { bypassState, strictBypassLimits, trustSettings } from './trust-settings.js';
import { validationFailures } from './validation.js';
import {
  actor,
  certificateDer,
  certificateSummary,
  distinguishedName,
  exchangeKind,
  fingerprint,
  host,
  odetteId,
  port,
  sealed,
  timestamp,
  usage,
} from './vocabulary.js';

/** SHA-256 over the SubjectPublicKeyInfo, lower-case hex: how a key pair is named. */
export const keyId = fingerprint;

/** Which certificate serves each usage. */
const fingerprintByUsage = z.partialRecord(usage, fingerprint);

/** One of our Odette identities. */
export const station = z.object({
  id: odetteId,
  /** Host name partners dial; also the TLS server name that selects the station. */
  host: host.optional(),
  /** The certificate in use for each usage, unless a partner still waits for a newer one. */
  active: fingerprintByUsage,
  createdAt: timestamp,
});
/** One of our Odette identities. */
export type Station = z.infer<typeof station>;

/** A key pair of a station; the private half is sealed and opened by the gateway alone. */
export const stationKey = z.object({
  keyId,
  sealedKey: sealed,
  createdAt: timestamp,
});

/** A certificate of ours with what a session needs to use it. */
export const ownCertificate = certificateSummary.extend({
  certificate: certificateDer,
  chain: z.array(certificateDer),
  keyId,
  createdAt: timestamp,
});
/** A certificate of ours. */
export type OwnCertificate = z.infer<typeof ownCertificate>;

/** A certificate of ours together with its sealed key. */
export const usableCertificate = z.object({
  certificate: certificateDer,
  chain: z.array(certificateDer),
  sealedKey: sealed,
});
/** A certificate of ours together with its sealed key. */
export type UsableCertificate = z.infer<typeof usableCertificate>;

/** How we reach a partner; without it the partner calls us. */
export const connection = z.object({
  host,
  port,
  transport: z.enum(['tls', 'tcp']),
});
/** The same in a request. */
export const strictConnection = z.strictObject(connection.shape);

/** How a challenge is enveloped for this partner (RFC 5024 §5.3.17, RFC 5652). */
export const challengeSettings = z.object({
  cipher: z.enum(['aes-256', '3des']),
  keyTransport: z.enum(['rsaes-pkcs1-v1_5', 'rsaes-oaep']),
});
/** The same in a request. */
export const strictChallengeSettings = z.strictObject(challengeSettings.shape);

/** What an operator enters before any certificate is on file (`docs/WORDS.md`: identification entry). */
export const identificationEntry = z.object({
  id: z.string(),
  /** Full or partial DN, RFC 4514; `CN=host` when only a common name was given. */
  subject: distinguishedName,
  /** The installed issuer that must have issued the certificate directly. */
  issuer: z.object({ fingerprint, subject: distinguishedName }),
  /** Required key usage, DER BIT STRING octets in hex (`a0`). */
  keyUsage: z.string().optional(),
  /** Required extended key usages, OIDs. */
  extendedKeyUsage: z.array(z.string()).optional(),
  usages: z.array(usage),
  /** Who entered it. */
  enteredBy: actor.optional(),
  createdAt: timestamp,
});
/** An identification entry. */
export type IdentificationEntry = z.infer<typeof identificationEntry>;

/** Where a partner's certificate on file came from. */
export const certificateOrigin = z.union([
  z.object({ by: z.literal('operator') }),
  z.object({ by: z.literal('exchange'), exchange: z.string(), kind: exchangeKind }),
]);

/**
 * `replaced`: recalled by its owner, out of use at once and for good. `revoked`: by its issuer, out of use for as long as reviews
 * find it so.
 */
export const partnerCertificateState = z.enum(['current', 'accepted', 'scheduled', 'replaced', 'expired', 'revoked']);

/** Whether a certificate on file is trusted still, as the last review found it. */
export const certificateStanding = z.object({
  trusted: z.boolean(),
  reason: z.enum(validationFailures).optional(),
  message: z.string(),
  /** The authority its path ends at. */
  anchor: fingerprint.optional(),
  /** Since when it stands so. */
  since: timestamp,
});
/** Whether a certificate on file is trusted still. */
export type CertificateStanding = z.infer<typeof certificateStanding>;

/** A partner's certificate on file. */
export const partnerCertificate = certificateSummary.extend({
  certificate: certificateDer,
  usages: z.array(usage),
  origin: certificateOrigin,
  addedAt: timestamp,
  state: partnerCertificateState,
  standing: certificateStanding.optional(),
});
/** A partner's certificate on file. */
export type PartnerCertificate = z.infer<typeof partnerCertificate>;

/** The resolver's answer for one usage: what serves it now, what is still accepted and until when. */
export const usageResolution = z.object({
  usage,
  /** The partner's certificate we encrypt for and verify with first. */
  current: fingerprint.optional(),
  /** Older ones still good, newest first. */
  accepted: z.array(z.object({ fingerprint, until: timestamp })),
  scheduled: z.array(z.object({ fingerprint, from: timestamp })),
  /** The certificate of ours that this partner knows us by. */
  ours: fingerprint.optional(),
  /** Ours that this partner may still use towards us, newest first, `ours` left out. */
  oursAccepted: z.array(fingerprint),
});
/** The resolver's answer for one usage. */
export type UsageResolution = z.infer<typeof usageResolution>;

/** The settings of a partner that an operator sets. */
export const partnerSettings = {
  /** How to reach it; `null`: it calls us. */
  connection: connection.nullable(),
  secureAuthentication: z.boolean(),
  /** Automatic certificate exchange (ACX/SCX/PDX): off until an operator turns it on. */
  acx: z.boolean(),
  /** Whether the partner must present a TLS client certificate that is on file for usage `tls`. */
  tlsClientAuthentication: z.boolean(),
  challenge: challengeSettings,
  ...trustSettings,
};

/** The same settings in a request. */
export const strictPartnerSettings = {
  ...partnerSettings,
  connection: strictConnection.nullable(),
  challenge: strictChallengeSettings,
  bypassLimits: strictBypassLimits,
};

/** A partner as operators see it; passwords are never shown. */
export const partner = z.object({
  ...partnerSettings,
  station: odetteId,
  id: odetteId,
  /** It is a sub-station: its files come and go in the sessions of this partner (SFIDORIG, SFIDDEST). */
  via: odetteId.optional(),
  bypass: bypassState,
  /** Whether we send this partner another password than the station's. */
  hasOwnPassword: z.boolean(),
  entries: z.array(identificationEntry),
  certificates: z.array(partnerCertificate),
  usages: z.array(usageResolution),
  createdAt: timestamp,
  /** Grows with every change; take-over names the one its decision stood on. */
  revision: z.string(),
});
/** A partner as operators see it. */
export type Partner = z.infer<typeof partner>;

/** A partner without its lists. */
export const partnerSummary = partner
  .pick({
    station: true,
    id: true,
    connection: true,
    secureAuthentication: true,
    acx: true,
    createdAt: true,
    via: true,
  })
  .extend({ entries: z.int(), certificates: z.int(), bypassOpen: z.boolean() });

/** What the gateway needs to greet a partner: both passwords sealed, nothing that decides trust. */
export const sessionProfile = z.object({
  station: odetteId,
  partner: odetteId,
  /** The password the partner must send. */
  partnerPassword: sealed,
  /** The password we send it. */
  ourPassword: sealed,
  connection: connection.nullable(),
  /** Odette IDs whose files come and go in the sessions of this partner, beside its own. */
  subStations: z.array(odetteId).max(64),
  /** Server name of the station, to choose among several stations with the same partner. */
  stationHost: host.optional(),
});
/** What the gateway needs to greet a partner. */
export type SessionProfile = z.infer<typeof sessionProfile>;
