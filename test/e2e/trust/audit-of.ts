import type { AuditEntry, ServiceName } from '@certlane/contracts';
import type { Company } from './company.js';

/** What `audit verify --json` says of a service. */
export interface AuditVerdict {
  readonly service: ServiceName;
  readonly entries: number;
  readonly ok: boolean;
  readonly broken?: { readonly number: number; readonly fault: string; readonly message: string };
  readonly open: readonly { readonly act: string }[];
}

/** Recomputes the chains of a company; the exit status and what is said of each service. */
export async function verifyAudit(
  company: Company,
): Promise<{ readonly status: number | null; readonly services: readonly AuditVerdict[] }> {
  const { status, out } = await company.run('anna', '--json', 'audit', 'verify');
  return { status, ...(JSON.parse(out) as { services: readonly AuditVerdict[] }) };
}

/** The entries of a company's audit about a partner, of all services, oldest first. */
export async function auditOf(company: Company, partner: string): Promise<AuditEntry[]> {
  const { out } = await company.run('anna', '--json', 'audit', '--partner', partner);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry);
}
