import { describe, expect, it } from '@jest/globals';
import { decisionRecord, type ValidationVerdict } from '@certlane/contracts';
import { base, onFile, renamed, trusted } from '../../testing/acceptance.js';
import { recordOf } from '../../testing/decided.js';
import { decideAcceptance } from './decide.js';
import { MOST_RECORD_OCTETS } from './decision-record.js';
import { toldToPartner } from './told-to-partner.js';
import { fittingText } from '../virtual-file.js';

const octets = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const withVerdict = (more: Partial<ValidationVerdict>) => {
  const facts = { ...base, verdict: { ...trusted, ...more } };
  return recordOf(decideAcceptance(facts), facts);
};
const path = Array.from({ length: 10 }, () => 'a'.repeat(64));
const otherPaths = Array.from({ length: 40 }, () => ({ path, message: 'y'.repeat(200), failures: 1 }));
const checks = Array.from({ length: 60 }, () => ({ check: 'signature', ok: true, message: 'z'.repeat(500) }));

describe('the record of a decision', () => {
  it('says what the decision stood on, and fits its contract', () => {
    const facts = { ...base, onFile: [onFile(renamed, 'accepted', ['tls'])], description: 'I=1' };
    const record = recordOf(decideAcceptance(facts), facts);
    expect(record).toMatchObject({
      by: 'service:cert-exchange',
      outcome: 'accepted',
      inputs: {
        acx: true,
        acceptance: 'known',
        originator: 'O0177BETA',
        kind: 'deliver',
        description: 'I=1',
        revision: '1',
        entries: 1,
        onFile: [{ fingerprint: renamed.fingerprint, state: 'accepted' }],
      },
      match: { by: 'entry', usages: ['tls', 'session-authentication'] },
      validation: trusted,
    });
    expect(decisionRecord.parse(record)).toEqual(record);
  });

  it('that is too long loses the other paths first, and says so', () => {
    const { validation } = withVerdict({ otherPaths, checks: checks.slice(0, 5) });
    expect(validation).toMatchObject({ otherPaths: [], message: expect.stringMatching(/40 other paths are left out/) });
    expect(validation?.checks).toHaveLength(5);
  });

  it('then loses the checks of the path, and says so', () => {
    const { validation } = withVerdict({ otherPaths, checks });
    expect(validation).toMatchObject({ otherPaths: [], checks: [] });
    expect(validation?.message).toMatch(/40 other paths are left out.*60 checks of the path are left out/);
  });

  it('never is longer than it may be, whatever a stranger has written into a certificate', () => {
    const long = '\u{1f600}"'.repeat(2_000);
    const record = withVerdict({ otherPaths, checks, message: long, revocation: { status: 'good', message: long } });
    expect(octets(record)).toBeLessThanOrEqual(MOST_RECORD_OCTETS);
    expect(decisionRecord.parse(record)).toEqual(record);
    expect(JSON.stringify(record)).not.toMatch(/\\ud83d(?!\\ude00)|\ufffd/);
  });
});

describe('what the partner is told', () => {
  const failed = { check: 'trusted', ok: false, message: 'x' };

  it.each([
    [
      'check, reason and sentence',
      { reason: 'revoked', message: 'revoked in May', checks: [failed] },
      'trusted, revoked: revoked in May',
    ],
    [
      'the check that refused, not one that only held',
      { reason: 'revoked', message: 'm', checks: [{ ...failed, check: 'known' }, failed] },
      'trusted, revoked: m',
    ],
    [
      'what held before it',
      {
        reason: 'revoked',
        message: 'm',
        checks: [{ ...failed, check: 'readable', ok: true }, { ...failed, check: 'validity', ok: true }, failed],
      },
      'trusted, revoked: m (passed before: readable, validity)',
    ],
    [
      'no commands in a name',
      { reason: 'no-match', message: 'CN=a\u001b[2J\r\nb', checks: [] },
      'no-match: CN=a [2J b',
    ],
    [
      'nothing of what to do here',
      { reason: 'issuer-unknown', message: 'install the issuer', checks: [failed] },
      'trusted, issuer-unknown: no authority that is trusted here issued the certificate',
    ],
    [
      'nothing of how full our file is',
      { reason: 'not-filed', message: '64 certificates are on file', checks: [{ ...failed, check: 'filed' }] },
      'filed, not-filed: the certificate cannot be filed here at present; an operator has to make room for it',
    ],
  ])('is %s', (_what, refusal, text) => {
    expect(toldToPartner(refusal)).toBe(text);
  });

  it.each([
    ['x'.repeat(2_000), 'x'.repeat(999)],
    [`${'x'.repeat(997)}\u{1f600}`, 'x'.repeat(997)],
    [`${'x'.repeat(995)}\u{1f600}`, `${'x'.repeat(995)}\u{1f600}`],
    [`${'x'.repeat(998)}ß`, 'x'.repeat(998)],
    ['', ''],
  ])('is cut at a character (case %#)', (text, cut) => {
    expect(fittingText(text)).toBe(cut);
  });
});
