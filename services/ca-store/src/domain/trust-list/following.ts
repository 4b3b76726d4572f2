import { createHash } from 'node:crypto';
import type { FollowedList } from '../../ports/trust-state.js';
import { lastTryOf } from '../refresh/last-try.js';
import { nextReading } from '../refresh/schedule.js';
import type { RefreshSettings } from '../refresh/settings.js';
import type { Validators } from '../refresh/list-reading.js';
import type { Trouble } from '../refresh/told.js';

/** How often the small text beside a list is asked whether the list has changed. */
export const UPDATE_INTERVAL_MS = 3_600_000;

/** How a reading of a trust list went, beside what became of the edition. */
export type ListTry =
  | {
      readonly ok: true;
      readonly message: string;
      readonly validators?: Validators;
      readonly updateTime?: string | undefined;
    }
  | { readonly ok: false; readonly trouble: Trouble };

/** What is known of a trust list after a try, and what of it is to be told. */
export interface AfterTry {
  readonly followed: FollowedList;
  readonly tell: Trouble | undefined;
}

/** A trust list after it was to be read. */
export interface TriedList {
  readonly followed: FollowedList;
  /** Whether its server has not answered yet: the reading goes on in the background. */
  readonly queued: boolean;
}

/** `never-read`: none was good yet; `out-of-date`: its next update has passed and no newer one came: its authorities stay. */
export function stateOfTrustList(
  { edition }: Pick<FollowedList, 'edition'>,
  now: Date,
): 'never-read' | 'current' | 'out-of-date' {
  if (edition === undefined) return 'never-read';
  return edition.nextUpdate !== undefined && new Date(edition.nextUpdate) > now ? 'current' : 'out-of-date';
}

/**
 * The list at another address: it is read there at once, and nothing counts that the former server said. Signers and edition stay, since
 * it is them and not the address that is trusted.
 */
export function movedTo(followed: FollowedList, url: string): FollowedList {
  const { name, level, signers, edition } = followed;
  return { name, level, url, signers, edition, failures: 0 };
}

/**
 * What a try makes of what is known of a list. A refusal is told once for each reason; that the list in use has gone out of date is one.
 * @param followed with the edition that is in use after the try
 */
export function afterTry(
  followed: FollowedList,
  tried: ListTry,
  { settings, now }: { readonly settings: RefreshSettings; readonly now: Date },
): AfterTry {
  const attempt = outdated(followed, tried, now) ?? tried;
  const failures = attempt.ok ? 0 : followed.failures + 1;
  const told = attempt.ok ? undefined : withReason(followed.told, attempt.trouble.reason);
  const validators = attempt.ok ? attempt.validators : undefined;
  const updateTime = attempt.ok ? attempt.updateTime : undefined;
  const after: FollowedList = {
    ...followed,
    ...(validators === undefined ? {} : { etag: validators.etag, lastModified: validators.lastModified }),
    ...(updateTime === undefined ? {} : { updateTime }),
    lastTry: lastTryOf(now, attempt.ok ? undefined : attempt.trouble, attempt.ok ? attempt.message : ''),
    failures,
    told,
  };
  const tell = attempt.ok || told === followed.told ? undefined : attempt.trouble;
  return { followed: { ...after, nextTry: nextTryOf(after, settings, now) }, tell };
}

/** A list that came again and is out of date is as good as none: there must be a newer one. */
function outdated(followed: FollowedList, tried: ListTry, now: Date): ListTry | undefined {
  if (!tried.ok || stateOfTrustList(followed, now) !== 'out-of-date') return undefined;
  return { ok: false, trouble: outOfDate(followed) };
}

function outOfDate({ edition }: FollowedList): Trouble {
  const due = edition?.nextUpdate === undefined ? '' : ` since ${edition.nextUpdate}`;
  const message = `The list in use (${edition?.sequenceNumber ?? 'none'}) is out of date${due}, and no newer one came; its authorities stay.`;
  return { reason: OUT_OF_DATE, message };
}

/** When a list is read next; undefined for one that comes by hand. */
function nextTryOf(
  { name, url, edition, updateTime, failures }: FollowedList,
  { trustListIntervalMs }: RefreshSettings,
  now: Date,
): string | undefined {
  if (url === undefined) return undefined;
  const nextUpdate = edition?.nextUpdate === undefined ? undefined : new Date(edition.nextUpdate);
  const interval = updateTime === undefined ? trustListIntervalMs : Math.min(trustListIntervalMs, UPDATE_INTERVAL_MS);
  const id = createHash('sha256').update(name).digest('hex');
  return nextReading({ id, readAt: now, nextUpdate, triedAt: now, failures }, interval).toISOString();
}

const OUT_OF_DATE = 'out-of-date';

/** Reasons that were told since the list was good, with blanks between: each of them once. */
function withReason(told: string | undefined, reason: string): string {
  return wasTold(told, reason) ? (told ?? reason) : [told, reason].filter((one) => one !== undefined).join(' ');
}

function wasTold(told: string | undefined, reason: string): boolean {
  return told?.split(' ').includes(reason) === true;
}

/** That a list has gone out of date, where it is not told yet; undefined: nothing to tell. */
export function afterTime(followed: FollowedList, now: Date): AfterTry | undefined {
  const { told, edition } = followed;
  if (edition === undefined || wasTold(told, OUT_OF_DATE) || stateOfTrustList(followed, now) !== 'out-of-date')
    return undefined;
  return { followed: { ...followed, told: withReason(told, OUT_OF_DATE) }, tell: outOfDate(followed) };
}
