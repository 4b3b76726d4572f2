import { ca } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import { distributionPointsExtension, testRevocationList } from '@certlane/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { Publisher } from '../../support/publisher.js';
import { MISBEHAVIOURS } from '../../support/publisher/misbehaviour.js';
import { HOUR, Scene } from './refresh-scene.js';

/** As many as there are misbehaviours. */
const MISSING = /certlane_ca_lists\{[^}]*kind="revocation-list"[^}]*state="missing"[^}]*\} 11/;
/** How many serial numbers stand on the large list. */
const MANY = 100_000;

describe('places where revocation lists should be', () => {
  let scene: Scene;
  const authority = () => scene.publication.set.authorities.A;
  /** A certificate that says that its list is at a path of the publisher. */
  const naming = (path: string, by = authority()): Certificate =>
    by.issue({
      extensions: [distributionPointsExtension([{ names: [`uri:${scene.publication.publisher.url}${path}`] }])],
    }).certificate;
  const ask = (certificate: Certificate) => scene.verdict({ certificate });

  beforeAll(async () => {
    scene = await Scene.open({ lists: { fetchMs: 2_000 } });
    await scene.install(authority().certificate);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  const reasons: Readonly<Record<(typeof MISBEHAVIOURS)[number], RegExp>> = {
    'not-found': /^status$/,
    'server-error': /^status$/,
    html: /^html$/,
    slow: /^time$/,
    silent: /^time$/,
    // Whichever limit comes first.
    endless: /^(?:time|size)$/,
    'gzip-bomb': /^(?:time|size)$/,
    'redirect-private': /^address$/,
    'redirect-circle': /^redirect$/,
    'cut-off': /^closed$/,
    truncated: /^crl-malformed$/,
  };

  it('cost a bounded time and size when they are hostile, each by its reason, and hold up no other', async () => {
    const { publisher } = scene.publication;
    for (const how of MISBEHAVIOURS) {
      publisher.publish(`/hostile/${how}.crl`, testRevocationList(authority()));
      publisher.misbehave(`/hostile/${how}.crl`, how);
    }
    publisher.publish('/sound.crl', testRevocationList(authority()));
    const before = process.memoryUsage().rss;
    for (const how of MISBEHAVIOURS) {
      expect(await ask(naming(`/hostile/${how}.crl`))).toMatchObject({ reason: 'revocation-undetermined' });
    }
    const sound = naming('/sound.crl');
    await ask(sound);
    expect(await scene.verdictOnce({ certificate: sound }, 'good')).toMatchObject({ trusted: true });
    const seen: Record<string, string | undefined> = {};
    for (const how of MISBEHAVIOURS) {
      const list = await scene.listOnce(`${publisher.url}/hostile/${how}.crl`, ({ lastTry }) => lastTry !== undefined);
      seen[how] = list?.lastTry?.reason;
      expect(list).toMatchObject({ state: 'missing', failures: 1, lastTry: { ok: false } });
    }
    for (const [how, reason] of Object.entries(reasons))
      expect([how, seen[how]]).toEqual([how, expect.stringMatching(reason)]);
    expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(600);
    const metrics = await eventually(
      async () => (await fetch(`${scene.replicas[0]?.httpUrl ?? ''}/metrics`)).text(),
      (text) => MISSING.test(text),
    );
    expect(metrics).toMatch(MISSING);
    expect(metrics).toMatch(/certlane_ca_readings(?:_total)?\{[^}]*kind="revocation-list"[^}]*outcome="html"[^}]*\} 1/);
    expect(metrics).toContain('certlane_ca_reading_duration_seconds_count{kind="revocation-list"}');
    const ready = (await (await fetch(`${scene.replicas[0]?.httpUrl ?? ''}/health/ready`)).json()) as {
      ready: boolean;
      checks: Record<string, string>;
    };
    expect(ready.checks['lists']).toContain('11 missing');
  });

  it('are left alone for longer and longer as long as they fail', async () => {
    const { publisher } = scene.publication;
    const url = `${publisher.url}/hostile/html.crl`;
    // The others would take their time at each round.
    for (const how of MISBEHAVIOURS) if (how !== 'html') publisher.behave(`/hostile/${how}.crl`);
    const next = async (failures: number) => {
      const list = await scene.listOnce(url, (one) => one.failures === failures);
      return (Date.parse(list?.nextTry ?? '') - scene.clock.now().getTime()) / 60_000;
    };
    const pauses: number[] = [await next(1)];
    for (let failures = 2; failures <= 4; failures += 1) {
      scene.clock.advance((pauses.at(-1) ?? 0) * 60_000 + 1_000);
      pauses.push(await next(failures));
    }
    for (const [index, most] of [5, 10, 20, 40].entries()) {
      expect(pauses[index]).toBeLessThanOrEqual(most);
      expect(pauses[index]).toBeGreaterThan(most * 0.85);
    }
  });

  it('may hold a very large list', async () => {
    const revoked = Array.from({ length: MANY }, (_, n) => (0x1000_0000 + n).toString(16));
    const certificate = naming('/large.crl');
    const list = testRevocationList(authority(), { number: 2, revoked: [...revoked, certificate.serialNumber] });
    scene.publication.publisher.publish('/large.crl', list);
    await ask(certificate);
    const url = `${scene.publication.publisher.url}/large.crl`;
    expect(await scene.listOnce(url, ({ state }) => state === 'current')).toMatchObject({
      entries: MANY + 1,
      octets: list.length,
    });
    expect(await ask(certificate)).toMatchObject({ trusted: false, reason: 'revoked' });
  });

  it('need not be reached where a list is handed over', async () => {
    const other = scene.publication.set.authorities.B;
    await scene.install(other.certificate);
    const certificate = naming('/nowhere.crl', other);
    expect(await ask(certificate)).toMatchObject({ reason: 'revocation-undetermined' });
    const now = scene.clock.now();
    const list = (number: number, revoked: readonly string[] = []) =>
      scene.put(testRevocationList(other, { number, revoked, thisUpdate: new Date(now.getTime() - HOUR) }));
    const take = async (content: string) =>
      (await scene.bus('operator:anna').request(ca.revocationListImport, { content })).revocationList;
    const plain = await scene.put(testRevocationList(scene.publication.set.authorities.outside));
    await expect(take(plain)).rejects.toMatchObject({
      code: 'failed-precondition',
      details: { reason: 'signer-unknown' },
    });
    await expect(take(await scene.put(Buffer.from('hello')))).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(take('0'.repeat(64))).rejects.toMatchObject({ message: expect.stringContaining('content.put') });
    const imported = await take(await list(7, [certificate.serialNumber]));
    expect(imported).toMatchObject({ origin: 'imported', state: 'current', entries: 1, number: '7' });
    expect(imported.nextTry).toBeUndefined();
    await expect(take(await list(6))).rejects.toMatchObject({ details: { reason: 'older' } });
    expect(await take(await list(7, [certificate.serialNumber]))).toEqual(imported);
    expect((await scene.verdict({ certificate }, 'warn')).revocation.status).toBe('revoked');
    expect((await scene.acts()).filter((act) => act.includes('revocation-list.import done'))).toHaveLength(2);
  });
});

