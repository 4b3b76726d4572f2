import { certificateSummary, fingerprint, host, odetteId, sealed, timestamp, usage } from '@certlane/contracts';
import type { CollectionDefinition } from '@certlane/runtime';
import { z } from 'zod';
import type { StationRecord } from '../domain/records.js';
import type { OwnCertificateRecord, SealedKeyRecord } from '../ports/own-certificates.js';

const station = z.object({
  id: odetteId,
  password: sealed,
  host: host.exactOptional(),
  active: z.partialRecord(usage, fingerprint),
  formerly: z.partialRecord(usage, z.array(fingerprint)),
  certificates: z.array(z.object({ fingerprint, keyId: fingerprint, notBefore: timestamp, notAfter: timestamp })),
  createdAt: timestamp,
});

const ownCertificate = z.object({
  summary: certificateSummary,
  certificate: z.string(),
  chain: z.array(z.string()),
  keyId: fingerprint,
  createdAt: timestamp,
});

const sealedKey = z.object({ keyId: fingerprint, sealedKey: sealed, createdAt: timestamp });

/** Documents `station.<station>`. */
export const stationDocuments = {
  name: 'station',
  schema: station as z.ZodType<StationRecord>,
} satisfies CollectionDefinition<z.ZodType<StationRecord>>;

/** Documents `own.<station>.<fingerprint>`. */
export const ownCertificateDocuments = {
  name: 'own',
  schema: ownCertificate as z.ZodType<OwnCertificateRecord>,
} satisfies CollectionDefinition<z.ZodType<OwnCertificateRecord>>;

/** Documents `key.<station>.<keyId>`. */
export const sealedKeyDocuments = {
  name: 'key',
  schema: sealedKey as z.ZodType<SealedKeyRecord>,
} satisfies CollectionDefinition<z.ZodType<SealedKeyRecord>>;
