import { z } from 'zod';
import { auditRequests } from './audit.js';
import { eventsOf, requestsOf } from './contract.js';
import { pageReply, pageRequest } from './page.js';
import {
  issuer,
  issuerPurpose,
  issuerSupposition,
  revocationList,
  revocationListKinds,
  trustList,
} from './trust-records.js';
import { revocationMode } from './trust-settings.js';
import { trustListLevel, trustListName, validationVerdict } from './validation.js';
import {
  actor,
  certificateDer,
  certificateSummary,
  distinguishedName,
  empty,
  fingerprint,
  timestamp,
  usage,
  webAddress,
} from './vocabulary.js';

const request = requestsOf('ca-store');
const event = eventsOf('ca-store');

/** Whether the reading goes on in the background: nothing is known of it yet. */
const queued = z.boolean().default(false);

/** What ca-store answers. */
export const ca = {
  ...auditRequests('ca-store'),
  issuerAdd: request('issuer.add', {
    summary:
      'Install issuers by hand, or for another purpose; one that is installed already for the same one is left as it is.',
    request: z.strictObject({
      certificates: z.array(certificateDer).min(1).max(64),
      purpose: issuerPurpose.default('oftp2'),
    }),
    reply: z.object({
      issuers: z.array(
        issuer.extend({
          /** It was not installed before, or not for this purpose. */
          added: z.boolean(),
          /** What it was installed for before; absent where it was not installed. */
          formerPurpose: issuerPurpose.optional(),
        }),
      ),
    }),
  }),
  issuerList: request('issuer.list', {
    summary: 'Authorities that are known, installed or listed, by fingerprint; a page at a time.',
    request: z.strictObject({
      /** Only those on which the certificate of a partner can be trusted. */
      usableByPartners: z.boolean().default(false),
      ...pageRequest(200, 500),
    }),
    reply: z.object({ issuers: z.array(issuer), ...pageReply }),
  }),
  issuerGet: request('issuer.get', {
    summary: 'One authority, installed or listed.',
    request: z.strictObject({ fingerprint }),
    reply: z.object({
      issuer,
      /** Names of the known authorities that stand below it; absent where they are too many to name. */
      below: z.array(distinguishedName).max(1_000).optional(),
    }),
  }),
  issuerRemove: request('issuer.remove', {
    summary:
      'Take an installed issuer out: no path ends at it from now on, unless a trust list names it. Another authority may still carry what is below it.',
    request: z.strictObject({ fingerprint }),
    reply: empty,
  }),
  certificateValidate: request('certificate.validate', {
    summary: 'Validate a certificate up to an authority we trust.',
    request: z.strictObject({
      certificate: certificateDer,
      /** Certificates that came along; candidates for the path, never trusted by themselves. */
      chain: z.array(certificateDer).max(16).default([]),
      /** The time to judge at; now when left out. */
      at: timestamp.optional(),
      usage: usage.optional(),
      revocation: revocationMode.default('warn'),
      /** Keys and signatures that count as weak do not stand against it. */
      weakKeys: z.boolean().default(false),
      /** Judges as if this were so of these authorities, to know beforehand what a change would do; nothing follows from it. */
      supposing: z.strictObject({ issuers: z.array(fingerprint).min(1).max(256), are: issuerSupposition }).optional(),
    }),
    reply: z.object({ verdict: validationVerdict }),
  }),
  contentPut: request('content.put', {
    summary: 'Hand over a part of a list that is too large for one request; the list is then named by its SHA-256.',
    request: z.strictObject({
      /** SHA-256 of the whole. */
      content: fingerprint,
      /** Parts in all; 64 MiB at most in parts of 512 KiB. */
      parts: z.int().min(1).max(128),
      /** Which one, from 0. */
      part: z.int().min(0).max(127),
      /** Base64; 524,288 octets in each part but the last. */
      octets: z.base64().max(699_052),
    }),
    reply: z.object({ complete: z.boolean() }),
  }),
  trustListAdd: request('trust-list.add', {
    summary: 'Follow a trust list: at an address, or by hand. Its signer is pinned: as given, or by the first list.',
    request: z.strictObject({
      name: trustListName,
      level: trustListLevel.default('oftp2'),
      url: webAddress.optional(),
      /** The list itself, handed over with `content.put`. */
      content: fingerprint.optional(),
      signers: z.array(certificateDer).max(4).default([]),
    }),
    reply: z.object({ trustList, queued }),
  }),
  trustListSet: request('trust-list.set', {
    summary: 'Read a trust list at another address from now on: its signers and the edition in use stay.',
    request: z.strictObject({ name: trustListName, url: webAddress }),
    reply: z.object({ trustList, queued }),
  }),
  trustListImport: request('trust-list.import', {
    summary: 'Take a newer edition of a trust list by hand, handed over with `content.put`.',
    request: z.strictObject({ name: trustListName, content: fingerprint }),
    reply: z.object({ trustList }),
  }),
  trustListList: request('trust-list.list', {
    summary: 'The trust lists that are followed, by name.',
    request: z.strictObject({}),
    reply: z.object({ trustLists: z.array(trustList) }),
  }),
  trustListGet: request('trust-list.get', {
    summary: 'A trust list with its authorities in accord, by fingerprint; a page at a time.',
    request: z.strictObject({ name: trustListName, ...pageRequest(200, 500) }),
    reply: z.object({
      trustList,
      authorities: z.array(certificateSummary.extend({ service: z.string() })),
      ...pageReply,
    }),
  }),
  trustListRefresh: request('trust-list.refresh', {
    summary: 'Read a trust list at its address now. What takes longer goes on in the background.',
    request: z.strictObject({ name: trustListName }),
    reply: z.object({ trustList, queued }),
  }),
  trustListRemove: request('trust-list.remove', {
    summary: 'Stop following a trust list: nothing is trusted on it from now on.',
    request: z.strictObject({ name: trustListName }),
    reply: empty,
  }),
  signerStage: request('trust-list-signer.stage', {
    summary: 'Propose another signer of a trust list; a second person confirms it.',
    request: z.strictObject({ name: trustListName, certificate: certificateDer }),
    reply: z.object({ trustList }),
  }),
  signerConfirm: request('trust-list-signer.confirm', {
    summary: 'Confirm the signer that somebody else has staged.',
    request: z.strictObject({ name: trustListName, fingerprint: fingerprint.optional() }),
    reply: z.object({ trustList }),
  }),
  revocationListList: request('revocation-list.list', {
    summary: 'Revocation lists and the places where they are read, by id; a page at a time.',
    request: z.strictObject(pageRequest(200, 500)),
    reply: z.object({ revocationLists: z.array(revocationList), ...pageReply }),
  }),
  revocationListRefresh: request('revocation-list.refresh', {
    summary: 'Read revocation lists now: all, or those of one issuer. What takes longer goes on in the background.',
    request: z.strictObject({
      /** Fingerprint of an authority, or its name. */
      issuer: z.union([fingerprint, distinguishedName]).optional(),
    }),
    reply: z.object({
      /** Those that were read, or could not be read. */
      revocationLists: z.array(revocationList).max(100),
      /** How many others go on in the background. */
      queued: z.int(),
    }),
  }),
  revocationListImport: request('revocation-list.import', {
    summary: 'Take a revocation list by hand, handed over with `content.put`.',
    request: z.strictObject({ content: fingerprint }),
    reply: z.object({ revocationList }),
  }),
  revocationListRemove: request('revocation-list.remove', {
    summary: 'Take out a revocation list that was imported: it no longer counts.',
    request: z.strictObject({ id: fingerprint }),
    reply: z.object({ revocationList }),
  }),
};

