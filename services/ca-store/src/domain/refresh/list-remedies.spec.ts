import { unreachableReasons } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { importRemedy, withListRemedy } from './list-remedies.js';

const failed = (reason: string) => ({ at: '2026-11-23T12:00:00Z', ok: false, reason, message: 'it failed' });

describe('what can be done about a revocation list', () => {
  it.each([
    ...[...unreachableReasons, 'html', 'coding', 'size'].map(
      (reason) => [reason, /certlane crl import FILE$/] as const,
    ),
    ['address', /^certlane up --fetch-allow NETWORK \(CERTLANE_FETCH_ALLOW\)/],
    ['too-old', /^ask the authority for a current list; certlane crl import FILE/],
    ['signer-not-trusted', /^certlane issuer add FILE --purpose verification-only/],
    ['base-missing', /complete list that it continues$/],
    ['of-the-future', /^compare the clock of this machine/],
  ])('that was read and failed as %s', (reason, remedy) => {
    expect(withListRemedy(failed(reason)).remedy).toMatch(remedy);
  });

  it.each([
    failed('signer-unknown'),
    failed('constructor'),
    { at: '2026-11-23T12:00:00Z', ok: true, message: 'taken' },
  ])('is left unsaid where the message says it, nothing is known or nothing is wrong: %#', (lastTry) => {
    expect(withListRemedy(lastTry)).toEqual(lastTry);
  });

  it('that was handed over and is older than the one in use', () => {
    expect(importRemedy('older')).toContain('certlane crl remove ID');
    expect(importRemedy('signer-unknown')).toBeUndefined();
  });
});
