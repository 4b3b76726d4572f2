import { isDeepStrictEqual } from 'node:util';
import { unchanged, withRecord, type LedgerChange } from './change.js';
import type { GivenApproval } from '../acceptance/facts.js';
import type { HeldRecord, PersonsWord } from './held-record.js';
import type { Ledger } from './record.js';

/** Keeps what a person said of a held certificate, to be carried out next. One word at a time: the first one stands. */
export function noteWord(ledger: Ledger, id: string, word: PersonsWord): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.state !== 'held' || record.held === undefined || record.held.word !== undefined) return unchanged(ledger);
  return { ...unchanged(ledger), ledger: withRecord(ledger, { ...record, held: { ...record.held, word } }) };
}

/** Takes a word back that turned out to be none: it names what is not there. */
export function dropWord(ledger: Ledger, id: string, word: PersonsWord): LedgerChange {
  const record = ledger.open.find((open) => open.id === id);
  if (record?.held === undefined || !sameWord(record.held.word, word)) return unchanged(ledger);
  const { word: _dropped, ...held } = record.held;
  return { ...unchanged(ledger), ledger: withRecord(ledger, { ...record, held }) };
}

/** Whether two are the same word: the same person, at the same time. */
export function sameWord(one: PersonsWord | undefined, other: PersonsWord | undefined): boolean {
  return isDeepStrictEqual(one, other);
}

/** What a person's word means for the decision; undefined where there is none, or it is a "no". */
export function approvalOf(held: HeldRecord | undefined): GivenApproval | undefined {
  if (held?.word?.accept !== true) return undefined;
  const { by, entry, usages, follows } = held.word;
  return { by, covers: held.kinds, excluded: held.excluded, entry, usages, follows };
}
