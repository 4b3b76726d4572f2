import type { caEvents, DataOf } from '@certlane/contracts';
import type { RevocationList } from '@certlane/pki';
import type { KnownAnswer, KnownRevocationList } from '../../ports/trust-state.js';
import { answerIssuer, singleOf } from './answer-reading.js';
import { issuerText } from './list-reading.js';
import type { Trouble } from './told.js';

type Taken = DataOf<typeof caEvents.revocationListTaken>;
type Removed = DataOf<typeof caEvents.revocationListRemoved>;
type Failed = DataOf<typeof caEvents.revocationListFailed>;

/** Characters of a message in an event. */
const LONGEST_MESSAGE = 1_000;

/** What is told of a list that was taken; undefined where there is none. */
export function listTaken({ id, list }: KnownRevocationList): Taken | undefined {
  if (list === undefined) return undefined;
  return {
    id,
    kind: list.baseNumber === undefined ? 'full' : 'delta',
    issuer: issuerText(list),
    ...(list.number === undefined ? {} : { number: list.number.toString(16) }),
    thisUpdate: list.thisUpdate.toISOString(),
    ...(list.nextUpdate === undefined ? {} : { nextUpdate: list.nextUpdate.toISOString() }),
    entries: list.entries.size,
  };
}

/** What is told of a list that was taken out. */
export function listRemoved(id: string, list: RevocationList): Omit<Removed, 'by'> {
  const { number, entries } = list;
  return {
    id,
    issuer: issuerText(list),
    ...(number === undefined ? {} : { number: number.toString(16) }),
    entries: entries.size,
  };
}

/** What is told of an answer that was taken; undefined where there is none. */
export function answerTaken(known: KnownAnswer): Taken | undefined {
  const single = singleOf(known);
  if (single === undefined) return undefined;
  return {
    id: known.id,
    kind: 'ocsp',
    issuer: answerIssuer(known),
    thisUpdate: single.thisUpdate.toISOString(),
    ...(single.nextUpdate === undefined ? {} : { nextUpdate: single.nextUpdate.toISOString() }),
    entries: 1,
  };
}

/** What is told of a list or an answer that is not to be had. */
export function readingFailed(
  { id, url }: Pick<KnownRevocationList, 'id' | 'url'>,
  { reason, message }: Trouble,
): Failed {
  return { id, ...(url === undefined ? {} : { url }), reason, message: message.slice(0, LONGEST_MESSAGE) };
}
