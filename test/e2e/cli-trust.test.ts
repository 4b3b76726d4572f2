import { readFile } from 'node:fs/promises';
import type { Issuer, RevocationListView, TrustListView, ValidationVerdict } from '@certlane/contracts';
import { testRevocationList } from '@certlane/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Publication } from '../support/interoperability/publication.js';
import { eventually } from '../support/eventually.js';
import type { RunningStation } from '../support/running-station.js';
import { ca, CliOffice, THEM, US } from './cli-office.js';

interface Verdicts {
  readonly verdicts: readonly { readonly usage?: string; readonly verdict: ValidationVerdict }[];
}

let office: CliOffice;
let station: RunningStation;
let publication: Publication;
/** The list that was imported, among those that are known. */
const importedList = async (): Promise<RevocationListView> => {
  const { revocationLists } = await station.ok<{ revocationLists: RevocationListView[] }>('crl', 'list');
  return revocationLists.find(({ origin }) => origin === 'imported') as RevocationListView;
};
const file = (name: string): string => office.file(name);
const listed = async (): Promise<TrustListView> =>
  (await station.ok<{ trustList: TrustListView }>('tsl', 'show', 'odette')).trustList;

beforeAll(async () => {
  publication = await Publication.open({ now: new Date(), host: 'localhost' });
  office = await CliOffice.open();
  ({ station } = office);
  const { set } = publication;
  for (const member of set.members) await office.write(`${member.label}.pem`, member.certificatePem);
  await office.write('signer.pem', set.signers.current.certificatePem);
  await office.write('next-signer.pem', set.signers.next.certificatePem);
  await office.write('chain.pem', await readFile(file('authority.pem')));
}, 120_000);

afterAll(async () => {
  await office.close();
  await publication.close();
});

