import { describe, expect, it } from '@jest/globals';
import { writeClid } from '@certlane/pki';
import { testKey, testSelfSigned } from '@certlane/pki/testing';
import {
  base,
  broken,
  by,
  bypass,
  byName,
  ca,
  days,
  entry,
  expired,
  first,
  foreign,
  host,
  inShort,
  known,
  listed,
  nobodyKnows,
  now,
  of,
  onFile,
  renamed,
  renewed,
  revoked,
  distrusted,
  selfSigned,
  sha1,
  subject,
  trusted,
  undetermined,
  unknownIssuer,
  weak,
} from '../../testing/acceptance.js';
import { decideAcceptance } from './decide.js';
import type { AcceptanceFacts, GivenApproval } from './facts.js';

const seen = (facts: AcceptanceFacts) => inShort(decideAcceptance(facts));

const ownRenewal = testSelfSigned(now, { host, subject, notBefore: days(-1), notAfter: days(700) }).certificate;
const ownOther = testSelfSigned(now, { host: 'new.beta.example', subject: 'CN=new.beta.example' }).certificate;
/** Says that it is its own issuer, and is signed by somebody else. */
const pretended = testSelfSigned(now, { host, subject, signedWith: testKey('somebody') }).certificate;
const signing = ca.issue({ host, subject, keyUsage: ['digitalSignature'] }).certificate;

const renewal = by({ selfSigned: 'renewal' });
const ownOnFile = { entries: [], onFile: [onFile(selfSigned)], verdict: unknownIssuer, rules: renewal };
const manual = by({ acceptance: 'manual' });
const off = by({ acceptance: 'off' });
const lists = { rules: by({ acceptance: 'trusted' }), entries: [], verdict: listed };
const fail = by({ revocation: 'fail' });
const failed = (check: string) => ({ check, ok: false, message: `no ${check}` });
const tlsOnly = entry(`CN=${host}`, ca.authority.certificate, ['tls'], { id: 'other', keyUsage: '80' });
const twoNames = { entries: [byName, tlsOnly] };

