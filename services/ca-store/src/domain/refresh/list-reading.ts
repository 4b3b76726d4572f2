import type { RevocationListView } from '@certlane/contracts';
import { formatDistinguishedName, type RevocationList } from '@certlane/pki';
import type { KnownRevocationList } from '../../ports/trust-state.js';
import { lastTryOf } from './last-try.js';
import { withListRemedy } from './list-remedies.js';
import { listState, nextReading, type ListState } from './schedule.js';
import type { RefreshSettings } from './settings.js';
import { failureToTell, type Trouble } from './told.js';

/** What a server says of a document, to be sent back with the next request. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** How the reading of a list went. */
export type ListReading =
  | { readonly outcome: 'taken'; readonly list: RevocationList; readonly validators: Validators }
  | { readonly outcome: 'unchanged'; readonly validators: Validators }
  | { readonly outcome: 'failed'; readonly trouble: Trouble };

/** What is known of a list after a reading, and what of it is to be told. */
export interface AfterReading {
  readonly record: KnownRevocationList;
  readonly tell: Trouble | undefined;
}

/** What a reading makes of what is known of a list. */
export function afterReading(
  before: KnownRevocationList,
  reading: ListReading,
  { settings, now }: { readonly settings: RefreshSettings; readonly now: Date },
): AfterReading {
  const list = reading.outcome === 'taken' ? reading.list : before.list;
  const state = stateOf(list, now, settings, now);
  const trouble = troubleOf(reading, list, state);
  const failures = trouble === undefined ? 0 : before.failures + 1;
  const { told, tell } = failureToTell(before.told, { state, failures, trouble });
  const at = now.toISOString();
  const history = { id: before.id, readAt: now, nextUpdate: list?.nextUpdate, triedAt: now, failures };
  const record: KnownRevocationList = {
    ...before,
    ...(reading.outcome === 'taken' ? { list: reading.list, origin: 'fetched', takenAt: at } : {}),
    ...(reading.outcome === 'failed'
      ? {}
      : { etag: reading.validators.etag, lastModified: reading.validators.lastModified }),
    lastTry: lastTryOf(now, trouble, reading.outcome === 'taken' ? 'taken' : 'not changed'),
    failures,
    nextTry: nextReading(history, settings.listIntervalMs).toISOString(),
    told,
  };
  return { record, tell };
}

/** A list that came and no longer counts is as good as none: there must be a newer one. */
function troubleOf(reading: ListReading, list: RevocationList | undefined, state: ListState): Trouble | undefined {
  if (reading.outcome === 'failed') return reading.trouble;
  if (state !== 'too-old' || list === undefined) return undefined;
  const until =
    list.nextUpdate === undefined ? 'without saying when the next one comes' : `until ${list.nextUpdate.toISOString()}`;
  return {
    reason: 'too-old',
    message: `what is published there was issued at ${list.thisUpdate.toISOString()}, ${until}`,
  };
}

/** A list that was taken by hand, and what is known of it from then on. */
export function afterImport(before: KnownRevocationList, list: RevocationList, now: Date): KnownRevocationList {
  return { ...before, list, origin: 'imported', takenAt: now.toISOString(), failures: 0, told: undefined };
}

/**
 * What is to be told of lists that time has made too old without a try; undefined: nothing.
 * @returns the record that remembers it
 */
export function afterTime(before: KnownRevocationList, settings: RefreshSettings, now: Date): AfterReading | undefined {
  if (before.list === undefined || stateOfKnown(before, settings, now) !== 'too-old') return undefined;
  const { told, tell } = failureToTell(before.told, {
    state: 'too-old',
    failures: before.failures,
    trouble: undefined,
  });
  return tell === undefined ? undefined : { record: { ...before, told }, tell };
}

/** What the list in use is worth now. */
export function stateOfKnown(
  { list, url, lastTry, takenAt }: Pick<KnownRevocationList, 'list' | 'url' | 'lastTry' | 'takenAt'>,
  settings: Pick<RefreshSettings, 'listIntervalMs' | 'listMaximumAgeDays'>,
  now: Date,
): ListState {
  // One that came by hand is read again by nobody, so it cannot be late.
  const read = url === undefined ? now : lastTry?.ok === true ? new Date(lastTry.at) : new Date(takenAt ?? 0);
  return stateOf(list, read, settings, now);
}

function stateOf(
  list: RevocationList | undefined,
  readAt: Date,
  settings: Pick<RefreshSettings, 'listIntervalMs' | 'listMaximumAgeDays'>,
  now: Date,
): ListState {
  if (list === undefined) return 'missing';
  return listState({ thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate, readAt }, settings, now);
}

/** A revocation list, or the place of one, as operators see it. */
export function revocationListView(
  known: KnownRevocationList,
  settings: RefreshSettings,
  now: Date,
): RevocationListView {
  const { id, url, list, origin, takenAt, lastTry, nextTry, failures } = known;
  return {
    id,
    ...(list === undefined ? expectedIssuer(known) : listFacts(list)),
    ...(url === undefined ? {} : { url }),
    state: stateOfKnown(known, settings, now),
    ...(origin === undefined ? {} : { origin }),
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(lastTry === undefined ? {} : { lastTry: withListRemedy(lastTry) }),
    ...(nextTry === undefined || url === undefined ? {} : { nextTry }),
    failures,
  };
}

/** Where none was read yet: who issued the certificates that name the place. */
function expectedIssuer({ issuers: [first] = [] }: KnownRevocationList): { issuer?: string } {
  return first === undefined ? {} : { issuer: issuerText({ issuer: first.subject }) };
}

function listFacts(list: RevocationList) {
  return {
    issuer: issuerText(list),
    kind: list.baseNumber === undefined ? ('full' as const) : ('delta' as const),
    ...(list.number === undefined ? {} : { number: list.number.toString(16) }),
    thisUpdate: list.thisUpdate.toISOString(),
    ...(list.nextUpdate === undefined ? {} : { nextUpdate: list.nextUpdate.toISOString() }),
    entries: list.entries.size,
    octets: list.der.length,
  };
}

/** The contract's bound of a distinguished name. */
const LONGEST_NAME = 4_096;

/** The issuer of a list, as long as may be told. */
export const issuerText = ({ issuer }: Pick<RevocationList, 'issuer'>): string =>
  formatDistinguishedName(issuer).slice(0, LONGEST_NAME);
