import { describe, expect, it } from '@jest/globals';
import type { IdentificationEntry, Usage, ValidationVerdict } from '@certlane/contracts';
import { formatDistinguishedName, writeClid, type Certificate } from '@certlane/pki';
import { testCa, testSelfSigned } from '@certlane/pki/testing';
import { decideAcceptance } from './decide.js';
import type { AcceptanceFacts, CertificateOnFile } from './facts.js';

const now = new Date('2026-03-01T00:00:00.000Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const ca = testCa({ name: 'Beta', now });
const stranger = testCa({ name: 'Stranger', now });

const host = 'oftp.beta.example';
const subject = `CN=${host},O=Beta,C=DE`;
const first = ca.issue({ host, subject, notBefore: days(-100), notAfter: days(100) }).certificate;
const renewed = ca.issue({ host, subject, notBefore: days(-1), notAfter: days(300) }).certificate;
const expired = ca.issue({ host, subject, notBefore: days(-300), notAfter: days(-1) }).certificate;
const upcoming = ca.issue({ host, subject, notBefore: days(10), notAfter: days(300) }).certificate;
const renamed = ca.issue({ host: 'new.beta.example', subject: 'CN=new.beta.example,O=Beta,C=DE' }).certificate;
const foreign = stranger.issue({ host, subject }).certificate;
const weak = ca.issue({ host, subject, weak: 'rsa-1024' }).certificate;
const sha1 = ca.issue({ host, subject, weak: 'sha1' }).certificate;
const selfSigned = testSelfSigned(now, { host, subject }).certificate;

const trusted: ValidationVerdict = { trusted: true, message: 'trusted', path: ['p'], checks: [], notChecked: [] };
const unknownIssuer: ValidationVerdict = {
  ...trusted,
  trusted: false,
  message: 'no installed issuer issued it',
  path: [],
};
const broken: ValidationVerdict = { ...trusted, trusted: false, message: 'the authority is no CA', path: ['p', 'q'] };

const entry = (
  text: string,
  issuer: Certificate,
  usages: Usage[],
  more: Partial<IdentificationEntry> = {},
): IdentificationEntry => ({
  id: text,
  subject: text,
  issuer: { fingerprint: issuer.fingerprint, subject: formatDistinguishedName(issuer.subject) },
  usages,
  createdAt: now.toISOString(),
  ...more,
});
const onFile = (
  certificate: Certificate,
  state: CertificateOnFile['state'] = 'current',
  usages: Usage[] = ['session-authentication'],
): CertificateOnFile => ({ certificate, usages, state });

const byName = entry(`CN=${host}`, ca.authority.certificate, ['tls', 'session-authentication']);
const base: AcceptanceFacts = {
  acx: true,
  kind: 'deliver',
  description: '',
  inBypass: false,
  file: { ok: true, certificate: first },
  entries: [byName],
  onFile: [],
  verdict: trusted,
  now,
};
const of = (certificate: Certificate, more: Partial<AcceptanceFacts> = {}): AcceptanceFacts => ({
  ...base,
  file: { ok: true, certificate },
  ...more,
});
const known = (certificate: Certificate, more: Partial<AcceptanceFacts> = {}): AcceptanceFacts =>
  of(certificate, { entries: [], onFile: [onFile(first)], ...more });

const seen = (facts: AcceptanceFacts): string => {
  const decision = decideAcceptance(facts);
  return decision.accepted ? 'accepted' : decision.reason;
};

describe('the acceptance decision', () => {
  it.each<[string, AcceptanceFacts, string]>([
    ['a first certificate that fits an entry', base, 'accepted'],
    ['automatic exchange off', { ...base, acx: false }, 'acx-disabled'],
    [
      'automatic exchange off comes before anything else',
      { ...base, acx: false, file: { ok: false, message: 'x' } },
      'acx-disabled',
    ],
    [
      'a file that is no certificate',
      { ...base, file: { ok: false, message: 'The file is no certificate.' }, verdict: undefined },
      'unreadable',
    ],
    ['an RSA key of 1024 bits', of(weak), 'weak'],
    ['a SHA-1 signature', of(sha1), 'weak'],
    ['an expired one', of(expired), 'expired'],
    ['one that starts later', of(upcoming), 'accepted'],
    ['a replacement that starts later', of(upcoming, { kind: 'replace' }), 'not-yet-valid'],
    ['a request with one that starts later', of(upcoming, { kind: 'request' }), 'not-yet-valid'],
    ['nothing known', { ...base, entries: [] }, 'no-match'],
    [
      'an entry of another issuer',
      { ...base, entries: [entry(`CN=${host}`, stranger.authority.certificate, ['tls'])] },
      'no-match',
    ],
    [
      'an entry of another name',
      { ...base, entries: [entry('CN=else.example', ca.authority.certificate, ['tls'])] },
      'no-match',
    ],
    ['an entry that wants another key usage', { ...base, entries: [{ ...byName, keyUsage: '10' }] }, 'no-match'],
    ['an entry whose key usage fits', { ...base, entries: [{ ...byName, keyUsage: 'a0' }] }, 'accepted'],
    [
      'a partial DN that fits',
      { ...base, entries: [entry(`O=Beta,CN=${host}`, ca.authority.certificate, ['tls'])] },
      'accepted',
    ],
    [
      'a partial DN that does not fit',
      { ...base, entries: [entry(`O=Else,CN=${host}`, ca.authority.certificate, ['tls'])] },
      'no-match',
    ],
    ['a self-signed one', of(selfSigned, { entries: [entry(`CN=${host}`, selfSigned, ['tls'])] }), 'self-signed'],
    [
      'an unknown issuer',
      of(foreign, { entries: [entry(`CN=${host}`, stranger.authority.certificate, ['tls'])], verdict: unknownIssuer }),
      'issuer-unknown',
    ],
    ['a path that does not hold', { ...base, verdict: broken }, 'untrusted'],
    ['no verdict at all', { ...base, verdict: undefined }, 'untrusted'],
    ['a renewal of one on file, without any entry', known(renewed), 'accepted'],
    ['the one on file again', known(first), 'accepted'],
    ['an older one than in use', of(first, { entries: [], onFile: [onFile(renewed)] }), 'older-than-current'],
    ['an older one that replaces', of(first, { entries: [], onFile: [onFile(renewed)], kind: 'replace' }), 'accepted'],
    ['a recalled one again', known(first, { onFile: [onFile(first, 'replaced')] }), 'recalled'],
    ['a renewal of a recalled one', known(renewed, { onFile: [onFile(first, 'replaced')] }), 'accepted'],
    ['a renewal of an expired one', known(renewed, { onFile: [onFile(expired, 'expired')] }), 'accepted'],
    ['another subject without CLID', known(renamed), 'no-match'],
    ['another subject with the CLID of one on file', known(renamed, { description: writeClid(first) }), 'accepted'],
    [
      'another subject with the CLID of an unknown one',
      known(renamed, { description: writeClid(foreign) }),
      'no-match',
    ],
    ['a damaged CLID', known(renamed, { description: 'I=!!!\nN=zz' }), 'no-match'],
    ['some other description', known(renewed, { description: 'renewed in March' }), 'accepted'],
    // through the bypass: nobody has proven to be the partner
    ['through the bypass, a first one', { ...base, inBypass: true }, 'accepted'],
    [
      'through the bypass, a first one though others serve other usages',
      { ...base, inBypass: true, onFile: [onFile(renamed, 'current', ['file-encryption'])] },
      'accepted',
    ],
    ['through the bypass, the one on file again', known(first, { inBypass: true }), 'accepted'],
    ['through the bypass, a renewal', known(renewed, { inBypass: true }), 'unproven'],
    [
      'through the bypass, a renewal of an expired one',
      known(renewed, { inBypass: true, onFile: [onFile(expired, 'expired')] }),
      'unproven',
    ],
    [
      'through the bypass, a second one that an entry fits',
      { ...base, inBypass: true, onFile: [onFile(renamed)] },
      'unproven',
    ],
    [
      'through the bypass, a renewal for another usage',
      known(renewed, { inBypass: true, onFile: [onFile(first, 'current', ['tls'])] }),
      'accepted',
    ],
    [
      'through the bypass, another subject with the CLID of one on file',
      known(renamed, { inBypass: true, description: writeClid(first) }),
      'no-match',
    ],
    [
      'through the bypass, the recall of one on file by its renewal',
      known(renewed, { inBypass: true, kind: 'replace', onFile: [onFile(first, 'current', ['tls'])] }),
      'unproven',
    ],
    [
      'through the bypass, the recall of one on file by another on file',
      known(first, { inBypass: true, kind: 'replace', onFile: [onFile(first, 'accepted'), onFile(renewed)] }),
      'unproven',
    ],
    ['through the bypass, a replacement of nothing', { ...base, inBypass: true, kind: 'replace' }, 'accepted'],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });

  it('keeps every check it made, the last one being the refusal', () => {
    const decision = decideAcceptance(of(expired));
    expect(decision.checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['acx-enabled', true],
      ['readable', true],
      ['strength', true],
      ['validity', false],
    ]);
  });

  it('takes the usages from what was known, and follows what served them', () => {
    const file = onFile(first, 'current', ['session-authentication', 'file-encryption']);
    expect(decideAcceptance(known(renewed, { onFile: [file] }))).toMatchObject({
      accepted: true,
      usages: ['session-authentication', 'file-encryption'],
      predecessors: [first.fingerprint],
    });
    expect(
      decideAcceptance(
        of(renamed, {
          entries: [entry('CN=new.beta.example', ca.authority.certificate, ['tls'])],
          onFile: [onFile(first, 'current', ['tls'])],
        }),
      ),
    ).toMatchObject({
      usages: ['tls'],
      predecessors: [first.fingerprint],
    });
  });

  it('prefers the more exact of two entries', () => {
    const full = entry(formatDistinguishedName(first.subject), ca.authority.certificate, ['file-signature']);
    expect(decideAcceptance({ ...base, entries: [byName, full] })).toMatchObject({ usages: ['file-signature'] });
  });

  it('recalls by the same certificate again, what the CLID names', () => {
    const facts = known(renewed, {
      kind: 'replace',
      onFile: [onFile(first, 'accepted'), onFile(renewed, 'current')],
      description: writeClid(first),
    });
    expect(decideAcceptance(facts)).toMatchObject({ accepted: true, predecessors: [first.fingerprint] });
    expect(decideAcceptance({ ...facts, description: '' })).toMatchObject({ predecessors: [first.fingerprint] });
    expect(decideAcceptance({ ...facts, kind: 'deliver' })).toMatchObject({ predecessors: [] });
  });
});
