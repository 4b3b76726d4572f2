import { z } from 'zod';
import { trustListLevel, trustListName } from './validation.js';
import {
  actor,
  certificateDer,
  certificateSummary,
  distinguishedName,
  fingerprint,
  timestamp,
  webAddress,
} from './vocabulary.js';

/** `verification-only`: completes paths and verifies revocation lists, but no path ends at it. */
export const issuerPurposes = ['oftp2', 'verification-only'] as const;
/** What an installed issuer is for. */
export const issuerPurpose = z.enum(issuerPurposes);
/** What an installed issuer is for. */
export type IssuerPurpose = z.infer<typeof issuerPurpose>;

/**
 * What may be supposed of an authority: `unknown`: neither installed nor listed; `not-installed`: trust lists alone count;
 * `verification-only`: installed for that alone.
 */
export const issuerSuppositions = ['unknown', 'not-installed', 'verification-only'] as const;
/** What may be supposed of an authority. */
export const issuerSupposition = z.enum(issuerSuppositions);
/** What may be supposed of an authority. */
export type IssuerSupposition = z.infer<typeof issuerSupposition>;

/** An authority that is known: installed by hand, in accord on a trust list, or both. */
export const issuer = certificateSummary.extend({
  certificate: certificateDer,
  /** Whether the authority is its own issuer (a root) or an authority below one. */
  selfSigned: z.boolean(),
  /** As installed by hand; absent where only a trust list names it. */
  installed: z.object({ purpose: issuerPurpose, at: timestamp, by: actor.optional() }).optional(),
  /** The trust lists that name it as an authority in accord. */
  lists: z.array(z.object({ name: trustListName, level: trustListLevel })),
});
/** An authority that is known. */
export type Issuer = z.infer<typeof issuer>;

/** Reasons of a try for which nothing came that could be looked at; every other reason is about what came. */
export const unreachableReasons = [
  /** Not an address that is gone to, or a redirect to one. */
  'url',
  /** The host is not public, and not allowed by configuration. */
  'address',
  /** The host name is not found. */
  'name',
  'connect',
  'tls',
  /** It took too long. */
  'time',
  /** The connection ended before the answer was whole. */
  'closed',
  /** What answered does not speak HTTP as it should. */
  'protocol',
  'headers',
  /** An answer, but not the thing asked for (404, 500, ...). */
  'status',
  'redirect',
] as const;
/** Why nothing came from an address. */
export type UnreachableReason = (typeof unreachableReasons)[number];

/** How a try to get a list went. */
export const fetchOutcome = z.object({
  at: timestamp,
  ok: z.boolean(),
  /** Machine-readable: one of `unreachableReasons`, or what is wrong with what came: `html`, `trust-list-signer-unknown`, ... */
  reason: z.string().max(64).optional(),
  /** One sentence. */
  message: z.string(),
  /** What an operator can do about it; absent where that is not known. */
  remedy: z.string().optional(),
});

/** A certificate that signs a trust list. */
export const trustListSigner = z.object({
  signer: certificateSummary,
  /** `given`: by an operator; `first-import`: taken from the first list; `staged`: waits for a second person. */
  pinned: z.enum(['given', 'first-import', 'staged']),
  at: timestamp,
  by: actor.optional(),
  /** Who confirmed it after it was staged. */
  confirmedBy: actor.optional(),
});

/** A trust list as operators see it. */
export const trustList = z.object({
  name: trustListName,
  level: trustListLevel,
  /** Where it is read; absent: by hand only. */
  url: webAddress.optional(),
  /** `never-read`: none was good yet; `out-of-date`: its next update has passed and no newer one came: its authorities stay. */
  state: z.enum(['never-read', 'current', 'out-of-date']),
  signers: z.array(trustListSigner),
  schemeName: z.string().optional(),
  operatorName: z.string().optional(),
  sequenceNumber: z.int().optional(),
  issuedAt: timestamp.optional(),
  nextUpdate: timestamp.optional(),
  /** When the list in use was taken. */
  takenAt: timestamp.optional(),
  /** Authorities in accord. */
  authorities: z.int(),
  /** Entries that were passed over because they are broken, with their place. */
  broken: z.array(z.object({ place: z.string(), reason: z.string(), message: z.string() })),
  lastTry: fetchOutcome.optional(),
  /** When it is read next. */
  nextTry: timestamp.optional(),
});
/** A trust list as operators see it. */
export type TrustListView = z.infer<typeof trustList>;

/** `ocsp`: not a list, but the answer of a responder about one certificate (RFC 6960). */
export const revocationListKinds = ['full', 'delta', 'ocsp'] as const;

/** A revocation list, or a place where one should be; OCSP answers are kept beside them. */
export const revocationList = z.object({
  /** Names it here: SHA-256 over its address, over its issuer where it was imported, over certificate and address of an answer. */
  id: fingerprint,
  /** Where none was read yet, whoever issued the certificates that name the place. */
  issuer: distinguishedName.optional(),
  /** Where it is read; absent: by hand only. */
  url: webAddress.optional(),
  kind: z.enum(revocationListKinds).optional(),
  /** CRL number, hex. */
  number: z.string().optional(),
  thisUpdate: timestamp.optional(),
  nextUpdate: timestamp.optional(),
  /** Serial numbers on it. */
  entries: z.int().optional(),
  octets: z.int().optional(),
  /** `missing`: never read; `old`: to be read again; `too-old`: no longer counts. */
  state: z.enum(['missing', 'current', 'old', 'too-old']),
  /** How the list in use came. */
  origin: z.enum(['fetched', 'imported']).optional(),
  takenAt: timestamp.optional(),
  lastTry: fetchOutcome.optional(),
  nextTry: timestamp.optional(),
  /** Tries that failed in a row. */
  failures: z.int(),
});
/** A revocation list, or a place where one should be. */
export type RevocationListView = z.infer<typeof revocationList>;
