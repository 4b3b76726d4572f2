import { auditEntry, type AuditEntry, type AuditFault } from '@certlane/contracts';
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** An entry before it has its place. */
export type AuditBody = Omit<AuditEntry, 'number' | 'previous' | 'hash'>;

/** Where a chain ends, or a stretch of it begins: an entry by number and hash. */
export interface Link {
  readonly number: number;
  readonly hash: string;
}

/** What the first entry is linked to. */
export const ORIGIN: Link = { number: 0, hash: '0'.repeat(64) };

/** An entry in its place behind another. */
export function linkEntry(body: AuditBody, before: Link): AuditEntry {
  const entry = { ...body, number: before.number + 1, previous: before.hash };
  return { ...entry, hash: hashOf(entry) } as AuditEntry;
}

/** What is wrong with an entry. */
export interface Fault {
  readonly fault: AuditFault;
  readonly message: string;
}

/** An entry that is good where it stands, or what is wrong with it. */
export type Checked = { readonly entry: AuditEntry } | { readonly entry?: undefined; readonly wrong: Fault };

/** Whether something stored is the entry behind another. */
export function checkEntry(stored: unknown, before: Link, service: string): Checked {
  const parsed = auditEntry.safeParse(stored);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return wrong('unreadable', `field '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'no entry'}`);
  }
  const { hash, ...entry } = parsed.data;
  if (entry.service !== service) return wrong('unreadable', `it is an entry of ${entry.service}`);
  if (hashOf(entry) !== hash) return wrong('altered', 'its content does not fit its hash');
  if (entry.number !== before.number + 1)
    return wrong('misnumbered', `it has number ${entry.number} where ${before.number + 1} has to be`);
  if (entry.previous !== before.hash)
    return wrong('unlinked', `it does not follow the entry ${before.number} that is there`);
  return { entry: parsed.data };
}

function wrong(fault: AuditFault, message: string): Checked {
  return { wrong: { fault, message } };
}

function hashOf(entry: object): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex');
}