/** Names are told up to here, the rest as a number. */
const named = z.array(certificateSummary).max(200);

/** What ca-store tells. */
export const caEvents = {
  issuerAdded: event('issuer.added', {
    summary: 'An issuer was installed, or its purpose was changed.',
    data: z.object({
      issuer: certificateSummary,
      purpose: issuerPurpose,
      /** What it was installed for before; absent where it was not installed. */
      formerPurpose: issuerPurpose.optional(),
      by: actor.optional(),
    }),
  }),
  issuerRemoved: event('issuer.removed', {
    summary: 'An issuer was taken out.',
    data: z.object({ issuer: certificateSummary, by: actor.optional() }),
  }),
  trustListTaken: event('trust-list.taken', {
    summary: 'A trust list, or a newer edition of it, is in use: with the difference.',
    data: z.object({
      name: trustListName,
      level: trustListLevel,
      sequenceNumber: z.int(),
      nextUpdate: timestamp,
      /** Authorities that are in accord from now on, and that no longer are. */
      added: named,
      removed: named,
      /** How many there are in all, beyond those named. */
      addedCount: z.int(),
      removedCount: z.int(),
    }),
  }),
  trustListRefused: event('trust-list.refused', {
    summary: 'An edition of a trust list was not taken; the last good one stays in use.',
    data: z.object({
      name: trustListName,
      reason: z.string(),
      message: z.string(),
      /** What an operator can do about it. */
      remedy: z.string().optional(),
    }),
  }),
  trustListRemoved: event('trust-list.removed', {
    summary: 'A trust list is no longer followed.',
    data: z.object({ name: trustListName, removed: named, removedCount: z.int(), by: actor.optional() }),
  }),
  signerStaged: event('trust-list-signer.staged', {
    summary: 'Another signer of a trust list was proposed; a second person has to confirm it.',
    data: z.object({ name: trustListName, signer: certificateSummary, by: actor.optional() }),
  }),
  signerConfirmed: event('trust-list-signer.confirmed', {
    summary: 'Another signer of a trust list is pinned from now on.',
    data: z.object({ name: trustListName, signer: certificateSummary, by: actor.optional() }),
  }),
  revocationListTaken: event('revocation-list.taken', {
    summary: 'A revocation list or an OCSP answer, or a newer one, is in use.',
    data: z.object({
      id: fingerprint,
      kind: z.enum(revocationListKinds).optional(),
      issuer: distinguishedName,
      number: z.string().optional(),
      thisUpdate: timestamp,
      nextUpdate: timestamp.optional(),
      entries: z.int(),
    }),
  }),
  revocationListFailed: event('revocation-list.failed', {
    summary: 'A revocation list cannot be read, or is too old to count: told once, until it is good again.',
    data: z.object({ id: fingerprint, url: webAddress.optional(), reason: z.string(), message: z.string() }),
  }),
  revocationListRemoved: event('revocation-list.removed', {
    summary: 'A revocation list that was imported was taken out: it no longer counts.',
    data: z.object({
      id: fingerprint,
      issuer: distinguishedName,
      number: z.string().optional(),
      /** Serial numbers that stood on it. */
      entries: z.int(),
      by: actor.optional(),
    }),
  }),
};
