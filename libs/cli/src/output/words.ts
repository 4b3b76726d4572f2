import type { Usage } from '@certlane/contracts';
import { usages } from '@certlane/contracts';

/** How many hex digits of a fingerprint lists show; any unique beginning of six or more is taken back. */
const SHORT = 12;

/** A fingerprint or an exchange id as lists show it. */
export function short(id: string): string {
  return id.slice(0, SHORT);
}

/** `2026-11-23 17:30Z`: to the minute, always UTC, so that two stations' operators compare the same text. */
export function moment(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}Z`;
}

/** `17:30:05Z`, with the day before it when that is another one than today's: when something of the last minutes happened. */
export function clockTime(timestamp: string, now: Date): string {
  const time = `${timestamp.slice(11, 19)}Z`;
  return timestamp.slice(0, 10) === now.toISOString().slice(0, 10) ? time : `${timestamp.slice(0, 10)} ${time}`;
}

/** `2026-11-23`: a validity bound in lists. */
export function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}

/** `all` or the usages, comma-separated. */
export function usageWords(list: readonly Usage[]): string {
  if (list.length === 0) return '-';
  return usages.every((usage) => list.includes(usage)) ? 'all' : list.join(', ');
}

/** `1 certificate`, `2 certificates`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** A word as it is written on a command line: in quotes where a shell would take it apart. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
