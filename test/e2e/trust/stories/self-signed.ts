import { beforeAll, describe, expect, it } from '@jest/globals';
import { testSelfSigned, type TestIdentity } from '@certlane/pki/testing';
import { carry } from '../carrier.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

const FILES = ['file-signature'] as const;
const HOUR = 3_600_000;

/** A self-signed certificate comes by hand first; in sessions it is renewed, where that is allowed. */
export function selfSignedCertificates(two: () => TwoCompanies): void {
  describe('a self-signed certificate', () => tests(two));
}

function tests(two: () => TwoCompanies): void {
  let a: Relation['a'];
  let b: Relation['b'];
  let first: TestIdentity;
  let next: TestIdentity;
  let stranger: TestIdentity;

  beforeAll(async () => {
    const now = Date.now();
    const made = (name: string, hours: number) =>
      testSelfSigned(new Date(), { subject: `CN=${name},O=Company A,C=DE`, notBefore: new Date(now - hours * HOUR) });
    [first, next, stranger] = [made('signs.company-a.example', 3), made('signs.company-a.example', 2), made('odd', 1)];
    ({ a, b } = await Relation.acquaint(two(), { name: 'SELFSIGNED', ours: [['CA01', ['session-authentication']]] }));
  });

  const set = (rule: string) => two().b.ok('partner', 'set', b.other, '--self-signed', rule);

  it('is put on file by an operator, who vouches for it', async () => {
    const file = await two().b.write('self-signed.pem', first.certificatePem);
    const added = await two().b.run(
      'anna',
      'partner',
      'certificate',
      'add',
      b.other,
      file,
      '--usage',
      'file-signature',
    );
    expect(added.out).toContain('It is self-signed: no authority stands behind it, you vouch for it.');
    const shown = await two().b.run('anna', 'partner', 'show', b.other);
    expect(shown.out).toMatch(/CN=signs\.company-a\.example.* current +file-signature +by hand +self-signed$/m);
  });

  it('is not renewed where the rule is never, and both sides read why', async () => {
    await a.use(next, FILES);
    const before = await b.knowledge();
    const sent = await a.hand('deliver', next);
    expect(sent).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
    const told = await two().a.run('anna', 'exchange', 'show', sent.id);
    expect(told.out).toMatch(
      /^Meaning +NERP 34: self-signed, self-signed: .* an operator must put it on file by hand \(passed before: .*\)$/m,
    );
    const { id } = await b.received(sent, 'refused');
    const read = await two().b.run('anna', 'exchange', 'show', id);
    expect(read.out).toMatch(/^ {2}Outcome +refused \(self-signed\)$/m);
    expect(read.out).toMatch(/^ +no +self-signed +the certificate is self-signed: /m);
    expect(await b.knowledge()).toEqual(before);
  });

  it('is renewed where that is allowed', async () => {
    await set('renewal');
    expect(await a.hand('deliver', next)).toMatchObject({ state: 'acknowledged' });
    expect(await b.states()).toMatchObject({ [b.name(first.certificate.fingerprint)]: 'accepted' });
    expect(await b.serving('file-signature')).toMatchObject({ theirs: b.name(next.certificate.fingerprint) });
  });

  it('of another name is none of its renewals', async () => {
    const before = await b.knowledge();
    const [answer, ...more] = await carry(b, two().set, [{ kind: 'deliver', from: b.other, identity: stranger }]);
    expect(answer).toMatch(/^NERP 34 .*renews no self-signed one on file/);
    expect(more).toEqual([]);
    expect(await b.knowledge()).toEqual(before);
  });
}
