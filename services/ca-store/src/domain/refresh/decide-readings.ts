import type { RevocationList } from '@certlane/pki';
import type { KnownRevocationList, TrustView } from '../../ports/trust-state.js';
import { admitList, signersOf } from './admit-list.js';
import { afterReading, stateOfKnown, type ListReading, type Validators } from './list-reading.js';
import { expectedAt, type DueList } from './plan-round.js';
import type { RefreshSettings } from './settings.js';
import type { Trouble } from './told.js';

/** What came from the address of a list, before anybody has looked whether it may be used. */
export type FetchedList =
  | { readonly outcome: 'came'; readonly list: RevocationList; readonly validators: Validators }
  | Exclude<ListReading, { outcome: 'taken' }>;

/** A list that was to be read, and what came. */
export interface ReadList {
  readonly due: DueList;
  readonly fetched: FetchedList;
}

/** What some readings make of the state, and what is to be told. */
export interface DecidedReadings {
  readonly put: readonly KnownRevocationList[];
  readonly taken: readonly KnownRevocationList[];
  readonly failed: readonly { readonly record: KnownRevocationList; readonly trouble: Trouble }[];
}

/** Decides on readings together: the base of a delta may be among them. */
export function decideReadings(
  view: Pick<TrustView, 'revocationLists' | 'lists' | 'answers' | 'anchors' | 'known'>,
  readings: readonly ReadList[],
  { settings, now }: { readonly settings: RefreshSettings; readonly now: Date },
): DecidedReadings {
  const signers = signersOf(view);
  const fresh: RevocationList[] = [];
  const put: KnownRevocationList[] = [];
  const taken: KnownRevocationList[] = [];
  const failed: { record: KnownRevocationList; trouble: Trouble }[] = [];

  const judged = (before: KnownRevocationList, { due, fetched }: ReadList): ListReading => {
    if (fetched.outcome !== 'came') return fetched;
    const { list, validators } = fetched;
    const counts = stateOfKnown(before, settings, now) !== 'too-old';
    const decision = admitList({
      list,
      expected: expectedAt(before, due.expected === undefined ? undefined : { issuers: due.expected }),
      inUse: before.list === undefined ? undefined : { list: before.list, counts },
      bases: [...view.lists.complete(list.issuer), ...fresh],
      signers,
      now,
    });
    if (!decision.taken) return { outcome: 'failed', trouble: { reason: decision.reason, message: decision.message } };
    return decision.unchanged ? { outcome: 'unchanged', validators } : { outcome: 'taken', list, validators };
  };

  for (const reading of readings.toSorted((a, b) => Number(isDelta(a)) - Number(isDelta(b)))) {
    const before = view.revocationLists.get(reading.due.record.id) ?? reading.due.record;
    const outcome = judged(before, reading);
    const { record, tell } = afterReading(before, outcome, { settings, now });
    put.push(record);
    if (outcome.outcome === 'taken') {
      taken.push(record);
      if (outcome.list.baseNumber === undefined) fresh.push(outcome.list);
    }
    if (tell !== undefined) failed.push({ record, trouble: tell });
  }
  return { put, taken, failed };
}

const isDelta = ({ fetched }: ReadList): boolean => fetched.outcome === 'came' && fetched.list.baseNumber !== undefined;
