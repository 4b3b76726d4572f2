import { describe, expect, it } from '@jest/globals';
import type { Certificate } from '../certificate/index.js';
import { TestAuthority } from '../testing/test-authority.js';
import { testCa } from '../testing/test-ca.js';
import type { RevocationState } from './revocation-source.js';
import { validatePath } from './validate-path.js';

const now = new Date('2026-03-01T12:00:00Z');
const ca = testCa({ now });
const leaf = ca.issue().certificate;
const between = ca.authority.certificate;
const root = ca.root.certificate;

const good: RevocationState = { status: 'good', message: 'is not in the list of today' };
const unknown: RevocationState = { status: 'undetermined', message: 'there is no list' };
const revoked: RevocationState = {
  status: 'revoked',
  message: 'stands in the list of today',
  at: new Date('2026-02-01T00:00:00Z'),
  reason: 'keyCompromise',
};

/** Validates with these answers for authority and leaf; `asked` are the paths that were asked about. */
function judged(
  answers: { authority: RevocationState; leaf: RevocationState },
  mode: 'fail' | 'warn',
  certificate = leaf,
) {
  const asked: (readonly Certificate[])[] = [];
  const verdict = validatePath({
    certificate,
    intermediates: [between],
    anchors: [root],
    at: now,
    revocation: {
      mode,
      source: (path, at) => {
        expect(at).toBe(now);
        asked.push(path);
        return path[0] === between ? answers.authority : answers.leaf;
      },
    },
  });
  return { verdict, asked };
}

describe('revocation', () => {
  it('is asked for each certificate below the anchor, from the anchor down, with the path above it', () => {
    const { verdict, asked } = judged({ authority: good, leaf: good }, 'fail');
    expect(asked).toEqual([
      [between, root],
      [leaf, between, root],
    ]);
    expect(verdict).toMatchObject({ trusted: true, revocation: 'good' });
    expect(verdict.notChecked).not.toContain('revocation');
    expect(verdict.checks.at(-2)?.message).toBe('"oftp2.example.com" is not revoked: it is not in the list of today.');
  });

  it.each([
    ['revoked', 'revoked', { authority: good, leaf: revoked }, false, false, 2],
    ['revoked above', 'revoked', { authority: revoked, leaf: good }, false, false, 1],
    ['unknown', 'undetermined', { authority: good, leaf: unknown }, false, true, 2],
    ['unknown above', 'undetermined', { authority: unknown, leaf: good }, false, true, 1],
    ['unknown above and revoked', 'revoked', { authority: unknown, leaf: revoked }, false, false, 1],
  ] as const)('%s: %s', (_, status, answers, trustedInFail, trustedInWarn, askedInFail) => {
    const fail = judged(answers, 'fail');
    expect(fail.verdict.trusted).toBe(trustedInFail);
    expect(fail.verdict.checks.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(['revocation']);
    expect(fail.asked).toHaveLength(askedInFail);
    const warn = judged(answers, 'warn');
    expect(warn.verdict).toMatchObject({ trusted: trustedInWarn, revocation: status });
  });

  it('tells when and why, and what it lets pass', () => {
    const failed = judged({ authority: good, leaf: revoked }, 'warn').verdict.checks.find(({ ok }) => !ok);
    expect(failed?.message).toBe(
      '"oftp2.example.com" was revoked at 2026-02-01T00:00:00.000Z (keyCompromise): it stands in the list of today.',
    );
    const { checks } = judged({ authority: good, leaf: unknown }, 'warn').verdict;
    expect(checks.map(({ message }) => message)).toContain(
      '"oftp2.example.com" may be revoked, nobody knows: there is no list; that is let pass.',
    );
  });

  it('is not asked for a path that fails anyway, and the verdict says so', () => {
    const { verdict, asked } = judged({ authority: good, leaf: good }, 'fail', ca.issue({ expired: true }).certificate);
    expect(asked).toEqual([]);
    expect(verdict).toMatchObject({ trusted: false, revocation: 'not-asked' });
    expect(verdict.notChecked).toContain('revocation');
  });

  it('is not asked for a certificate that is installed itself', () => {
    const verdict = validatePath({
      certificate: root,
      intermediates: [],
      anchors: [root],
      at: now,
      anchorMayBeCertificate: true,
      revocation: { mode: 'fail', source: () => revoked },
    });
    expect(verdict).toMatchObject({ trusted: true, revocation: 'not-asked' });
    expect(verdict.notChecked).toContain('revocation');
  });

  it('leads to another path where one of two issuers is revoked, and is asked once for what they share', () => {
    const { subject } = between;
    const crossed = TestAuthority.root('Other Root', now).subordinate('x', { subject, key: ca.authority.privateKey });
    const asked: string[] = [];
    const verdict = validatePath({
      certificate: leaf,
      intermediates: [crossed.certificate, between],
      anchors: [TestAuthority.root('Other Root', now).certificate, root],
      at: now,
      revocation: {
        mode: 'fail',
        source: ([first]) => {
          asked.push(first?.fingerprint ?? '');
          return first === crossed.certificate ? revoked : good;
        },
      },
    });
    expect(verdict).toMatchObject({ trusted: true, revocation: 'good' });
    expect(new Set(asked).size).toBe(asked.length);
  });
});
