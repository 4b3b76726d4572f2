import { describe, expect, it } from '@jest/globals';
import { formatDistinguishedName, writeClid } from '@certlane/pki';
import {
  base,
  broken,
  bypass,
  by,
  byName,
  ca,
  entry,
  expired,
  first,
  foreign,
  host,
  inShort,
  known,
  of,
  onFile,
  renamed,
  renewed,
  revoked,
  selfSigned,
  sha1,
  stranger,
  unknownIssuer,
  upcoming,
  weak,
} from '../../testing/acceptance.js';
import { decideAcceptance } from './decide.js';
import type { AcceptanceFacts } from './facts.js';

const seen = (facts: AcceptanceFacts) => inShort(decideAcceptance(facts));

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
    ['nothing known', { ...base, entries: [] }, 'held: no-match'],
    ['nothing known, where nobody has proven to be the partner', { ...base, entries: [], proven: false }, 'no-match'],
    ['nothing known, and revoked', { ...base, entries: [], verdict: revoked }, 'revoked'],
    ['nothing known, and not trusted', { ...base, entries: [], verdict: broken }, 'untrusted'],
    ['nothing known, of an unknown issuer', { ...base, entries: [], verdict: unknownIssuer }, 'issuer-unknown'],
    ['nothing known, and weak', of(weak, { entries: [] }), 'weak'],
    ['nothing known, and expired', of(expired, { entries: [] }), 'expired'],
    [
      'nothing known of what an authority in no trust list issued',
      { ...base, entries: [], rules: by({ acceptance: 'trusted' }) },
      'held: no-match',
    ],
    [
      'an entry of another issuer',
      { ...base, entries: [entry(`CN=${host}`, stranger.authority.certificate, ['tls'])] },
      'held: no-match',
    ],
    [
      'an entry of another name',
      { ...base, entries: [entry('CN=else.example', ca.authority.certificate, ['tls'])] },
      'held: no-match',
    ],
    ['an entry that wants another key usage', { ...base, entries: [{ ...byName, keyUsage: '10' }] }, 'held: no-match'],
    ['an entry whose key usage fits', { ...base, entries: [{ ...byName, keyUsage: 'a0' }] }, 'accepted'],
    [
      'a partial DN that fits',
      { ...base, entries: [entry(`O=Beta,CN=${host}`, ca.authority.certificate, ['tls'])] },
      'accepted',
    ],
    [
      'a partial DN that does not fit',
      { ...base, entries: [entry(`O=Else,CN=${host}`, ca.authority.certificate, ['tls'])] },
      'held: no-match',
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
    ['a revoked one again', known(first, { onFile: [onFile(first, 'revoked')], verdict: revoked }), 'revoked'],
    [
      'a revoked one again, through the bypass',
      known(first, { ...bypass, onFile: [onFile(first, 'revoked')], verdict: revoked }),
      'revoked',
    ],
    [
      'a revoked one again, recalling another',
      known(renewed, { kind: 'replace', onFile: [onFile(first), onFile(renewed, 'revoked')], verdict: revoked }),
      'revoked',
    ],
    ['a renewal of a revoked one', known(renewed, { onFile: [onFile(first, 'revoked')] }), 'accepted'],
    ['a renewal of an expired one', known(renewed, { onFile: [onFile(expired, 'expired')] }), 'accepted'],
    ['another subject without CLID', known(renamed), 'held: no-match'],
    ['another subject with the CLID of one on file', known(renamed, { description: writeClid(first) }), 'accepted'],
    [
      'another subject with the CLID of an unknown one',
      known(renamed, { description: writeClid(foreign) }),
      'held: no-match',
    ],
    ['a damaged CLID', known(renamed, { description: 'I=!!!\nN=zz' }), 'held: no-match'],
    ['some other description', known(renewed, { description: 'renewed in March' }), 'accepted'],
    // through the bypass: nobody has proven to be the partner
    ['through the bypass, a first one', { ...base, ...bypass }, 'accepted'],
    [
      'through the bypass, a first one though others serve other usages',
      { ...base, ...bypass, onFile: [onFile(renamed, 'current', ['file-encryption'])] },
      'accepted',
    ],
    ['through the bypass, the one on file again', known(first, { ...bypass }), 'accepted'],
    ['through the bypass, a renewal', known(renewed, { ...bypass }), 'unproven'],
    [
      'through the bypass, a renewal of an expired one',
      known(renewed, { ...bypass, onFile: [onFile(expired, 'expired')] }),
      'unproven',
    ],
    [
      'through the bypass, a second one that an entry fits',
      { ...base, ...bypass, onFile: [onFile(renamed)] },
      'unproven',
    ],
    [
      'through the bypass, a renewal for another usage',
      known(renewed, { ...bypass, onFile: [onFile(first, 'current', ['tls'])] }),
      'accepted',
    ],
    [
      'through the bypass, another subject with the CLID of one on file',
      known(renamed, { ...bypass, description: writeClid(first) }),
      'no-match',
    ],
    [
      'through the bypass, the recall of one on file by its renewal',
      known(renewed, { ...bypass, kind: 'replace', onFile: [onFile(first, 'current', ['tls'])] }),
      'unproven',
    ],
    [
      'through the bypass, the recall of one on file by another on file',
      known(first, { ...bypass, kind: 'replace', onFile: [onFile(first, 'accepted'), onFile(renewed)] }),
      'unproven',
    ],
    ['through the bypass, a replacement of nothing', { ...base, ...bypass, kind: 'replace' }, 'accepted'],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });

  it('keeps every check it made, the last one being the refusal', () => {
    const decision = decideAcceptance(of(expired));
    expect(decision.checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['originator', true],
      ['acx-enabled', true],
      ['acceptance-on', true],
      ['readable', true],
      ['strength', true],
      ['validity', false],
    ]);
  });

  it('takes the usages from what was known, and follows what served them', () => {
    const file = onFile(first, 'current', ['session-authentication', 'file-encryption']);
    expect(decideAcceptance(known(renewed, { onFile: [file] }))).toMatchObject({
      outcome: 'accepted',
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

  it.each([
    ['the same certificate', first, []],
    ['its renewal', renewed, [first.fingerprint]],
  ])('lets %s serve what its entry says in a first exchange, though it is on file for less', (_what, one, follows) => {
    const facts = known(one, { ...bypass, entries: [byName], onFile: [onFile(first, 'current', ['tls'])] });
    expect(decideAcceptance(facts)).toMatchObject({
      outcome: 'accepted',
      usages: ['tls', 'session-authentication'],
      predecessors: follows,
      match: { by: 'entry' },
    });
    const proven = decideAcceptance({ ...facts, inBypass: false, proven: true });
    expect(proven).toMatchObject({ outcome: 'accepted', usages: ['tls'] });
  });

  it('recalls a revoked one too, which would serve again once it is found trusted', () => {
    const facts = known(renewed, { onFile: [onFile(first, 'revoked')] });
    expect(decideAcceptance({ ...facts, kind: 'replace' })).toMatchObject({ predecessors: [first.fingerprint] });
    expect(decideAcceptance(facts)).toMatchObject({ outcome: 'accepted', predecessors: [] });
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
    expect(decideAcceptance(facts)).toMatchObject({ outcome: 'accepted', predecessors: [first.fingerprint] });
    expect(decideAcceptance({ ...facts, description: '' })).toMatchObject({ predecessors: [first.fingerprint] });
    expect(decideAcceptance({ ...facts, kind: 'deliver' })).toMatchObject({ predecessors: [] });
  });
});

describe('what SFIDDESC says', () => {
  const clid = writeClid(first);
  it.each<[string, AcceptanceFacts, RegExp]>([
    ['nothing', known(renamed), /^SFIDDESC is empty: it names no certificate/],
    [
      'a text',
      known(renamed, { description: 'renewal of May' }),
      /^SFIDDESC is 'renewal of May', which is no CLID: it has no lines I= and N=; matching went on without it$/,
    ],
    ['a long text', known(renamed, { description: 'x'.repeat(900) }), /^SFIDDESC is 'x{80}…', which is no CLID/],
    [
      'a damaged CLID',
      known(renamed, { description: 'I=!!!\nN=01' }),
      /^SFIDDESC has a damaged CLID \(Line I of .* is no distinguished name, .*\); matching went on without it$/,
    ],
    [
      'one of an unknown certificate',
      known(renamed, { description: writeClid(foreign) }),
      /^SFIDDESC has the CLID of serial number [0-9a-f]+, which is not on file; matching went on without it$/,
    ],
    [
      'one in the bypass',
      known(renewed, { ...bypass, description: clid }),
      /^SFIDDESC has a CLID, which counts for nothing in the bypass$/,
    ],
    [
      'one of a certificate on file',
      known(renamed, { description: clid }),
      new RegExp(`^SFIDDESC has the CLID of ${first.fingerprint.slice(0, 12)}, which is on file$`),
    ],
  ])('is in the decision: %s', (_what, facts, message) => {
    const said = decideAcceptance(facts).checks.find(({ check }) => check === 'description');
    expect(said).toEqual({ check: 'description', ok: true, message: expect.stringMatching(message) });
  });
});
