import { ca } from '@certlane/contracts';
import { testRevocationList } from '@certlane/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { DAY, EVENTS, HOUR, Scene } from './refresh-scene.js';

describe('revocation lists of authorities we know', () => {
  let scene: Scene;
  let url: string;
  const ca12 = () => scene.publication.set.member('CA12');

  beforeAll(async () => {
    scene = await Scene.open();
    url = scene.publication.revocationListUrl('A');
    await scene.install(scene.publication.set.companyA.authority.certificate);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('are read in the background as soon as a certificate was asked about, never in the question itself', async () => {
    const first = await scene.verdict(ca12());
    expect(first).toMatchObject({ trusted: false, reason: 'revocation-undetermined' });
    expect(await scene.verdictOnce(ca12(), 'good')).toMatchObject({ trusted: true, revocation: { status: 'good' } });
    expect(await scene.listOnce(url, ({ state }) => state === 'current')).toMatchObject({
      issuer: 'CN=Company A OFTP2 CA,O=Company A,C=DE',
      kind: 'full',
      state: 'current',
      origin: 'fetched',
      failures: 0,
      lastTry: { ok: true, message: 'taken' },
    });
    expect(await scene.told('revocation-list')).toContainEqual({
      type: EVENTS.listTaken,
      data: expect.objectContaining({ kind: 'full', entries: 0, issuer: 'CN=Company A OFTP2 CA,O=Company A,C=DE' }),
    });
  });

  it('let a verdict fall when the certificate is revoked', async () => {
    const before = await scene.verdict(ca12());
    scene.publication.revoke('CA12');
    const { queued, revocationLists } = await scene
      .bus('operator:anna')
      .request(ca.revocationListRefresh, { issuer: scene.publication.set.companyA.authority.certificate.fingerprint });
    expect({ queued, lists: revocationLists.map(({ entries }) => entries) }).toEqual({ queued: 0, lists: [1] });
    const after = await scene.verdict(ca12(), 'warn');
    expect(after).toMatchObject({ trusted: false, reason: 'revoked', revocation: { status: 'revoked' } });
    expect(after.standsOn.version).toBeGreaterThan(before.standsOn.version);
    expect(await scene.verdict(scene.publication.set.member('CA01'))).toMatchObject({ trusted: true });
    expect((await scene.acts()).slice(-2)).toEqual([
      'operator:anna revocation-list.refresh intended',
      'operator:anna revocation-list.refresh done',
    ]);
  });

  it('are asked for again after a day, and cost nothing when they have not changed', async () => {
    const asked = () => scene.publication.publisher.count(new URL(url).pathname);
    const before = asked();
    scene.clock.advance(20 * HOUR);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(asked()).toBe(before);
    scene.clock.advance(5 * HOUR);
    const list = await scene.listOnce(url, ({ lastTry }) => lastTry?.message === 'not changed');
    expect(list).toMatchObject({ state: 'current', lastTry: { ok: true } });
    expect(scene.publication.publisher.requests(new URL(url).pathname).at(-1)).toMatchObject({ status: 304 });
    expect((await scene.told('revocation-list')).filter(({ type }) => type === EVENTS.listTaken)).toHaveLength(1);
  });

  it('stay in use when what is published there is not good, and are told once when they are too old', async () => {
    await scene.told('revocation-list');
    const fault = async (name: string, publish: () => void, reason: string) => {
      publish();
      await scene.bus().request(ca.revocationListRefresh, {});
      const list = await scene.listOnce(url, ({ lastTry }) => lastTry?.ok === false);
      expect({ name, reason: list?.lastTry?.reason, entries: list?.entries }).toEqual({ name, reason, entries: 1 });
      expect((await scene.verdict(ca12())).revocation.status).toBe('revoked');
    };
    const { publication } = scene;
    await fault('altered', () => publication.publishBadRevocationList('A', 'altered'), 'signature-invalid');
    await fault('stale', () => publication.publishBadRevocationList('A', 'stale'), 'older');
    await fault(
      'of another',
      () => publication.publisher.publish(new URL(url).pathname, ofAnother(scene)),
      'issuer-unexpected',
    );
    await fault('no list', () => publication.publisher.publish(new URL(url).pathname, 'hello'), 'crl-malformed');
    await fault('withdrawn', () => publication.publisher.withdraw(new URL(url).pathname), 'status');
    expect((await scene.told('revocation-list')).map(({ type }) => type)).toEqual([EVENTS.listFailed]);
    scene.clock.advance(15 * DAY);
    await scene.listOnce(url, ({ state }) => state === 'too-old');
    expect(await scene.verdict(scene.publication.set.member('CA01'))).toMatchObject({
      trusted: false,
      reason: 'revocation-undetermined',
    });
    const told = await eventuallyTold(scene, 'too-old');
    expect(told).toHaveLength(1);
  });

  it('are current again when there is a new one', async () => {
    const now = scene.clock.now();
    scene.publication.publishRevocationList('A', {
      number: 50,
      thisUpdate: new Date(now.getTime() - HOUR),
      nextUpdate: new Date(now.getTime() + 7 * DAY),
    });
    await scene.bus().request(ca.revocationListRefresh, { issuer: 'CN=Company A OFTP2 CA,O=Company A,C=DE' });
    expect(await scene.listOnce(url, ({ state }) => state === 'current')).toMatchObject({ number: '32', failures: 0 });
    expect(await scene.verdict(scene.publication.set.member('CA01'))).toMatchObject({ trusted: true });
    await expect(scene.bus().request(ca.revocationListRefresh, { issuer: 'CN=Nobody' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('certlane crl import FILE'),
    });
  });

  it('that were handed over can be taken out again, and those with an address cannot', async () => {
    const { companyB } = scene.publication.set;
    const member = scene.publication.set.member('CB01');
    const anna = scene.bus('operator:anna');
    await scene.install(companyB.authority.certificate);
    const thisUpdate = scene.clock.now();
    const list = testRevocationList(companyB.authority, {
      number: 7,
      thisUpdate,
      nextUpdate: new Date(thisUpdate.getTime() + DAY),
      revoked: [member.certificate.serialNumber],
    });
    const { revocationList } = await anna.request(ca.revocationListImport, { content: await scene.put(list) });
    expect(revocationList).toMatchObject({ origin: 'imported', entries: 1 });
    expect((await scene.verdict(member)).revocation.status).toBe('revoked');
    await scene.told();
    const { id } = revocationList;
    expect(await anna.request(ca.revocationListRemove, { id })).toMatchObject({ revocationList: { id, entries: 1 } });
    expect((await scene.verdict(member)).revocation.status).not.toBe('revoked');
    expect((await scene.lists()).map((one) => one.id)).not.toContain(id);
    expect(await scene.told('revocation-list.removed')).toEqual([
      {
        type: EVENTS.listRemoved,
        data: { id, issuer: 'CN=Company B OFTP2 CA,O=Company B,C=DE', number: '7', entries: 1, by: 'operator:anna' },
      },
    ]);
    expect((await scene.acts()).filter((act) => act.includes('revocation-list.remove '))).toEqual([
      'operator:anna revocation-list.remove intended',
      'operator:anna revocation-list.remove done',
    ]);
    await expect(anna.request(ca.revocationListRemove, { id })).rejects.toMatchObject({ code: 'not-found' });
    const fetched = (await scene.lists()).find((one) => one.url === url)?.id ?? '';
    await expect(anna.request(ca.revocationListRemove, { id: fetched })).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining(`read at ${url}`),
    });
  });
});

function ofAnother(scene: Scene): Uint8Array {
  return testRevocationList(scene.publication.set.companyB.authority, { number: 99 });
}

async function eventuallyTold(scene: Scene, reason: string) {
  const told = [];
  for (let look = 0; look < 40 && told.length === 0; look += 1) {
    told.push(...(await scene.told('revocation-list')).filter(({ data }) => data['reason'] === reason));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return told;
}

describe('revocation lists with deltas, read by two replicas', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ replicas: 2 });
    await scene.install(scene.publication.set.companyA.authority.certificate);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  const delta = '/crl/delta.crl';
  const publishDelta = (number: number, revoked: readonly string[]) =>
    scene.publication.publisher.publish(
      delta,
      testRevocationList(scene.publication.set.companyA.authority, { number, baseNumber: 10, revoked }),
    );

  it('say what has changed since the complete list', async () => {
    const { publication } = scene;
    const names = [`uri:${publication.publisher.url}${delta}`];
    publication.publishRevocationList('A', { number: 10, freshestCRL: [{ names }] });
    publishDelta(11, []);
    const ca01 = publication.set.member('CA01');
    expect(await scene.verdictOnce(ca01, 'good')).toMatchObject({ trusted: true });
    const url = publication.publisher.url + delta;
    expect(await scene.listOnce(url, ({ state }) => state === 'current')).toMatchObject({ kind: 'delta', number: 'b' });
    publishDelta(12, [ca01.certificate.serialNumber]);
    await scene.bus().request(ca.revocationListRefresh, {});
    expect(await scene.verdictOnce(ca01, 'revoked')).toMatchObject({ trusted: false, reason: 'revoked' });
  });

  it('are read by one of them, and by the other when that one is gone', async () => {
    const path = new URL(scene.publication.revocationListUrl('A')).pathname;
    const { publisher } = scene.publication;
    const first = publisher.count(path);
    scene.clock.advance(25 * HOUR);
    await eventually(
      () => publisher.count(path),
      (count) => count > first,
    );
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(publisher.count(path)).toBe(first + 1);
    await scene.replicas.shift()?.close();
    scene.clock.advance(25 * HOUR);
    const second = await eventually(
      () => publisher.count(path),
      (count) => count > first + 1,
    );
    expect(second).toBe(first + 2);
  });
});