describe('the acceptance decision by policy', () => {
  it.each<[string, AcceptanceFacts, string]>([
    ['off: what an entry expects', { ...base, rules: off }, 'acceptance-off'],
    ['off: the one on file again', known(first, { rules: off }), 'acceptance-off'],
    ['manual: what an entry expects', { ...base, rules: manual }, 'held: manual'],
    ['manual: what an entry expects, through the bypass', { ...base, ...bypass, rules: manual }, 'held: manual'],
    ['manual: a renewal', known(renewed, { rules: manual }), 'held: manual'],
    ['manual: the one on file again, which changes nothing', known(first, { rules: manual }), 'accepted'],
    [
      'manual: the one on file again, recalling another',
      known(renewed, { rules: manual, kind: 'replace', onFile: [onFile(first), onFile(renewed)] }),
      'held: manual',
    ],
    ['manual: what nothing fits', known(renamed, { rules: manual }), 'held: no-match, manual'],
    ['manual: what nothing fits, through the bypass', known(renamed, { ...bypass, rules: manual }), 'no-match'],
    ['manual: an expired one', of(expired, { rules: manual }), 'expired'],
    ['manual: a revoked one', { ...base, rules: manual, verdict: revoked }, 'revoked'],
    ['manual: what is not trusted', { ...base, rules: manual, verdict: broken }, 'untrusted'],
    ['trusted: a first one of a listed authority', of(first, lists), 'accepted'],
    ['trusted: a first one in a session that proves nobody', of(first, { ...lists, proven: false }), 'accepted'],
    ['trusted: a first one through the bypass', of(first, { ...lists, ...bypass }), 'no-match'],
    ['trusted: of an installed issuer, without an entry', of(first, { ...lists, verdict: trusted }), 'held: no-match'],
    ['trusted: of an installed issuer, with an entry', { ...base, rules: lists.rules }, 'accepted'],
    ['trusted: revoked', of(first, { ...lists, verdict: { ...revoked, anchor: listed.anchor } }), 'revoked'],
    [
      'trusted: no first one, since another serves',
      of(renamed, { ...lists, onFile: [onFile(first)] }),
      'held: no-match',
    ],
    [
      'trusted: a first one for other usages than the one on file',
      of(signing, { ...lists, onFile: [onFile(renamed, 'current', ['file-encryption'])] }),
      'accepted',
    ],
    ['a listed authority counts only by that policy', of(first, { ...lists, rules: base.rules }), 'held: no-match'],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });

  it.each([
    ['everything', first, ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature']],
    ['what signs', signing, ['tls', 'file-signature', 'eerp-signature']],
  ])('lets a first certificate of a listed authority serve what its key usage allows: %s', (_what, one, usages) => {
    expect(decideAcceptance(of(one, lists))).toMatchObject({ outcome: 'accepted', usages, predecessors: [] });
  });
});

describe('what ca-store finds', () => {
  it.each<[string, AcceptanceFacts, string]>([
    [
      'issued beside the listed authority',
      { ...base, verdict: distrusted('not-by-listed-authority') },
      'not-by-listed-authority',
    ],
    ['revoked', { ...base, verdict: revoked }, 'revoked'],
    ['revoked, whatever the mode', { ...base, rules: by({ revocation: 'off' }), verdict: revoked }, 'revoked'],
    ['weak further up', { ...base, verdict: distrusted('weak') }, 'weak'],
    ['not for this purpose', { ...base, verdict: distrusted('usage') }, 'untrusted'],
    ['an older ca-store that names no reason', { ...base, verdict: { ...broken, reason: undefined } }, 'untrusted'],
    ['nobody can tell, in mode fail', { ...base, rules: fail, verdict: undetermined }, 'held: revocation-undetermined'],
    [
      'nobody can tell, in mode fail, and nothing fits',
      known(renamed, { rules: fail, verdict: undetermined }),
      'held: no-match, revocation-undetermined',
    ],
    [
      'nobody can tell, and its path does not hold either',
      { ...base, rules: fail, verdict: { ...undetermined, checks: [failed('revocation'), failed('dates')] } },
      'untrusted',
    ],
    [
      'nobody can tell, and an authority above it is weak',
      { ...base, rules: fail, verdict: { ...undetermined, checks: [failed('strength'), failed('revocation')] } },
      'weak',
    ],
    ['nobody can tell, in mode warn', { ...base, verdict: { ...trusted, revocation: nobodyKnows } }, 'accepted'],
    ['nobody can tell of an expired one', of(expired, { rules: fail, verdict: undetermined }), 'expired'],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });

  it('stands against a weak certificate only where an operator does not allow it', () => {
    const allowed = by({ weakKeys: true });
    expect([weak, sha1].map((one) => seen(of(one, { rules: allowed })))).toEqual(['accepted', 'accepted']);
    expect(decideAcceptance(of(sha1, { rules: allowed })).checks).toContainEqual({
      check: 'strength',
      ok: true,
      message: expect.stringContaining('allowed for this partner'),
    });
  });
});

describe('a self-signed certificate', () => {
  it.each<[string, AcceptanceFacts, string]>([
    ['renews a self-signed one where that is allowed', of(ownRenewal, ownOnFile), 'accepted'],
    ['does not where it is not', of(ownRenewal, { ...ownOnFile, rules: base.rules }), 'self-signed'],
    [
      'does not where nobody has proven to be the partner',
      of(ownRenewal, { ...ownOnFile, proven: false }),
      'self-signed',
    ],
    ['does not in the bypass', of(ownRenewal, { ...ownOnFile, ...bypass }), 'self-signed'],
    ['that is on file comes again', of(selfSigned, { ...ownOnFile, rules: base.rules }), 'accepted'],
    ['that is on file comes again in the bypass', of(selfSigned, { ...ownOnFile, ...bypass }), 'accepted'],
    [
      'is no first one, though an entry expects it',
      of(selfSigned, { ...ownOnFile, onFile: [], entries: [entry(`CN=${host}`, selfSigned, ['tls'])] }),
      'self-signed',
    ],
    ['is no first one that a person could approve', of(ownOther, { ...ownOnFile, onFile: [] }), 'self-signed'],
    [
      'renews one of another name that its CLID tells',
      of(ownOther, { ...ownOnFile, description: writeClid(selfSigned) }),
      'accepted',
    ],
    [
      'does not take the place of one that has an issuer',
      of(ownOther, { ...ownOnFile, onFile: [onFile(first)], description: writeClid(first) }),
      'self-signed',
    ],
    ['has to be signed by itself', of(pretended, ownOnFile), 'self-signed'],
    [
      'waits for a person with the policy manual',
      of(ownRenewal, { ...ownOnFile, rules: { ...renewal, acceptance: 'manual' } }),
      'held: manual',
    ],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });

  it('that is to follow one with an issuer is refused in words that say so', () => {
    const facts = of(ownOther, { ...ownOnFile, onFile: [onFile(first)], description: writeClid(first) });
    expect(decideAcceptance(facts).message).toContain('names one that an authority issued');
  });

  it('is said to have no authority behind it', () => {
    expect(decideAcceptance(of(ownRenewal, ownOnFile)).checks).toContainEqual({
      check: 'trusted',
      ok: true,
      message: 'self-signed: no authority stands behind it',
    });
  });
});

describe('several entries', () => {
  it('that fit equally well leave it to a person, and are named', () => {
    const decision = decideAcceptance({ ...base, ...twoNames });
    expect(inShort(decision)).toBe('held: ambiguous');
    expect(decision.message).toContain(`CN=${host} ('CN=${host}' for tls, session-authentication); other (`);
    expect(decision.match).toMatchObject({ entries: [{ id: `CN=${host}` }, { id: 'other' }], usages: [] });
  });

  it.each([
    ['the whole name before a part of it', `CN=${host},O=Beta,C=DE`, `CN=${host},O=Beta`],
    ['a part of the name before the common name', `O=Beta,CN=${host}`, `CN=${host}`],
  ])('of which one is more exact leave it to that one: %s', (_what, exact, vague) => {
    const entries = [
      entry(vague, ca.authority.certificate, ['tls']),
      entry(exact, ca.authority.certificate, ['file-signature']),
    ];
    expect(decideAcceptance({ ...base, entries })).toMatchObject({ outcome: 'accepted', usages: ['file-signature'] });
  });
});

describe('the word of a person', () => {
  const anna = (more: Partial<GivenApproval> = {}): GivenApproval => ({
    by: 'operator:anna',
    covers: ['manual'],
    excluded: [],
    ...more,
  });
  const said = (facts: AcceptanceFacts, more: Partial<GivenApproval> = {}) => ({ ...facts, approval: anna(more) });
  const unmatched = known(renamed);

  it.each<[string, AcceptanceFacts, string]>([
    ['does for the policy manual', said({ ...base, rules: manual }), 'accepted'],
    [
      'passes over what it was shown alone',
      said({ ...base, rules: by({ revocation: 'fail' }), verdict: undetermined }),
      'held: revocation-undetermined',
    ],
    [
      'passes over revocation that nobody can tell',
      said(
        { ...base, rules: fail, verdict: { ...trusted, revocation: nobodyKnows } },
        { covers: ['revocation-undetermined'] },
      ),
      'accepted',
    ],
    ['does not pass over revocation', said({ ...base, rules: manual, verdict: revoked }), 'revoked'],
    ['does not pass over distrust', said({ ...base, rules: manual, verdict: broken }), 'untrusted'],
    ['does not pass over expiry', said(of(expired, { rules: manual })), 'expired'],
    ['does not pass over weakness', said(of(weak, { rules: manual })), 'weak'],
    ['does not pass over a recall', said(known(first, { onFile: [onFile(first, 'replaced')] })), 'recalled'],
    ['has to say what it is to serve where nothing fits', said(unmatched, { covers: ['no-match'] }), 'held: no-match'],
    ['says what it is to serve', said(unmatched, { covers: ['no-match'], usages: ['tls'] }), 'accepted'],
    ['says what it follows', said(unmatched, { covers: ['no-match'], follows: first.fingerprint }), 'accepted'],
    ['says which entry counts', said({ ...base, ...twoNames }, { covers: ['ambiguous'], entry: 'other' }), 'accepted'],
    ['has to say which entry counts', said({ ...base, ...twoNames }, { covers: ['ambiguous'] }), 'held: ambiguous'],
    [
      'does not bring a stranger in',
      said(of(foreign, { entries: [], verdict: unknownIssuer }), { usages: ['tls'] }),
      'issuer-unknown',
    ],
    [
      'does not take another’s place in the bypass',
      said(known(renamed, bypass), { usages: ['session-authentication'] }),
      'unproven',
    ],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });

  it('decides usages and predecessors', () => {
    const follows = { covers: ['no-match'], follows: first.fingerprint } as const;
    expect(decideAcceptance(said(unmatched, follows))).toMatchObject({
      usages: ['session-authentication'],
      predecessors: [first.fingerprint],
      match: { by: 'approval', message: 'operator:anna says that it serves session-authentication' },
    });
    expect(decideAcceptance(said(unmatched, { covers: ['no-match'], usages: ['tls'] }))).toMatchObject({
      usages: ['tls'],
      predecessors: [],
    });
  });

  it.each([
    ['entry', { entry: 'gone' }],
    ['follows', { follows: 'f'.repeat(64) }],
    ['usages', { follows: renewed.fingerprint }],
  ] as const)('that names what is not there is refused, naming %s', (field, more) => {
    const facts = known(renamed, { onFile: [onFile(renewed, 'current', [])] });
    expect(() => decideAcceptance(said(facts, more))).toThrow(
      expect.objectContaining({ code: 'invalid-argument', details: { field } }),
    );
  });

  describe('where two persons are wanted', () => {
    const both = by({ acceptance: 'manual', twoPerson: true });
    const entered = (enteredBy: string | undefined) => [
      { ...byName, ...(enteredBy === undefined ? {} : { enteredBy }) },
    ];

    it.each([
      ['does not count from who entered the entry', 'operator:anna', 'held', /operator:anna entered .* another person/],
      ['counts from another person', 'operator:bert', 'accepted', undefined],
      ['does not count where nobody knows who entered the entry', undefined, 'held', /nobody knows who entered/],
    ])('%s', (_name, enteredBy, outcome, objection) => {
      const decision = decideAcceptance(said({ ...base, rules: both, entries: entered(enteredBy) }));
      expect(decision.outcome).toBe(outcome);
      if (objection !== undefined) expect(decision).toMatchObject({ objection: expect.stringMatching(objection) });
    });

    it('does not count with an entry of that person either that it chose itself', () => {
      const facts = { ...unmatched, rules: both, entries: entered('operator:anna') };
      const word = { covers: ['no-match', 'manual'], entry: byName.id } as const;
      expect(inShort(decideAcceptance(said(facts, word)))).toBe('held: no-match, manual');
    });

    it.each([
      ['says what it is to serve', { usages: ['tls'] as const }],
      ['says what it follows', { follows: renamed.fingerprint }],
      ['chooses the entry of another person', { entry: 'other' }],
    ])('does not count from who entered an entry that fits and %s', (_how, more) => {
      const entries = [...entered('operator:anna'), { ...tlsOnly, enteredBy: 'operator:bert' }];
      const facts = { ...base, rules: both, entries, onFile: [onFile(renamed, 'accepted')] };
      const word = { covers: ['ambiguous', 'manual'], ...more } as const;
      expect(decideAcceptance(said(facts, word))).toMatchObject({
        outcome: 'held',
        objection: expect.stringMatching(/operator:anna entered .* another person/),
      });
      const third = { ...said(facts, word), approval: anna({ ...word, by: 'operator:carl' }) };
      expect(seen(third)).toBe('accepted');
    });

    it('does not count from who was excluded once, whatever became of the entry', () => {
      const facts = { ...unmatched, rules: both, entries: [] };
      const word = { covers: ['no-match', 'manual'], usages: ['tls'] } as const;
      expect(seen(said(facts, word))).toBe('accepted');
      expect(decideAcceptance(said(facts, { ...word, excluded: ['operator:anna'] }))).toMatchObject({
        outcome: 'held',
        objection: expect.stringMatching(/^operator:anna entered identification data for it, so another person must/),
      });
    });

    it('counts for a renewal, which no entry stands for', () => {
      expect(seen(said(known(renewed, { rules: both })))).toBe('accepted');
    });
  });
});

describe('a file of a sub-station', () => {
  const theirs = { ...base, subStation: true, originator: 'O0177SUB' };

  it.each<[string, AcceptanceFacts, string]>([
    ['is decided like any other', theirs, 'accepted'],
    ['does not come through the bypass', { ...theirs, ...bypass }, 'unproven'],
    ['belongs to one that the partner has', { ...theirs, foreign: true, entries: [] }, 'no-match'],
  ])('%s', (_name, facts, expected) => {
    expect(seen(facts)).toBe(expected);
  });
});
