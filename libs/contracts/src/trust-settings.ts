import { z } from 'zod';
import { timestamp } from './vocabulary.js';

/**
 * What is taken over without a person: `known`: renewals of what is on file and what an identification entry expects;
 * `trusted`: also a first certificate without an entry whose path ends at an authority of a trust list; `manual`: nothing;
 * `off`: nothing is taken at all.
 */
export const acceptancePolicies = ['known', 'manual', 'trusted', 'off'] as const;
/** What is taken over without a person. */
export const acceptancePolicy = z.enum(acceptancePolicies);
/** What is taken over without a person. */
export type AcceptancePolicy = z.infer<typeof acceptancePolicy>;

/** Whether a self-signed certificate may renew a self-signed one that is on file. */
export const selfSignedRules = ['never', 'renewal'] as const;
/** Whether a self-signed certificate may renew a self-signed one that is on file. */
export const selfSignedRule = z.enum(selfSignedRules);
/** Whether a self-signed certificate may renew a self-signed one that is on file. */
export type SelfSignedRule = z.infer<typeof selfSignedRule>;

/** `off`: not asked; `warn`: what is revoked is refused, what cannot be determined is told; `fail`: both stand against it. */
export const revocationModes = ['off', 'warn', 'fail'] as const;
/** How revocation counts. */
export const revocationMode = z.enum(revocationModes);
/** How revocation counts. */
export type RevocationMode = z.infer<typeof revocationMode>;

const addressRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'an address is an IP address or a range such as 192.0.2.0/24',
});

/** How far the bypass reaches; `null`: without this limit. */
export const bypassLimits = z.object({
  /** Days from when the partner was set up, or the bypass was reopened. */
  days: z
    .int()
    .min(1, 'the bypass lasts 1 to 3650 days, or null for no end')
    .max(3650, 'the bypass lasts 1 to 3650 days, or null for no end')
    .nullable(),
  /** Sessions that may run in it. */
  attempts: z
    .int()
    .min(1, 'the bypass takes 1 to 10000 attempts, or null for any number')
    .max(10_000, 'the bypass takes 1 to 10000 attempts, or null for any number')
    .nullable(),
  /** Where its sessions may come from, or go to; empty: anywhere. */
  addresses: z.array(addressRange).max(32, '32 addresses at most limit the bypass'),
});
/** The same in a request. */
export const strictBypassLimits = z.strictObject(bypassLimits.shape);
/** How far the bypass reaches. */
export type BypassLimits = z.infer<typeof bypassLimits>;

/** The limits of a partner that says nothing about them. */
export const usualBypassLimits: BypassLimits = { days: 30, attempts: null, addresses: [] };

/** The bypass of a partner as it stands. */
export const bypassState = z.object({
  /** Automatic exchange and secure authentication are on, the partner is identified, and no certificate closes it. */
  open: z.boolean(),
  /** Time and attempts count from here: the partner was set up, or the bypass was reopened. */
  since: timestamp,
  /** It ends here. */
  until: timestamp.optional(),
});

/** The settings of a partner that decide what is trusted. */
export const trustSettings = {
  acceptance: acceptancePolicy,
  selfSigned: selfSignedRule,
  revocation: revocationMode,
  /** Whoever approves must be another person than the one who entered the identification data. */
  twoPerson: z.boolean(),
  /** Keys and signatures that count as weak are taken all the same. */
  weakKeys: z.boolean(),
  bypassLimits,
};

/** What holds where nothing is said. */
export const usualTrust = {
  acceptance: 'known',
  selfSigned: 'never',
  revocation: 'warn',
  twoPerson: false,
  weakKeys: false,
  bypassLimits: usualBypassLimits,
} as const satisfies { [Name in keyof typeof trustSettings]: z.infer<(typeof trustSettings)[Name]> };