describe('a certificate of an authority below the one that is installed', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ replicas: 2 });
    await scene.install(scene.publication.set.companyA.root.certificate);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('is known to be good once the lists of both authorities are read, by whichever replica it was asked about', async () => {
    const { certificate, chain } = scene.publication.set.member('CA01');
    expect(await scene.verdictOnce({ certificate, chain }, 'good')).toMatchObject({ trusted: true });
    const lists = (await scene.lists()).filter(({ state }) => state === 'current').map(({ issuer }) => issuer);
    expect(lists.sort()).toEqual(['CN=Company A OFTP2 CA,O=Company A,C=DE', 'CN=Company A Root,O=Company A,C=DE']);
    scene.publication.revoke('A');
    await scene.bus().request(ca.revocationListRefresh, {});
    expect(await scene.verdictOnce({ certificate, chain }, 'revoked')).toMatchObject({ reason: 'revoked' });
  });
});

describe('a responder', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ responders: true });
    await scene.install(scene.publication.set.companyA.authority.certificate);
    scene.publication.publisher.misbehave(scene.publication.paths.ofAuthority('A').revocationList, 'not-found');
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('is asked where no list serves, and its answer is kept until there is to be a newer one', async () => {
    const { publication } = scene;
    const path = publication.paths.ofAuthority('A').responder;
    const asked = publication.set.member('CA02');
    expect(await scene.verdict(asked)).toMatchObject({ reason: 'revocation-undetermined' });
    const verdict = await scene.verdictOnce(asked, 'good');
    expect(verdict.standsOn.revocationLists).toMatchObject([{ kind: 'ocsp' }]);
    expect(publication.publisher.count(path)).toBe(1);
    expect(await scene.listOnce(publication.publisher.url + path, ({ state }) => state === 'current')).toMatchObject({
      kind: 'ocsp',
      state: 'current',
    });
    expect(await scene.told('revocation-list')).toContainEqual({
      type: 'revocation-list.taken',
      data: expect.objectContaining({ kind: 'ocsp' }),
    });
    publication.set.revoke('CA02');
    await scene.bus().request(ca.revocationListRefresh, {});
    expect(await scene.verdict(asked)).toMatchObject({ reason: 'revoked' });
  });

  it('that is not believed is told, and makes nothing good', async () => {
    const { publication } = scene;
    const asked = publication.set.member('CA03');
    publication.publishResponder('A', { signedWith: publication.set.signers.next.privateKey });
    await scene.verdict(asked);
    const failed = await eventually(
      async () => (await scene.lists()).filter(({ kind, lastTry }) => kind === 'ocsp' && lastTry?.ok === false),
      (lists) => lists.length > 0,
    );
    expect(failed).toMatchObject([{ state: 'missing', lastTry: { reason: 'not-determined' } }]);
    expect(await scene.verdict(asked)).toMatchObject({ reason: 'revocation-undetermined' });
  });
});

