import { z } from 'zod';
import { eventsOf, requestsOf } from './contract.js';
import { decisionCheck } from './exchange-records.js';
import { refusalReasons } from './refusals.js';
import { ownCertificate } from './registry-records.js';
import { certificateDer, distinguishedName, odetteId, sealed, sessionMode, timestamp } from './vocabulary.js';

const request = requestsOf('session-gateway');
const event = eventsOf('session-gateway');

/** What was seen of a connection's TLS; absent on plain TCP. */
export const tlsFacts = z.strictObject({
  version: z.string().max(32),
  cipher: z.string().max(128),
  /** The name the client asked for (SNI). */
  serverName: z.string().max(255).optional(),
  /** Certificates the peer presented, its own first; empty when it presented none. */
  peerChain: z.array(certificateDer).max(16),
  /** Whether that chain ends at an installed issuer (TLS client or server authentication). */
  authorized: z.boolean(),
});
/** What was seen of a connection's TLS. */
export type TlsFacts = z.infer<typeof tlsFacts>;

const subject = { station: odetteId, subject: distinguishedName };

/** What session-gateway answers: the operations that need an opened private key, and where secrets are sealed to. */
export const gateway = {
  sealingKey: request('sealing-key.get', {
    summary: 'The public key secrets are sealed to, so that they cross the bus closed.',
    request: z.strictObject({}),
    reply: z.object({ publicKey: z.string(), keyId: z.string() }),
  }),
  certificateCreate: request('certificate.create', {
    summary: 'Make a key pair, seal it, and a self-signed certificate or a certification request for it.',
    request: z.strictObject({
      ...subject,
      kind: z.enum(['self-signed', 'request']),
      bits: z.union([z.literal(2048), z.literal(3072), z.literal(4096)]).default(2048),
      /** Days a self-signed certificate is valid. */
      days: z.int().min(1).max(3650).default(730),
    }),
    reply: z.object({
      /** PEM of the certification request, for `request`. */
      request: z.string().optional(),
      /** The certificate on file, for `self-signed`. */
      certificate: ownCertificate.optional(),
    }),
  }),
  certificateImport: request('certificate.import', {
    summary:
      'Import a certificate with its key (sealed: PKCS#12, or certificate and key files), or one whose key was made here.',
    request: z.strictObject({
      station: odetteId,
      /**
       * Sealed JSON: `{"pkcs12": base64, "password": text}` or `{"key": base64, "password"?: text}`;
       * left out when the certificate answers a request made here.
       */
      secret: sealed.optional(),
      certificate: certificateDer.optional(),
      chain: z.array(certificateDer).max(16).default([]),
    }),
    reply: z.object({ certificate: ownCertificate }),
  }),
};

/** How a session ended. */
export const sessionEnd = z.object({
  /** `completed`: ESID 00; `refused`, `failed`: we or the peer ended it; `broken`: the connection was lost. */
  outcome: z.enum(['completed', 'refused', 'failed', 'broken']),
  /** ESID reason code sent or received (RFC 5024 §5.3.11), where one was. */
  esid: z.int().optional(),
  /** Which side gave the reason. */
  by: z.enum(['us', 'peer', 'network']),
  message: z.string(),
});
/** How a session ended. */
export type SessionEnd = z.infer<typeof sessionEnd>;

/** The decision whether a session may run, with every check that was made for it. */
export const sessionDecision = z.object({
  verdict: z.enum(['run', 'refuse']),
  /** Why not. */
  reason: z.enum(refusalReasons).optional(),
  message: z.string().optional(),
  checks: z.array(decisionCheck),
});
/** The decision whether a session may run. */
export type SessionDecision = z.infer<typeof sessionDecision>;

/** What session-gateway tells. */
export const gatewayEvents = {
  sessionEnded: event('session.ended', {
    summary: 'A session ended, good or bad: who, how protected, what passed, why it ended.',
    data: z.object({
      session: z.string(),
      role: z.enum(['initiator', 'responder']),
      remoteAddress: z.string(),
      station: odetteId.optional(),
      /** As the peer named itself, control characters removed; unknown IDs included. */
      partner: z.string().optional(),
      transport: z.enum(['tcp', 'tls']),
      tlsVersion: z.string().optional(),
      mode: sessionMode.optional(),
      secureAuthentication: z.boolean(),
      /** Absent where it did not come to one: nobody knows the peer, or it never said who it is. */
      decision: sessionDecision.optional(),
      startedAt: timestamp,
      milliseconds: z.int(),
      filesSent: z.int(),
      filesReceived: z.int(),
      answersSent: z.int(),
      answersReceived: z.int(),
      end: sessionEnd,
    }),
  }),
};
