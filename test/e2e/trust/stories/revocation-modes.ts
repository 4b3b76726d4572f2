import { beforeAll, describe, expect, it } from '@jest/globals';
import { registryEvents, type RevocationMode } from '@certlane/contracts';
import { eventually } from '../../../support/eventually.js';
import type { Label } from '../../../support/interoperability/roles.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

const AUTHORITY = 'Company A OFTP2 CA';
const FILES = ['file-signature'] as const;

/** What a revoked certificate is worth, by the mode of a partner, and once its authority takes the revocation back. */
export function revocationModes(two: () => TwoCompanies): void {
  describe('a revoked certificate', () => tests(two));
}

function tests(two: () => TwoCompanies): void {
  let a: Relation['a'];
  let b: Relation['b'];
  let number = 100;

  beforeAll(async () => {
    await two().followTheTrustList();
    ({ a, b } = await Relation.acquaint(two(), { name: 'REVOKED', ours: [['CA01', ['session-authentication']]] }));
    await two().b.ok('partner', 'set', b.other, '--revocation', 'warn');
  });

  const publish = async (...revoked: readonly Label[]) => {
    number += 1;
    two().publication.publishRevocationList('A', { revoked, number, thisUpdate: new Date(Date.now() - 60_000) });
    await two().b.ok('crl', 'refresh', AUTHORITY);
  };
  const mode = (revocation: RevocationMode) => two().b.ok('partner', 'set', b.other, '--revocation', revocation);
  const becomes = (label: Label, state: string) => eventually(b.states.bind(b), (states) => states[label] === state);

  it('put on file by hand is told to be revoked at once, and serves nothing', async () => {
    const file = await two().b.write('ca07.pem', two().set.member('CA07').certificatePem);
    const add = (usage: string) =>
      two().b.run('anna', 'partner', 'certificate', 'add', b.other, file, '--usage', usage);
    expect((await add('file-signature')).out).toContain('It is trusted: ');
    await publish('CA07');
    expect(await becomes('CA07', 'revoked')).toMatchObject({ CA07: 'revoked' });
    await two().b.ok('partner', 'certificate', 'remove', b.other, file);
    const again = await add('file-signature');
    expect(again.out).toMatch(/^It is not trusted \(revoked\): .* was revoked at .* It serves nothing\.$/m);
    expect(await b.serving('file-signature')).toMatchObject({ theirs: 'none' });
    const { out } = await two().b.run('anna', 'partner', 'show', b.other);
    expect(out).toMatch(/ revoked +file-signature +by hand +no, revoked since /);
  });

  it('is refused in a session with warn and fail, and taken over where nobody asks', async () => {
    await publish('CA07', 'CA08');
    await a.use('CA08', FILES);
    for (const strict of ['warn', 'fail'] as const) {
      await mode(strict);
      const sent = await a.hand('deliver', 'CA08');
      expect(sent).toMatchObject({ state: 'rejected', reason: 'nerp-34' });
      expect(sent.message).toMatch(/^NERP 34: not-revoked, revoked: .* was revoked at /);
    }
    await mode('off');
    expect(await a.hand('deliver', 'CA08')).toMatchObject({ state: 'acknowledged' });
    expect(await b.serving('file-signature')).toMatchObject({ theirs: 'CA08' });
  });

  it('on file serves nothing as soon as somebody asks', async () => {
    await mode('warn');
    expect(await becomes('CA08', 'revoked')).toMatchObject({ CA07: 'revoked', CA08: 'revoked' });
    expect(await b.serving('file-signature')).toMatchObject({ theirs: 'none' });
  });

  it('stands again once its authority takes the revocation back, and that is told', async () => {
    await publish();
    expect(await becomes('CA08', 'current')).toMatchObject({ CA07: 'accepted', CA08: 'current' });
    expect(await b.serving('file-signature')).toMatchObject({ theirs: 'CA08' });
    const stood = await b.told(registryEvents.certificateStood);
    expect(stood.map(({ certificate }) => b.name(certificate.fingerprint))).toContain('CA08');
  });
}
