import { invalid } from './invalid.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * A time as a person writes it: ISO 8601 with its zone, or a day, which begins at midnight UTC.
 * @returns ISO 8601 in UTC
 * @throws {CertlaneError} `invalid-argument`
 */
export function timeFrom(text: string, field: string): string {
  const time = DATE.test(text) || TIME.test(text) ? new Date(text) : undefined;
  // A day that no month has would be taken for one of the next month.
  const exists = time !== undefined && !Number.isNaN(time.getTime()) && dayExists(text);
  if (exists) return time.toISOString();
  throw invalid(field, text, 'give a day (2026-11-23) or a time with its zone (2026-11-23T17:30:00Z)');
}

function dayExists(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
}
