import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ExchangeKind } from '@certlane/contracts';
import type { TestCertificateOptions, TestIdentity } from '@certlane/pki/testing';
import { carry } from '../carrier.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

/** Renewals of CA04 that no station of Certlane sends: weak ones, and one that is valid only later. */
export function oddCertificates(two: () => TwoCompanies): void {
  describe('a renewal', () => tests(two));
}

function tests(two: () => TwoCompanies): void {
  let b: Relation['b'];

  beforeAll(async () => {
    await two().followTheTrustList();
    const ours = [['CA01', ['session-authentication']] as const, ['CA04', ['file-signature']] as const];
    ({ b } = await Relation.acquaint(two(), { name: 'ODD', ours }));
  });

  const renewal = (options: TestCertificateOptions): TestIdentity => {
    const { subject, keyUsage, extendedKeyUsage } = two().set.member('CA04').certificate;
    const same = {
      subject,
      keyUsage: keyUsage?.flags ?? 'none',
      extendedKeyUsage: extendedKeyUsage ?? 'none',
    } as const;
    // Not older than what it renews.
    const begun = options.future === true ? {} : { notBefore: new Date(Date.now() - 1_000) };
    return two().set.issue('A', { ...same, ...begun, host: 'localhost', ...options });
  };
  const bring = (identity: TestIdentity, kind: ExchangeKind = 'deliver') =>
    carry(b, two().set, [{ kind, from: b.other, identity }]);

  it.each([
    ['a short key', 'rsa-1024', /^NERP 34 strength, weak: .*its RSA key has 1024 bits/],
    ['a SHA-1 signature', 'sha1', /^NERP 34 strength, weak: .*sha1WithRSAEncryption/],
  ] as const)('with %s is refused, unless it is allowed for this partner', async (_name, weak, words) => {
    const identity = renewal({ weak });
    const before = await b.knowledge();
    const [refused] = await bring(identity);
    expect(refused).toMatch(words);
    expect(await b.knowledge()).toEqual(before);

    await two().b.ok('partner', 'set', b.other, '--weak-keys');
    expect(await bring(identity)).toEqual([`EERP to ${b.other}`]);
    expect(await b.serving('file-signature')).toMatchObject({ theirs: b.name(identity.certificate.fingerprint) });
    await two().b.ok('partner', 'set', b.other, '--no-weak-keys');
  });

  it('that is valid only later is scheduled, and replaces nothing before its day', async () => {
    const identity = renewal({ future: true });
    const [refused] = await bring(identity, 'replace');
    expect(refused).toMatch(/^NERP 34 validity, not-yet-valid: .*only a delivered one may start later/);
    const { theirs } = await b.serving('file-signature');

    expect(await bring(identity)).toEqual([`EERP to ${b.other}`]);
    const { fingerprint, notBefore } = identity.certificate;
    expect(await b.states()).toMatchObject({ [b.name(fingerprint)]: 'scheduled' });
    expect(await b.serving('file-signature')).toMatchObject({ theirs });
    const { out } = await two().b.run('anna', 'partner', 'show', b.other);
    const from = `from ${notBefore.toISOString().slice(0, 10)}`;
    expect(out.match(new RegExp(`^ +${fingerprint.slice(0, 12)} +${from} `, 'gm'))).toHaveLength(1);
  });
}
