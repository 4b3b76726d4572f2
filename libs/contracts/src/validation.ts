import { z } from 'zod';
import { distinguishedName, fingerprint, timestamp } from './vocabulary.js';

/** One check of a validation with its result, in the order it was made. */
export const validationCheck = z.object({ check: z.string(), ok: z.boolean(), message: z.string() });

/** Why a certificate is not trusted, for machines; the first that applies. */
export const validationFailures = [
  /** No path to an authority we trust: neither installed by hand nor in accord on a trust list. */
  'issuer-unknown',
  /** The path ends at an authority of a trust list that did not issue the certificate itself, though its level asks for it. */
  'not-by-listed-authority',
  'revoked',
  /** Anything else in the path: dates, signatures, constraints, policies. */
  'path',
  'weak',
  'usage',
  /** The mode is `fail` and nobody can say whether it is revoked; nothing else stands against it. */
  'revocation-undetermined',
] as const;
/** Why a certificate is not trusted, for machines. */
export type ValidationFailure = (typeof validationFailures)[number];

/** Levels of a trust list: `oftp2` trusts what a listed authority issued itself, `basic` also what authorities below it issued. */
export const trustListLevels = ['basic', 'oftp2'] as const;
/** A level of a trust list. */
export const trustListLevel = z.enum(trustListLevels);
/** A level of a trust list. */
export type TrustListLevel = z.infer<typeof trustListLevel>;

/** The name of a trust list here. */
export const trustListName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a trust list is named with 1 to 32 lower-case letters, digits and hyphens');

/** The state of ca-store a verdict stands on: other versions may give another verdict. */
export const trustVersions = z.object({
  /** Grows with every change of issuers, trust lists and revocation lists. */
  version: z.int(),
  /** The trust list at which the path ends, if it ends at one. */
  trustLists: z.array(z.object({ name: trustListName, sequenceNumber: z.int() })),
  /** The revocation lists and OCSP answers that were used. */
  revocationLists: z.array(
    z.object({
      kind: z.enum(['list', 'ocsp']),
      issuer: distinguishedName,
      /** CRL number, hex. */
      number: z.string().optional(),
      thisUpdate: timestamp,
    }),
  ),
});

/** What is known of the revocation of a path. */
export const revocationVerdict = z.object({
  status: z.enum(['good', 'revoked', 'undetermined', 'not-checked']),
  /** One sentence. */
  message: z.string(),
  /** Since when it is revoked. */
  at: timestamp.optional(),
  /** CRLReason, e.g. `keyCompromise`. */
  reason: z.string().optional(),
});

/** The verdict over a certificate: never "trusted" on something that was not looked at. */
export const validationVerdict = z.object({
  trusted: z.boolean(),
  /** Where it is not trusted. */
  reason: z.enum(validationFailures).optional(),
  /** One sentence: why, or why not. */
  message: z.string(),
  /** Fingerprints from the certificate to the authority it ends at; empty when no path was found. */
  path: z.array(fingerprint),
  /** Names of the authorities of the path, the one that issued the certificate first. */
  authorities: z.array(distinguishedName).optional(),
  /** The authority at the end of the path, and why it is trusted. */
  anchor: z
    .object({
      fingerprint,
      by: z.enum(['operator', 'trust-list']),
      list: trustListName.optional(),
      level: trustListLevel.optional(),
    })
    .optional(),
  checks: z.array(validationCheck),
  revocation: revocationVerdict,
  /** Paths that were tried and failed, with the reason of each. */
  otherPaths: z.array(z.object({ path: z.array(fingerprint), message: z.string(), failures: z.int() })),
  /** What this version does not look at, so that nobody takes silence for "good". */
  notChecked: z.array(z.string()),
  standsOn: trustVersions,
});
/** The verdict over a certificate. */
export type ValidationVerdict = z.infer<typeof validationVerdict>;
