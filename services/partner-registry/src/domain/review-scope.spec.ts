import { describe, expect, it } from '@jest/globals';
import { aCertificate, ALL, aPartner, day, fingerprintOf } from '../testing/records.js';
import { addByHand } from './hand-filing.js';
import type { FiledCertificate, PartnerRecord } from './records.js';
import {
  EVERYTHING,
  inScope,
  keyOfName,
  mergeScopes,
  scopeOfAdded,
  scopeOfRemoved,
  scopeOfRevocations,
  type ReviewScope,
} from './review-scope.js';

const filed = addByHand(aPartner(), aCertificate('one'), ALL, day(0)).record.certificates[0] as FiledCertificate;
const root = { fingerprint: fingerprintOf('root'), subject: 'CN=Root' };
const issuer = { fingerprint: fingerprintOf('issuer'), subject: 'cn=test  ca' };
const since = day(0).toISOString();
const standing = { trusted: true, message: 'So.', anchor: root.fingerprint, since };
const under = [keyOfName('CN=Test CA'), keyOfName('CN=Root')];
const stands = { ...filed, standing, under };
const unseen = { ...filed, standing };
const fell = { ...filed, standing: { trusted: false, message: 'So.', since } };
const partner = aPartner();
const strict = aPartner({ revocation: 'fail' });
const mine = { partners: [{ station: partner.station, partner: partner.id }] };
const yours = { partners: [{ station: partner.station, partner: 'O0177OTHER' }] };

it.each<[string, ReviewScope, PartnerRecord, FiledCertificate, boolean]>([
  ['everything holds it', EVERYTHING, partner, stands, true],
  ['nothing holds nothing', {}, partner, fell, false],
  ['its issuer came, however it is written', scopeOfAdded(issuer), partner, stands, true],
  [
    'another authority came, and it stands',
    scopeOfAdded({ subject: 'CN=Other', fingerprint: issuer.fingerprint }),
    partner,
    stands,
    false,
  ],
  ['another authority came, and it fell', scopeOfAdded(root), partner, fell, true],
  ['another authority came, and nobody has looked yet', scopeOfAdded(root), partner, filed, true],
  ['its issuer went', scopeOfRemoved(issuer), partner, stands, true],
  ['what it ends at went', scopeOfRemoved(root), partner, stands, true],
  ['another authority went', scopeOfRemoved({ ...root, fingerprint: issuer.fingerprint }), partner, fell, false],
  ['a list of its issuer came', scopeOfRevocations('CN=Test CA'), partner, stands, true],
  ['a list of one above its issuer came', scopeOfRevocations('cn=root'), partner, stands, true],
  ['a list of one came that is not known to be above it', scopeOfRevocations('CN=Root'), partner, unseen, false],
  [
    'one between its issuer and the anchor went',
    scopeOfRemoved({ ...issuer, subject: 'CN=Root' }),
    partner,
    stands,
    true,
  ],
  ['a list of another one came', scopeOfRevocations('CN=Other'), partner, stands, false],
  ['a list failed, and that stands against it', { undetermined: true }, strict, stands, true],
  ['a list failed, and that is only told', { undetermined: true }, partner, stands, false],
  ['its partner is meant', mine, partner, stands, true],
  ['another partner is meant', yours, partner, stands, false],
])('%s', (_name, scope, whose, certificate, held) => {
  expect(inScope(scope, whose, certificate)).toBe(held);
});

describe('two scopes together', () => {
  const scopes: ReviewScope[] = [scopeOfAdded(issuer), scopeOfRemoved(root), { undetermined: true }, mine, yours, {}];

  it('hold what either holds, and nothing twice', () => {
    const merged = scopes.reduce(mergeScopes);
    expect(mergeScopes(merged, merged)).toEqual(merged);
    for (const certificate of [stands, fell, filed]) {
      for (const whose of [partner, strict, aPartner({ id: 'O0177OTHER' })]) {
        const either = scopes.some((scope) => inScope(scope, whose, certificate));
        expect(inScope(merged, whose, certificate)).toBe(either);
      }
    }
    expect(merged.names).toHaveLength(2);
    expect(merged.partners).toHaveLength(2);
  });

  it('are everything where one is, or where they name too many', () => {
    expect(mergeScopes(EVERYTHING, mine)).toEqual(EVERYTHING);
    expect(mergeScopes(mine, EVERYTHING)).toEqual(EVERYTHING);
    const many = Array.from({ length: 201 }, (_, n) => scopeOfRevocations(`CN=Authority ${n}`));
    expect(many.slice(1).reduce(mergeScopes).names).toHaveLength(200);
    expect(many.reduce(mergeScopes)).toEqual(EVERYTHING);
  });
});
