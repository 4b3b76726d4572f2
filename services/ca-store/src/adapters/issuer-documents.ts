import { certificateSummary, fingerprint, timestamp } from '@certlane/contracts';
import type { CollectionDefinition } from '@certlane/runtime';
import { z } from 'zod';
import type { IssuerRecord } from '../domain/issuer-record.js';

/** Which issuers are installed, in the order in which they were. */
export interface IssuerList {
  readonly installed: readonly { readonly fingerprint: string; readonly addedAt: string }[];
}

const record = z.object({ summary: certificateSummary, certificate: z.string(), selfSigned: z.boolean() });
const list = z.object({ installed: z.array(z.object({ fingerprint, addedAt: timestamp })) });

/** Documents `issuer.<fingerprint>`: what a certificate says; written once. */
export const issuerDocuments = {
  name: 'issuer',
  schema: record as z.ZodType<IssuerRecord>,
} satisfies CollectionDefinition<z.ZodType<IssuerRecord>>;

/** The document `issuer-list.installed`: the one place that says what is installed. */
export const issuerListDocuments = {
  name: 'issuer-list',
  schema: list as z.ZodType<IssuerList>,
} satisfies CollectionDefinition<z.ZodType<IssuerList>>;
