import {
  acceptancePolicy,
  actor,
  bypassLimits,
  certificateStanding,
  certificateSummary,
  exchangeKind,
  fingerprint,
  host,
  odetteId,
  port,
  revocationMode,
  sealed,
  selfSignedRule,
  timestamp,
  usage,
  usualTrust,
} from '@certlane/contracts';
import { z } from 'zod';
import type { CollectionDefinition } from '@certlane/runtime';
import type { PartnerRecord } from '../domain/records.js';

const entry = z.object({
  id: z.string(),
  subject: z.string(),
  issuer: z.object({ fingerprint, subject: z.string() }),
  keyUsage: z.string().exactOptional(),
  extendedKeyUsage: z.array(z.string()).exactOptional(),
  usages: z.array(usage),
  enteredBy: actor.exactOptional(),
  createdAt: timestamp,
});

const filedCertificate = certificateSummary.extend({
  certificate: z.string(),
  usages: z.array(usage),
  origin: z.discriminatedUnion('by', [
    z.object({ by: z.literal('operator') }),
    z.object({ by: z.literal('exchange'), exchange: z.string(), kind: exchangeKind }),
  ]),
  addedAt: timestamp,
  replaced: z.object({ by: fingerprint, exchange: z.string(), at: timestamp }).exactOptional(),
  standing: certificateStanding.exactOptional(),
  under: z.array(z.string()).exactOptional(),
});

const record = z.object({
  station: odetteId,
  id: odetteId,
  via: odetteId.exactOptional(),
  subStations: z.array(z.object({ id: odetteId, claim: z.string(), claimedAt: timestamp })),
  password: sealed.exactOptional(),
  ourPassword: sealed.exactOptional(),
  connection: z.object({ host, port, transport: z.enum(['tls', 'tcp']) }).nullable(),
  secureAuthentication: z.boolean(),
  acx: z.boolean(),
  tlsClientAuthentication: z.boolean(),
  challenge: z.object({
    cipher: z.enum(['aes-256', '3des']),
    keyTransport: z.enum(['rsaes-pkcs1-v1_5', 'rsaes-oaep']),
  }),
  acceptance: acceptancePolicy,
  selfSigned: selfSignedRule,
  revocation: revocationMode,
  twoPerson: z.boolean(),
  weakKeys: z.boolean(),
  bypassLimits,
  entries: z.array(entry),
  certificates: z.array(filedCertificate),
  lines: z.partialRecord(usage, z.array(fingerprint)),
  own: z.partialRecord(usage, z.object({ acknowledged: fingerprint, previous: z.array(fingerprint) })),
  applied: z.array(z.string()),
  declined: z.array(z.string()),
  bypassReopenedAt: timestamp.exactOptional(),
  createdAt: timestamp,
});

/** Version 1 knew neither what decides trust nor sub-stations; its first documents had no refused exchanges. */
function fromFirstVersion(data: unknown): unknown {
  return { declined: [], ...usualTrust, subStations: [], ...(data as object) };
}

/** Documents `partner.<partner>.<station>`: the partner first, because sessions ask who it is at whichever station. */
export const partnerDocuments = {
  name: 'partner',
  version: 2,
  schema: record as z.ZodType<PartnerRecord>,
  upgrade: fromFirstVersion,
} satisfies CollectionDefinition<z.ZodType<PartnerRecord>>;