describe('a server that is silent about many lists', () => {
  /** More than are read at once, and so many that waiting for all of them would take minutes. */
  const SILENT = 150;
  const SOON_MS = 20_000;
  let scene: Scene;
  let other: Publisher;
  beforeAll(async () => {
    scene = await Scene.open({ lists: { fetchMs: 2_000 } });
    other = await Publisher.listen();
    await scene.install(scene.publication.set.authorities.A.certificate);
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
    await other.close();
  });

  it('holds up no list of another server', async () => {
    const { publication } = scene;
    const authority = publication.set.authorities.A;
    const ask = async (publisher: Publisher, path: string) => {
      publisher.publish(path, testRevocationList(authority));
      const names = [`uri:${publisher.url}${path}`];
      const { certificate } = authority.issue({ extensions: [distributionPointsExtension([{ names }])] });
      await scene.verdict({ certificate });
    };
    for (let n = 0; n < SILENT; n += 1) {
      publication.publisher.misbehave(`/silent/${n}.crl`, 'silent');
      await ask(publication.publisher, `/silent/${n}.crl`);
    }
    await eventually(
      () => publication.publisher.count('/silent/0.crl'),
      (count) => count > 0,
    );
    await ask(other, '/sound.crl');
    const sound = await scene.listOnce(`${other.url}/sound.crl`, ({ state }) => state === 'current', SOON_MS);
    expect(sound).toMatchObject({ state: 'current', failures: 0 });
    const tried = (await scene.lists()).filter(({ lastTry }) => lastTry !== undefined);
    expect(tried.length).toBeLessThan(SILENT / 2);
  });
});

describe('very many places', () => {
  const PLACES = 400;
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
    await scene.install(scene.publication.set.authorities.A.certificate);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('are all read before long, some of them together, and not again before their time', async () => {
    const { publisher, set } = scene.publication;
    const paths = Array.from({ length: PLACES }, (_, n) => `/many/${n}.crl`);
    for (const path of paths) {
      publisher.publish(path, testRevocationList(set.authorities.A));
      const names = [`uri:${publisher.url}${path}`];
      const { certificate } = set.authorities.A.issue({ extensions: [distributionPointsExtension([{ names }])] });
      await scene.verdict({ certificate });
    }
    const read = await eventually(
      async () => (await scene.lists()).filter(({ state }) => state === 'current').length,
      (count) => count === PLACES,
    );
    expect(read).toBe(PLACES);
    const { standsOn } = await scene.verdict(set.member('CA01'));
    expect(standsOn.version).toBeLessThan(PLACES / 2);
    expect(paths.map((path) => publisher.count(path))).toEqual(paths.map(() => 1));
  });
});
