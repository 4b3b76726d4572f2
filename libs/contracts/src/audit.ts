import { z } from 'zod';
import { requestsOf, serviceNames, type ServiceName } from './contract.js';
import { pageReply, pageRequest } from './page.js';
import { odetteId, timestamp } from './vocabulary.js';

/**
 * Header of a request: who acts, `operator:anna`. It is what the sender says of itself, so it is worth as much as the NATS user that
 * may send the request. Without it the service acts by itself.
 */
export const ACTOR_HEADER = 'Certlane-Actor';

/** Who acts, as {@link ACTOR_HEADER} carries it. */
export const requestActor = z
  .string()
  .regex(/^[A-Za-z0-9._@:-]{1,64}$/, 'an actor has 1 to 64 characters: letters, digits and . _ @ : -');

/**
 * Whether an act is still ahead, or how it ended. An act that cannot be taken back is written down before and after; `done` alone stands
 * for one that was a single write.
 */
export const auditPhases = ['intended', 'done', 'failed'] as const;
/** Whether an act is still ahead, or how it ended. */
export type AuditPhase = (typeof auditPhases)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 has 64 lower-case hex digits');
const entryNumber = z.int().min(1);
const name = z.string().min(1).max(512);

const subjectFields = {
  station: odetteId.optional(),
  partner: odetteId.optional(),
  exchange: name.optional(),
  /** Fingerprint. */
  certificate: name.optional(),
  /** Fingerprint. */
  issuer: name.optional(),
  /** Name of a trust list, or of a revocation list. */
  list: name.optional(),
  approval: name.optional(),
};
/** What an act is about: whatever of these it concerns. */
export const auditSubject = z.looseObject(subjectFields);
/** What an act is about. */
export type AuditSubject = z.infer<z.ZodObject<typeof subjectFields>>;

/**
 * One entry of a service's audit trail. The entries of a service are a chain: numbered without a gap, each with the hash of the one
 * before it, so that none can be changed, taken out or put in between without the rest showing it.
 *
 * Fields of a later version are kept, because the hash covers them.
 */
export const auditEntry = z.looseObject({
  service: z.enum(serviceNames),
  number: entryNumber,
  at: timestamp,
  /** `operator:anna`; `service:<name>` where nobody else acts; `partner:<Odette ID>` for what a partner's file caused. */
  actor: z.string().min(1).max(128),
  /** Dotted name, `certificate.take-over`. */
  act: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/, "an act has a dotted name, as 'certificate.take-over'"),
  phase: z.enum(auditPhases),
  /** Number of the `intended` entry that a `done` or `failed` one closes. */
  intent: entryNumber.optional(),
  about: auditSubject,
  /** What was there before: JSON, cut to a bounded size, never a secret. */
  before: z.unknown().optional(),
  /** What is there now: JSON, cut to a bounded size, never a secret. */
  after: z.unknown().optional(),
  /** Serial numbers of the certificates concerned, hex. */
  serialNumbers: z.array(z.string().max(64)).max(64),
  /** Why: what a person gave as reason, or why it failed. */
  reason: z.string().max(1_024).optional(),
  /** `hash` of the entry before; 64 zeros in the first one. */
  previous: sha256,
  /** SHA-256 over the entry without this field as JSON, names sorted, without white space (RFC 8785). */
  hash: sha256,
});
/** One entry of an audit trail. */
export type AuditEntry = z.infer<typeof auditEntry>;

/** What is wrong with a trail at an entry. */
export const auditFaults = [
  /** A block of entries is not there although later ones are, or the entry to go on from is not. */
  'missing',
  /** It does not read as an entry, or is one of another service. */
  'unreadable',
  /** Its number is not the next one. */
  'misnumbered',
  /** It does not carry the hash of the entry before it. */
  'unlinked',
  /** Its own hash does not fit its content. */
  'altered',
] as const;
/** What is wrong with a trail at an entry. */
export type AuditFault = (typeof auditFaults)[number];

/** An act that was begun and of which nobody knows the end: it is under way, or its process was killed. */
export const openIntent = auditEntry.pick({ number: true, at: true, actor: true, act: true, about: true });
/** An act of which nobody knows the end. */
export type OpenIntent = z.infer<typeof openIntent>;

/** How a stretch of an audit trail was found: see `audit.verify`. */
export const auditStretch = z.object({
  /** Entries of this stretch that are good. */
  entries: z.int().min(0),
  ok: z.boolean(),
  /** The first entry that is not good; what follows was not looked at. */
  broken: z.object({ number: entryNumber, fault: z.enum(auditFaults), message: z.string() }).optional(),
  /** Begun in this stretch and not ended in it. */
  open: z.array(openIntent),
  /** Numbers of what was begun before this stretch and ended in it. */
  closed: z.array(entryNumber),
  /** The last entry that is good; absent where there is none. Worth noting outside of the store. */
  head: z.object({ number: entryNumber, hash: sha256 }).optional(),
  ...pageReply,
});

/** The two requests by which a service shows its audit trail; they go into the list of its requests. */
export function auditRequests(service: ServiceName) {
  const request = requestsOf(service);
  return {
    auditList: request('audit.list', {
      summary: 'Entries of the audit trail, newest last; a page at a time.',
      request: z.strictObject({
        /** Only entries about this station of ours. */
        station: odetteId.optional(),
        /** Only entries about this partner. */
        partner: odetteId.optional(),
        /** `after` is the number of an entry: the page begins behind it. `head` of the last page goes on with what is new. */
        ...pageRequest(100, 500),
      }),
      reply: z.object({
        entries: z.array(auditEntry),
        /** Number of the newest entry there is, of whatever partner; 0 where there is none. */
        head: z.int().min(0),
        ...pageReply,
      }),
    }),
    auditVerify: request('audit.verify', {
      summary: 'Recompute the chain of the audit trail; a stretch at a time.',
      request: z.strictObject({
        /**
         * `after` is `<number>.<hash>` of an entry: the stretch begins behind it, and that entry has to be there with this hash. One that
         * was noted at an earlier time shows whether the trail still is the same.
         */
        ...pageRequest(5_000, 20_000),
      }),
      reply: auditStretch,
    }),
  };
}
/** The two requests by which a service shows its audit trail. */
export type AuditRequests = ReturnType<typeof auditRequests>;
