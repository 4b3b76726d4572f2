import { CertlaneError, encodeToken } from '@certlane/contracts';

/** Tokens as `encodeToken` makes them, dots between: fit for NATS subjects and for ordered keys. */
const KEY = /^[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*$/;
const PATTERN = /^(?:(?:[0-9A-Za-z_-]+|\*)(?:\.(?:[0-9A-Za-z_-]+|\*))*(?:\.>)?|>)$/;
const MAX_KEY = 512;

/** Key of a document from plain texts: each is encoded, a dot between them. */
export function documentKey(...parts: readonly string[]): string {
  return parts.map(encodeToken).join('.');
}

/** @throws {CertlaneError} `internal`: keys are made by code, never by a caller's text */
export function assertKey(key: string): void {
  if (key.length <= MAX_KEY && KEY.test(key)) return;
  throw new CertlaneError('internal', `'${key.slice(0, 64)}' is no key of a document: make it with documentKey()`);
}

/** @throws {CertlaneError} `internal` */
export function assertPattern(pattern: string): void {
  if (PATTERN.test(pattern)) return;
  throw new CertlaneError(
    'internal',
    `'${pattern.slice(0, 64)}' is no pattern of keys: tokens, '*' for one, '>' at the end for the rest`,
  );
}

/** A pattern as a regular expression over whole keys. */
export function patternExpression(pattern: string): string {
  const tokens = pattern.split('.').map((token) => (token === '*' ? '[^.]+' : token === '>' ? '.+' : token));
  return `^${tokens.join('\\.')}$`;
}

/** The part of a pattern before its first wildcard: all keys that match begin with it. */
export function patternPrefix(pattern: string): string {
  const wildcard = pattern.search(/[*>]/);
  return wildcard === -1 ? pattern : pattern.slice(0, wildcard);
}
