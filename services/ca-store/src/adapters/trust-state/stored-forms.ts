import {
  actor,
  fetchOutcome,
  fingerprint,
  issuerPurpose,
  timestamp,
  trustList,
  trustListLevel,
} from '@certlane/contracts';
import type { CollectionDefinition } from '@certlane/runtime';
import { z } from 'zod';

const pages = z.record(z.string().regex(/^\d{1,2}$/), fingerprint);

const reading = {
  lastTry: fetchOutcome.optional(),
  nextTry: timestamp.optional(),
  failures: z.int(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  told: z.string().optional(),
};

const followedList = z.object({
  ...reading,
  name: z.string(),
  level: trustListLevel,
  url: z.string().optional(),
  signers: z.array(
    z.object({
      certificate: fingerprint,
      pinned: z.enum(['given', 'first-import', 'staged']),
      at: timestamp,
      by: actor.optional(),
      confirmedBy: actor.optional(),
    }),
  ),
  /** Name of a {@link storedEdition}. */
  edition: fingerprint.optional(),
  updateTime: z.string().optional(),
});
/** A trust list as the manifest has it. */
export type StoredFollowedList = z.infer<typeof followedList>;

const manifest = z.object({
  /** Names this very write: two manifests of one name are the same. */
  write: z.string(),
  /** Grows with every write on which a verdict can depend. */
  version: z.int(),
  /** Names of the pages that are not empty, by their number. */
  issuers: pages,
  revocationLists: pages,
  answers: pages,
  trustLists: z.array(followedList),
  /** Revision of the former list of issuers that was taken over. */
  migrated: z.string().optional(),
});
/** What is in force: the one document that is ever changed. */
export type Manifest = z.infer<typeof manifest>;

/** The state before the first write. */
export const NO_MANIFEST: Manifest = {
  write: '',
  version: 0,
  issuers: {},
  revocationLists: {},
  answers: {},
  trustLists: [],
};

/** The document `trust.current`. */
export const manifestDocuments = {
  name: 'trust',
  schema: manifest,
} satisfies CollectionDefinition<typeof manifest>;

/** Entry of an issuer page; the certificate is a content of that name. */
export const storedIssuer = z.object({
  fingerprint,
  selfSigned: z.boolean(),
  purpose: issuerPurpose,
  at: timestamp,
  by: actor.optional(),
});
/** Entry of an issuer page. */
export type StoredIssuer = z.infer<typeof storedIssuer>;

/** Entry of a page of revocation lists; list and certificates are contents of these names. */
export const storedRevocationList = z.object({
  ...reading,
  id: fingerprint,
  url: z.string().optional(),
  list: fingerprint.optional(),
  origin: z.enum(['fetched', 'imported']).optional(),
  takenAt: timestamp.optional(),
  wantedAt: timestamp.optional(),
  issuers: z.array(fingerprint).optional(),
});
/** Entry of a page of revocation lists. */
export type StoredRevocationList = z.infer<typeof storedRevocationList>;

/** Entry of a page of OCSP answers; answer and certificates are contents of these names. */
export const storedAnswer = z.object({
  ...reading,
  id: fingerprint,
  certificate: fingerprint,
  issuer: fingerprint,
  url: z.string(),
  answer: z.object({ content: fingerprint, takenAt: timestamp }).optional(),
  wantedAt: timestamp.optional(),
});
/** Entry of a page of OCSP answers. */
export type StoredAnswer = z.infer<typeof storedAnswer>;

/** The content that says what was taken from a trust list; certificates are contents of their fingerprints. */
export const storedEdition = z.object({
  content: fingerprint,
  digest: fingerprint,
  schemeName: z.string().optional(),
  operatorName: z.string().optional(),
  sequenceNumber: z.int(),
  issuedAt: timestamp,
  nextUpdate: timestamp.optional(),
  takenAt: timestamp,
  authorities: z.array(
    z.object({
      provider: z.string(),
      service: z.string(),
      since: timestamp,
      certificate: fingerprint,
      above: z.array(fingerprint),
    }),
  ),
  broken: trustList.shape.broken,
});
/** What was taken from a trust list. */
export type StoredEdition = z.infer<typeof storedEdition>;
