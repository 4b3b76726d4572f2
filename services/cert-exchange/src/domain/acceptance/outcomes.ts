import type { Partner } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { ExchangeRecord } from '../ledger/record.js';
import type { PersonsWord } from '../ledger/held-record.js';
import type { AcceptanceDecision } from './decide.js';

type Made = Pick<AcceptanceDecision, 'checks' | 'match'>;

/** The registry has the last word: it may know a reason that no check looks at, such as a file that is full. */
export function notFiled({ checks, match }: Made, message: string): AcceptanceDecision {
  return {
    outcome: 'refused',
    reason: 'not-filed',
    message,
    match,
    checks: [...checks, { check: 'filed', ok: false, message }],
  };
}

/** Another replica decided on facts that have changed since, and took it over: what is on file counts. */
export function takenOverMeanwhile(
  { certificates }: Pick<Partner, 'certificates'>,
  certificate: Certificate,
  { checks, match }: Made,
): AcceptanceDecision {
  const usages = certificates.find(({ fingerprint }) => fingerprint === certificate.fingerprint)?.usages ?? [];
  const message = 'taken over: it was decided so before what stands against it came up';
  return {
    outcome: 'accepted',
    certificate,
    usages,
    predecessors: [],
    message,
    match,
    checks: [...checks, { check: 'filed', ok: true, message }],
  };
}

/** A person does not want it. The partner reads the reason, not who gave it. */
export function rejectedBy(
  { checks }: Pick<ExchangeRecord, 'checks'>,
  { note }: PersonsWord,
): AcceptanceDecision & { outcome: 'refused' } {
  const message = note ?? 'a person decided so';
  return {
    outcome: 'refused',
    reason: 'rejected',
    message,
    match: undefined,
    checks: [...checks, { check: 'person', ok: false, message }],
  };
}
