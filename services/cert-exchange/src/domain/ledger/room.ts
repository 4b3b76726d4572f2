import { CertlaneError, usages } from '@certlane/contracts';
import { also, unchanged, type LedgerChange } from './change.js';
import { givenUp } from './give-up.js';
import { MOST_OPEN, type Ledger } from './record.js';

/** A request is answered with each certificate that serves a usage. */
export const MOST_ANSWERS = usages.length;

/**
 * Room for so many more exchanges. Where it is short, the oldest files of ours that the partner never answered are given up: a
 * partner that answers nothing would else fill its ledger for good.
 * @throws {CertlaneError} `failed-precondition` when there is no room even so
 */
export function withRoom(ledger: Ledger, more: number, now: Date): LedgerChange {
  const missing = Math.max(ledger.open.length + more - MOST_OPEN, 0);
  const unanswered = ledger.open.filter(({ state }) => state === 'sent').slice(0, missing);
  if (unanswered.length < missing) {
    const held = ledger.open.filter(({ state }) => state === 'held').length;
    const remedy =
      held === 0
        ? 'let it fetch its answers first'
        : `${held} of them wait for a person: decide them first (certlane approval list)`;
    throw new CertlaneError(
      'failed-precondition',
      `${ledger.open.length} exchanges are open with partner '${ledger.partner}', ${MOST_OPEN} are allowed: ${remedy}`,
      { details: { partner: ledger.partner, open: ledger.open.length, held } },
    );
  }
  const message = 'the partner never answered, and its room was needed';
  let change = unchanged(ledger);
  for (const record of unanswered) {
    change = also(change, givenUp(change.ledger, record, 'no-answer', message, now));
  }
  return change;
}

/** Base64 characters of all files that are open with one partner: far more than 64 certificates of usual size take. */
export const MOST_FILE_CHARACTERS = 400_000;
/** Octets of what is open with one partner, as JSON, beyond which no further file is taken: decisions and events need room too. */
const MOST_OPEN_OCTETS = 700_000;

/**
 * A ledger is one document, and a document has a bounded size.
 * @throws {CertlaneError} `failed-precondition` when what is open with the partner leaves no room for another file
 */
export function requireOctets(ledger: Ledger, octets: string): void {
  const files = ledger.open.reduce((sum, record) => sum + record.octets.length, 0);
  const whole = Buffer.byteLength(JSON.stringify(ledger.open));
  if (files + octets.length <= MOST_FILE_CHARACTERS && whole + octets.length <= MOST_OPEN_OCTETS) return;
  throw new CertlaneError(
    'failed-precondition',
    `what is open with partner '${ledger.partner}' takes ${whole} of ${MOST_OPEN_OCTETS} octets, its files ${files} of ${MOST_FILE_CHARACTERS}: no room for one of ${octets.length}; let it fetch its answers, and decide what waits for a person (certlane approval list)`,
    { details: { partner: ledger.partner } },
  );
}

const HOUR = 3_600_000;
/** Far more than any partner has certificates; each one that is new leaves an exchange in the archive. */
const MOST_FILES_AN_HOUR = 500;

/**
 * Counts a new file of the partner.
 * @throws {CertlaneError} `failed-precondition` when it has sent too many within an hour
 */
export function countIntake(ledger: Ledger, now: Date): Ledger {
  const former = ledger.intake;
  const running = former !== undefined && now.getTime() - Date.parse(former.since) < HOUR;
  const intake = running ? { ...former, files: former.files + 1 } : { since: now.toISOString(), files: 1 };
  if (intake.files <= MOST_FILES_AN_HOUR) return { ...ledger, intake };
  throw new CertlaneError(
    'failed-precondition',
    `partner '${ledger.partner}' has sent ${MOST_FILES_AN_HOUR} new certificate files since ${intake.since}: no more are taken within an hour`,
    { details: { partner: ledger.partner } },
  );
}