describe('authorities', () => {
  it('installed for verification only are known, and no partner can be trusted on them', async () => {
    await office.write('verifier.der', publication.set.authorities.outside.certificate.der);
    const { out } = await office.run('issuer add @verifier.der --purpose verification-only');
    expect(out).toMatch(/^1 issuer installed for verification-only\.\n\w{12} {2}CN=Outside OFTP2 CA/);
    expect((await office.run('issuer list')).out).toMatch(/CN=Outside OFTP2 CA.* authority +verification-only/);
    const usable = await office.run('issuer list --usable-by-partners');
    expect(usable.out).toContain('CN=Beta OFTP2 CA');
    expect(usable.out).not.toContain('CN=Outside OFTP2 CA');
  });

  it('say who stands on them, and go only when somebody wants that', async () => {
    const shown = await office.run(['issuer', 'show', 'Beta OFTP2 CA']);
    expect(shown.out).toMatch(/^Installed +\S+ \S+ by operator:\S+, for OFTP2/m);
    expect(shown.out).toMatch(new RegExp(`${THEM} +O0013000000ACME +1 +0`));
    const refused = await office.run(['issuer', 'remove', 'Beta OFTP2 CA']);
    expect(refused).toMatchObject({ status: 5, out: '' });
    expect(refused.err).toContain(`1 partner stands on CN=Beta OFTP2 CA`);
    expect(refused.err).toContain(`(${THEM} of O0013000000ACME (1 entry)): nothing was done; give --yes`);
    const { removed, dependents } = await station.ok<{ removed: Issuer; dependents: unknown[] }>(
      'issuer',
      'remove',
      'Beta OFTP2 CA',
      '--yes',
    );
    expect([removed.fingerprint, dependents.length]).toEqual([ca.authority.certificate.fingerprint, 1]);
    await station.ok('issuer', 'add', file('issuer.pem'));
  });

  it('lose their trust as one is removed: whom that would break is said, and what has changed', async () => {
    const demote = 'issuer add @authority.pem --purpose verification-only';
    const filed = `partner certificate add ${THEM} @beta.pem --usage file-signature`;
    expect((await office.run(filed)).status).toBe(0);
    const who = `${THEM} of O0013000000ACME (1 entry, 1 certificate)`;
    // The root above carries what this one issued.
    const one = await office.run('issuer add @issuer.pem --purpose verification-only');
    expect(one.out).toMatch(/^1 issuer made verification-only\.\n.*\(was oftp2, is now verification-only\)$/m);
    expect((await office.run('issuer add @issuer.pem')).out).toMatch(/\(was verification-only, is now oftp2\)$/m);
    const refused = await office.run(demote);
    expect(refused).toMatchObject({ status: 5, out: '' });
    expect(refused.err).toContain(`1 partner stands on 2 authorities that would be verification-only (${who})`);
    expect(await office.run(`--json ${demote}`)).toMatchObject({ status: 5 });
    expect((await office.run('validate @beta.pem')).status).toBe(0);
    const done = await station.ok<{ issuers: { added: boolean; formerPurpose?: string }[]; dependents: unknown[] }>(
      ...office.words(`${demote} --yes`),
    );
    expect(done).toMatchObject({ dependents: [{ partner: THEM, entries: 1, certificates: [{}] }] });
    expect(done.issuers.map(({ added, formerPurpose }) => [added, formerPurpose])).toEqual([
      [true, 'oftp2'],
      [true, 'oftp2'],
    ]);
    expect((await office.run('validate @beta.pem')).status).toBe(10);
    expect((await office.run(demote)).out).toMatch(
      /^Nothing changed\.\n.*\(was installed for verification-only already\)$/m,
    );
    expect((await office.run('issuer add @authority.pem')).out).toMatch(/^2 issuers made oftp2\.$/m);
    expect((await office.run('events')).out).toMatch(
      /CN=Beta OFTP2 CA\S* \S* ?was oftp2, is now verification-only by operator:/,
    );
    expect((await office.run('audit --details')).out).toMatch(
      /before \{"issuers":\[\{"fingerprint":"\w+","purpose":"oftp2"\}.*\n.*after +\{"purpose":"verification-only",.*"formerPurpose":"oftp2"/,
    );
  });

  it('may be carried by another one above, which is said before one is removed and after', async () => {
    const refused = await office.run(['issuer', 'remove', 'Beta OFTP2 CA']);
    expect(refused.err).toContain('1 certificate, which is trusted still where the chain comes along');
    expect((await office.run(['issuer', 'show', 'Beta OFTP2 CA'])).out).toMatch(
      new RegExp(`${THEM} +O0013000000ACME +1 +1 +1$`, 'm'),
    );
    const removed = await office.run(['issuer', 'remove', 'Beta OFTP2 CA', '--yes']);
    expect(removed.out).toContain('What is below it is trusted only where another authority carries it');
    expect((await office.run('validate @beta.pem')).status).toBe(10);
    expect((await office.run('validate @beta.pem --chain @issuer.pem')).status).toBe(0);
    // By itself the certificate is not trusted now, and nobody here knows what its partner sends along.
    expect((await office.run('issuer remove @root.pem')).out).toMatch(/^CN=Beta Root.* removed: no path ends at it/);
    await station.ok('issuer', 'add', file('authority.pem'));
  });
});

describe('trust lists', () => {
  it('are followed at an address; who signs the first one is pinned, and said to be unvouched for', async () => {
    const added = await office.run(`tsl add odette --url ${publication.trustListUrl()}`);
    expect(added).toMatchObject({ status: 0, err: '' });
    expect(added.out).toMatch(/^Trust list odette is followed\.\n/);
    expect(added.out).toMatch(/^Authorities in accord +2$/m);
    expect(added.out).toMatch(/^Its signer \w{12} was pinned by this first list; certlane tsl show odette says how/m);
    const { out } = await office.run('tsl show odette');
    expect(out).toMatch(/^State +current$/m);
    expect(out).toContain(`Nobody has vouched for`);
    expect(out).toContain(publication.set.signers.current.certificate.fingerprint);
    expect(out).toMatch(/CN=Company A OFTP2 CA,O=Company A,C=DE .* Company A OFTP2 CA$/m);
    expect((await office.run('tsl list')).out).toMatch(
      /odette +current +oftp2 +1 .* 2 .* \w{12} \(from the first list\)/,
    );
    expect((await office.run('issuer list')).out).toMatch(/CN=Company A OFTP2 CA.* - +- +odette$/m);
  });

  it('are read again when asked to, and their difference is an event', async () => {
    publication.publishTrustList({ sequenceNumber: 2, without: ['B'] });
    const { out } = await office.run('tsl refresh odette');
    expect(out).toMatch(/^Sequence number +2$/m);
    expect(out).toMatch(/^Authorities in accord +1$/m);
    const events = await office.run('events');
    expect(events.out).toMatch(
      /trust-list\.taken +trust list odette, number 2, is in use: 1 authority removed \(CN=Company B OFTP2 CA/,
    );
    publication.publishTrustList({ sequenceNumber: 3 });
    await office.write('edition.xml', publication.set.trustList({ sequenceNumber: 4 }));
    expect((await office.run('tsl import odette @edition.xml')).out).toMatch(/^Sequence number +4$/m);
  });

  it('keep the last good edition when a bad one comes, and say why and what to do', async () => {
    publication.publishBadTrustList('wrong-signer', { sequenceNumber: 5 });
    const ran = await office.run('tsl refresh odette');
    expect(ran).toMatchObject({ status: 5, err: '' });
    expect(ran.out).toMatch(/^Trust list odette is followed, but what came was not taken; edition 4 stays in use\.$/m);
    expect(ran.out).toMatch(/^Last try +\S+ \S+ failed \(trust-list-signer-unknown\): The trust list names/m);
    expect(ran.out).toMatch(
      /^What to do +if the publisher has announced .*: certlane tsl signer stage odette CERT, then/m,
    );
    const json = await office.run('--json tsl refresh odette');
    expect([json.status, JSON.parse(json.out)]).toMatchObject([
      5,
      { outcome: 'refused', trustList: { name: 'odette' } },
    ]);
    expect((await office.run('events')).out).toMatch(/trust-list-signer-unknown: .*; if the publisher has announced/);
    await office.write(
      'by-next.xml',
      publication.set.trustList({ sequenceNumber: 5, signedBy: publication.set.signers.next }),
    );
    const imported = await office.run('tsl import odette @by-next.xml');
    expect(imported).toMatchObject({ status: 5, out: '' });
    expect(imported.err).toMatch(/no pinned certificate signed it; if the .*: certlane tsl signer stage odette CERT/);
    expect(await listed()).toMatchObject({ sequenceNumber: 4, authorities: 2, lastTry: { ok: false } });
  });

  it('take another signer only from two persons', async () => {
    const staged = await office.run('--actor anna tsl signer stage odette @next-signer.pem');
    const next = publication.set.signers.next.certificate.fingerprint;
    expect(staged.out).toContain(`Staged as signer of trust list odette by operator:anna: SHA-256 fingerprint ${next}`);
    expect((await office.run('tsl show odette')).out).toContain('staged by operator:anna, not confirmed yet');
    const alone = await office.run('--actor anna tsl signer confirm odette');
    expect(alone).toMatchObject({ status: 5, out: '' });
    expect(alone.err).toMatch(
      /^certlane: --actor is 'operator:anna': operator:anna has staged "CN=Next TSL Signer.*" .*; another person confirms it, .* certlane --actor NAME tsl signer confirm odette$/m,
    );
    const replaced = await office.run('--actor anna tsl signer stage odette @CA01.pem');
    expect(replaced.out).toMatch(/^It takes the place of CN=Next TSL Signer.*, staged by operator:anna\.$/m);
    await office.run('--actor anna tsl signer stage odette @next-signer.pem');
    const confirmed = await office.run(`--actor bert tsl signer confirm odette ${next.slice(0, 8)}`);
    expect(confirmed.out).toMatch(/^CN=Next TSL Signer.* signs trust list odette from now on\.$/m);
    expect(await office.run('tsl refresh odette')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^Sequence number +5$/m) as unknown,
    });
    expect((await office.run('tsl show odette')).out).toContain('staged by operator:anna, confirmed by operator:bert');
    expect((await office.run('events')).out).toMatch(/signs trust list odette from now on, confirmed by operator:bert/);
  });

  it('whose address is wrong are followed at another one, or given up without a question', async () => {
    const { publisher } = publication;
    const wrong = await office.run(`tsl add typo --url ${publisher.url}/nothing.xml`);
    expect(wrong).toMatchObject({ status: 7, err: '' });
    expect(wrong.out).toMatch(/^Trust list typo is followed, but could not be read\.\n/);
    expect(wrong.out).toMatch(/^What to do +if the address is wrong: certlane tsl set typo --url URL; /m);
    const again = await office.run(`tsl add typo --url ${publication.trustListUrl()}`);
    expect(again).toMatchObject({ status: 4, out: '' });
    expect(again.err).toMatch(
      /^certlane: NAME is 'typo': it is followed already, at .*\/nothing\.xml; certlane tsl set typo --url URL .*, certlane tsl remove typo gives it up$/m,
    );
    publisher.misbehave('/silent.xml', 'silent');
    const slow = await office.run(`tsl set typo --url ${publisher.url}/silent.xml`);
    expect(slow).toMatchObject({ status: 7, err: '' });
    expect(slow.out).toMatch(
      /^Trust list typo is followed at .*\/silent\.xml, but has not been read yet: \S+ has not answered so far\. It is read on in the background, .*; certlane tsl show typo tells what comes of it\.$/m,
    );
    const json = await office.run('--json tsl refresh typo');
    expect([json.status, JSON.parse(json.out)]).toMatchObject([7, { outcome: 'pending' }]);
    publisher.misbehave('/page.xml', 'html');
    expect(await office.run(`tsl set typo --url ${publisher.url}/page.xml`)).toMatchObject({ status: 5 });
    const removed = await office.run('tsl remove typo');
    expect(removed).toMatchObject({ status: 0, err: '' });
    expect(removed.out).toBe(
      'Trust list typo is no longer followed; it was never read, so nothing was trusted on it.\n',
    );
    const corrected = await office.run(`tsl add typo --url ${publisher.url}/nothing.xml`);
    expect(corrected.status).toBe(7);
    const good = await office.run(`tsl set typo --url ${publication.trustListUrl()}`);
    expect(good).toMatchObject({ status: 0, err: '' });
    expect(good.out).toMatch(/^State +current$/m);
    await station.ok('tsl', 'remove', 'typo', '--yes');
  }, 60_000);

  it('are given up only when somebody wants that', async () => {
    await office.write('short.xml', office.trustList());
    await station.ok('tsl', 'add', 'short', '--file', file('short.xml'), '--level', 'basic');
    expect(await office.run('tsl remove short')).toMatchObject({ status: 5 });
    const removed = await office.run('tsl remove short --yes');
    expect(removed.out).toMatch(/^Trust list short is no longer followed; certlane tsl add short follows it again/);
    expect((await office.run('tsl list')).out).not.toContain('short');
    await office.run(`partner add --station ${US} --id O0177GAMMA --password GAMMA1 --host localhost --port 1 --acx`);
    const subject = '--subject oftp2.company-a.example --usage tls --issuer';
    const entry = await office.run([...`partner identify O0177GAMMA ${subject}`.split(' '), 'Company A OFTP2 CA']);
    expect(entry).toMatchObject({ status: 0, err: '' });
    const refused = await office.run('tsl remove odette');
    expect(refused).toMatchObject({ status: 5, out: '' });
    expect(refused.err).toContain(
      `2 authorities of trust list odette will no longer be trusted by it, on which 1 partner stands (O0177GAMMA of ${US} (1 entry)): nothing was done; give --yes`,
    );
    await station.ok('partner', 'remove', 'O0177GAMMA');
  });
});

describe('verdicts', () => {
  it('are the exit status, and say what they stand on', async () => {
    const trusted = await office.run('validate @CA01.pem --usage tls --explain');
    expect(trusted).toMatchObject({ status: 0, err: '' });
    expect(trusted.out).toMatch(/^Verdict for tls\nVerdict +trusted\n/m);
    expect(trusted.out).toMatch(/^Ends at +CN=Company A OFTP2 CA.*, on trust list odette \(level oftp2\)$/m);
    expect(trusted.out).toMatch(/^Stands on +version \d+; trust list odette number 5/m);
    expect(trusted.out).toMatch(/certificate +CN=oftp2\.company-a\.example.* +[0-9a-f]{64}/);
    const strange = await office.run(['validate', file('verifier.der')]);
    expect(strange.status).toBe(10);
    expect(strange.out).toMatch(/^Verdict +not trusted \(/m);
    const { verdicts } = JSON.parse((await office.run('--json validate @beta.pem --usage all')).out) as Verdicts;
    expect(verdicts.map(({ usage }) => usage)).toHaveLength(5);
    const later = await office.run('validate @beta.pem --at 2126-01-01');
    expect(later.status).toBe(10);
    expect(later.out).toContain('Judged as of 2126-01-01 00:00Z.');
  });

  it('follow the revocation lists, read at their address or from a file', async () => {
    publication.revoke('CA12');
    const refreshed = await eventually(
      () => office.run('crl refresh'),
      ({ out }) => /current .*Company A OFTP2 CA/.test(out),
      20_000,
    );
    expect(refreshed.status).toBe(0);
    const place = new URL(publication.revocationListUrl('A')).pathname;
    publication.publisher.misbehave(place, 'not-found');
    const gone = await office.run(['crl', 'refresh', 'Company A OFTP2 CA']);
    expect(gone).toMatchObject({ status: 7, err: '' });
    expect(gone.out).toMatch(/^0 lists read, 1 not\.$/m);
    expect(gone.out).toMatch(/^What to do \(status\): .* certlane crl import FILE$/m);
    publication.publisher.misbehave(place, 'html');
    const page = await office.run(['--json', 'crl', 'refresh', 'Company A OFTP2 CA']);
    expect([page.status, JSON.parse(page.out)]).toMatchObject([5, { outcome: 'refused', queued: 0 }]);
    publication.publisher.misbehave(place, 'silent');
    const slow = await office.run(['crl', 'refresh', 'Company A OFTP2 CA']);
    expect(slow).toMatchObject({ status: 7, err: '' });
    expect(slow.out).toMatch(/^1 goes on in the background; certlane crl list tells what comes of it\.$/m);
    publication.publisher.behave();
    const revoked = await eventually(
      () => office.run('validate @CA12.pem --revocation fail'),
      ({ out }) => out.includes('not trusted (revoked)'),
      20_000,
    );
    expect(revoked.status).toBe(10);
    expect(revoked.out).toMatch(/^Revocation +revoked since /m);

    const imported = await office.run('crl import @beta.crl.pem');
    expect(imported.out).toMatch(/^Revocation list of CN=Beta OFTP2 CA.* is in use: 0 entries\.$/m);
    const { revocationLists } = await station.ok<{ revocationLists: RevocationListView[] }>('crl', 'list');
    expect(revocationLists.find(({ issuer }) => issuer?.startsWith('CN=Beta OFTP2 CA') === true)).toMatchObject({
      origin: 'imported',
      state: 'current',
    });
    // Larger than one request may be: it goes in parts.
    const serials = Array.from({ length: 60_000 }, (_, index) => (0x10_0000 + index).toString(16));
    const large = testRevocationList(ca.authority, { revoked: serials, number: 2 });
    expect(large.length).toBeGreaterThan(1_100_000);
    await office.write('large.crl', large);
    const inParts = await office.run('crl import @large.crl');
    expect(inParts.out).toMatch(/^Revocation list of CN=Beta OFTP2 CA.* number 2 .* is in use: 60000 entries\.$/m);
    const stranger = await office.run('crl import @stranger.crl');
    expect(stranger).toMatchObject({ status: 5, out: '' });
    expect(stranger.err).toMatch(/^certlane: FILE is '.*stranger\.crl': /);
    expect((await office.run('validate @beta.pem --revocation fail')).out).toMatch(/^Revocation +good: /m);

    const { id } = await importedList();
    const asked = await office.run(['crl', 'remove', id.slice(0, 8)]);
    expect(asked).toMatchObject({ status: 5, out: '' });
    expect(asked.err).toMatch(
      /the imported list of CN=Beta OFTP2 CA.* \(60000 entries\) will no longer count.*give --yes/,
    );
    const removed = await office.run(['crl', 'remove', id.slice(0, 8), '--yes']);
    expect(removed).toMatchObject({ status: 0, err: '' });
    expect(removed.out).toMatch(/^Imported revocation list of CN=Beta OFTP2 CA.* is taken out; no other list of this/);
    expect((await office.run('validate @beta.pem --revocation fail')).out).toMatch(/^Revocation +undetermined: /m);
    const days = (n: number) => new Date(Date.now() + n * 86_400_000);
    await office.write(
      'expired.crl',
      testRevocationList(ca.authority, { thisUpdate: days(-20), nextUpdate: days(-9) }),
    );
    const expired = await office.run('crl import @expired.crl');
    expect(expired).toMatchObject({ status: 5, err: '' });
    expect(expired.out).toMatch(/ was taken, but it is too old to make any certificate good: it counted until /);
  });
});
