import {
  certificateSummary,
  type CertificateSummary,
  type DataOf,
  type TrustListView,
  type caEvents,
} from '@certlane/contracts';
import { summaryOf, type Certificate } from '@certlane/pki';
import type { ListedAuthority, TrustListDifference } from '@certlane/pki/trust-list';
import type { FollowedList } from '../../ports/trust-state.js';
import { stateOfTrustList } from './following.js';
import { trustListRemedy } from './remedies.js';

/** A trust list as operators see it. */
export function trustListView(followed: FollowedList, now: Date): TrustListView {
  const { name, level, url, edition, lastTry, nextTry } = followed;
  const facts =
    edition === undefined
      ? {}
      : defined({
          schemeName: edition.schemeName,
          operatorName: edition.operatorName,
          sequenceNumber: edition.sequenceNumber,
          issuedAt: edition.issuedAt,
          nextUpdate: edition.nextUpdate,
          takenAt: edition.takenAt,
        });
  return {
    name,
    level,
    ...defined({ url }),
    state: stateOfTrustList(followed, now),
    signers: followed.signers.map(({ certificate, pinned, at, by, confirmedBy }) => ({
      signer: summaryOf(certificate),
      pinned,
      at,
      ...defined({ by, confirmedBy }),
    })),
    ...facts,
    authorities: edition?.authorities.length ?? 0,
    broken: edition?.broken ?? [],
    ...defined({ lastTry: lastTry && withRemedy(followed, lastTry), ...(url === undefined ? {} : { nextTry }) }),
  };
}

function withRemedy(
  followed: FollowedList,
  lastTry: NonNullable<FollowedList['lastTry']>,
): NonNullable<FollowedList['lastTry']> {
  const remedy = lastTry.ok ? undefined : trustListRemedy(lastTry.reason, followed, 'address');
  return { ...lastTry, ...defined({ remedy }) };
}

/** Authorities that an event names at most, and the octets they take: with the state they are one document. */
const MOST_NAMED = 200;
const NAMED_OCTETS = 100_000;

/** Authorities as an event names them: the first, and how many there are. */
export function namedAuthorities(authorities: readonly Pick<ListedAuthority, 'certificate'>[]): {
  readonly named: CertificateSummary[];
  readonly count: number;
} {
  const named: CertificateSummary[] = [];
  let octets = 0;
  for (const { certificate } of authorities.slice(0, MOST_NAMED)) {
    const summary = summaryOf(certificate);
    octets += Buffer.byteLength(JSON.stringify(summary));
    if (octets > NAMED_OCTETS) break;
    named.push(summary);
  }
  return { named, count: authorities.length };
}

/** What is told of a list that was taken. */
export function takenData(
  { name, level, edition }: FollowedList,
  difference: TrustListDifference,
): DataOf<typeof caEvents.trustListTaken> | undefined {
  if (edition?.nextUpdate === undefined) return undefined;
  const added = namedAuthorities(difference.added);
  const removed = namedAuthorities(difference.removed);
  return {
    name,
    level,
    sequenceNumber: edition.sequenceNumber,
    nextUpdate: edition.nextUpdate,
    added: added.named,
    removed: removed.named,
    addedCount: added.count,
    removedCount: removed.count,
  };
}

/** Whether the bus can show a certificate: names that are empty or too long it cannot. */
export function isShowable(certificate: Certificate): boolean {
  return certificateSummary.safeParse(summaryOf(certificate)).success;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are not there. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
