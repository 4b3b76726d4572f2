import type { DecisionRecord, ValidationVerdict } from '@certlane/contracts';
import type { AcceptanceDecision } from './decide.js';
import type { AcceptanceFacts } from './facts.js';

/** Most octets of a decision as JSON: it lies with the exchange, in the archive, and in the event. */
export const MOST_RECORD_OCTETS = 24 * 1024;

/** Who decides where no person does. */
export const OURSELVES = 'service:cert-exchange';

/** When, by whom, and on which state of the partner a decision was made. */
export interface DecisionCircumstances {
  readonly revision: string;
  readonly at: Date;
  /** {@link OURSELVES}, or a person. */
  readonly by: string;
  readonly note?: string | undefined;
}

/** The decision with all that it stood on, so that a person can follow it later; cut to {@link MOST_RECORD_OCTETS}. */
export function decisionRecordOf(
  facts: AcceptanceFacts,
  decision: AcceptanceDecision,
  { revision, at, by, note }: DecisionCircumstances,
): DecisionRecord {
  const { rules, originator, kind, description, inBypass } = facts;
  return bounded({
    at: at.toISOString(),
    by,
    outcome: decision.outcome,
    ...reasonOf(decision),
    message: decision.message,
    checks: [...decision.checks],
    ...(note === undefined ? {} : { note }),
    inputs: {
      acx: facts.acx,
      acceptance: rules.acceptance,
      selfSigned: rules.selfSigned,
      revocation: rules.revocation,
      twoPerson: rules.twoPerson,
      weakKeys: rules.weakKeys,
      originator,
      kind,
      description,
      inBypass,
      revision,
      entries: facts.entries.length,
      onFile: facts.onFile.map(({ certificate, state }) => ({ fingerprint: certificate.fingerprint, state })),
    },
    ...matchOf(decision),
    ...(facts.verdict === undefined ? {} : { validation: facts.verdict }),
  });
}

/** Machine-readable, where it is not accepted. */
export function reasonOf(decision: AcceptanceDecision): { reason?: string } {
  if (decision.outcome === 'accepted') return {};
  return { reason: decision.outcome === 'refused' ? decision.reason : decision.kinds[0] };
}

function matchOf({ match }: AcceptanceDecision): Pick<DecisionRecord, 'match'> {
  if (match === undefined) return {};
  return {
    match: {
      by: match.by,
      entries: match.entries.map(({ id }) => id),
      usages: [...match.usages],
      predecessors: match.predecessors.map(({ certificate }) => certificate.fingerprint),
      message: match.message,
    },
  };
}

/** What goes first where a record is too long, and what it says of it: the other paths, the checks of the path, then the ends of long texts. */
const cuts: readonly ((record: DecisionRecord) => DecisionRecord)[] = [
  (record) =>
    withValidation(record, (validation) =>
      saying({ ...validation, otherPaths: [] }, `${validation.otherPaths.length} other paths are left out`),
    ),
  (record) =>
    withValidation(record, (validation) =>
      saying({ ...validation, checks: [] }, `${validation.checks.length} checks of the path are left out`),
    ),
  (record) => shortened(record) as DecisionRecord,
];

/**
 * Drops what explains least until the record fits.
 * @param most octets as JSON
 */
export function bounded(record: DecisionRecord, most = MOST_RECORD_OCTETS): DecisionRecord {
  let fitting = record;
  for (const cut of cuts) {
    if (Buffer.byteLength(JSON.stringify(fitting)) <= most) break;
    fitting = cut(fitting);
  }
  return fitting;
}

function withValidation(
  record: DecisionRecord,
  change: (validation: ValidationVerdict) => ValidationVerdict,
): DecisionRecord {
  return record.validation === undefined ? record : { ...record, validation: change(record.validation) };
}

function saying(validation: ValidationVerdict, what: string): ValidationVerdict {
  return { ...validation, message: `${validation.message} (${what}: the record would have been too long)` };
}

/** A text of more characters says what it has to say at its beginning. */
const LONG_TEXT = 160;

function shortened(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length <= LONG_TEXT
      ? value
      : `${value
          .slice(0, LONG_TEXT)
          .toWellFormed()
          .replace(/\uFFFD$/, '')}…`;
  }
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]));
}
