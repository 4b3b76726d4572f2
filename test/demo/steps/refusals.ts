import { certificateToPem } from '@certlane/pki';
import { TestAuthority, testKey, type TestIdentity } from '@certlane/pki/testing';
import type { Company } from '../company.js';
import { partnerOf, type Scene } from '../scene.js';
import { Visitor, words, type Identity, type Offer } from '../visitor.js';

/** A partner of B that waits for its first exchange. */
export const PEER = { code: 'O0177PEER', password: 'PEER1' };
/** A partner of B without automatic exchange. */
export const PLAIN = { code: 'O0177PLAIN', password: 'PLAIN1' };
const DELIVER = 'ODETTE_CERTIFICATE_DELIVER';
const PEER_HOST = 'oftp.peer.example';

/** 6. What a well-behaved station would never do, and what B says to it; nothing changes. */
export async function refusals(scene: Scene): Promise<void> {
  const { b, checks } = scene;
  checks.step('6 Refused, each with a reason a person understands, and nothing changed');
  const lost = TestAuthority.root('Lost Authority', new Date());
  await setUp(scene, lost);
  const known = async () => {
    const partners = await Promise.all([PEER.code, PLAIN.code, scene.a.odetteId].map((one) => partnerOf(b, one)));
    // The revision counts refusals as well, each session in the bypass is a use of it, and reviews have a time of their own; what the
    // partner is known by must not move.
    return partners.map(({ revision: _counted, bypassUses: _used, certificates, ...rest }) => ({
      ...rest,
      certificates: certificates.map(({ standing: _reviewed, ...one }) => one),
    }));
  };
  const before = await known();
  await inTheBypass(scene, lost);
  await withoutAcx(scene);
  await strangers(scene);
  await wrongChallenge(scene);
  checks.equal('B: what it knows of its partners is as before', await known(), before);
}

/** Two more partners of B: one that waits for its first exchange, one without automatic exchange. */
async function setUp({ a, b }: Scene, lost: TestAuthority): Promise<void> {
  const { station } = b;
  const add = (who: Identity, ...rules: string[]) =>
    station.ok('partner', 'add', '--station', b.odetteId, '--id', who.code, '--password', who.password, ...rules);
  await add(PEER, '--acx', '--secure-authentication');
  await add(PLAIN);
  const identify = (who: string, issuer: string) =>
    station.ok('partner', 'identify', who, '--subject', `CN=${PEER_HOST}`, '--issuer', issuer, '--usage', 'all');
  await identify(PEER.code, a.authority);
  // An issuer that is not trusted any more: what it issued is expected, and still not believed.
  await station.ok('issuer', 'add', await b.write('lost.pem', certificateToPem(lost.certificate)));
  await identify(PEER.code, 'Lost Authority');
  await station.ok('issuer', 'remove', 'Lost Authority', '--yes');
}

async function inTheBypass({ a, b, checks }: Scene, lost: TestAuthority): Promise<void> {
  const subject = `CN=${PEER_HOST},O=Peer,C=DE`;
  const key = testKey('peer');
  const offers: readonly (readonly [what: string, certificate: TestIdentity, says: RegExp])[] = [
    ['a certificate of an unknown issuer', lost.issue({ subject, key }), /^NERP 34 .*issuer/i],
    ['an expired certificate', a.ca.issue({ subject, key, expired: true }), /^NERP 34 .*expired/i],
    [
      'a certificate that matches no entry',
      a.ca.issue({ subject: 'CN=other.example', key }),
      /^NERP 34 .*no identification entry/i,
    ],
  ];
  const visitor = await received(b, PEER);
  const file = fileOf(PEER.code, b.odetteId);
  const payload = await visitor.offer(file('INVOICE', Buffer.from('an invoice'), 9));
  checks.matches('B: a payload file in a bypass session', words(payload), /^SFNA \d\d .*certificate files/);
  for (const [index, [what, { certificate }, says]] of offers.entries()) {
    await visitor.offer(file(DELIVER, certificate.der, index + 1));
    const [answer] = await visitor.answers();
    checks.matches(`B: ${what}`, words(answer), says);
  }
  visitor.leave();
}

async function withoutAcx({ a, b, checks }: Scene): Promise<void> {
  const visitor = await received(b, PLAIN);
  const { certificate } = a.ca.issue({ subject: `CN=${PEER_HOST},O=Peer,C=DE`, key: testKey('peer') });
  await visitor.offer(fileOf(PLAIN.code, b.odetteId)(DELIVER, certificate.der, 1));
  const [answer] = await visitor.answers();
  checks.matches(
    'B: a certificate of a partner without ACX',
    words(answer),
    /^NERP 34 .*automatic certificate exchange/,
  );
  visitor.leave();
}

async function strangers({ b, checks }: Scene): Promise<void> {
  const attempts: readonly (readonly [string, Identity, RegExp])[] = [
    ['a wrong password', { ...PEER, password: 'WRONG1' }, /^ESID 04 .*password/i],
    ['an unknown Odette ID', { ...PEER, code: 'O0000NOBODY' }, /^ESID 03 .*not known/i],
  ];
  for (const [what, identity, says] of attempts) {
    const visitor = await Visitor.tcp(b.station.tcpPort);
    checks.matches(`B: ${what}`, words(await visitor.start(identity)), says);
    visitor.hangUp();
  }
}

/** Somebody who knows A's ID and password, but has none of its keys. */
async function wrongChallenge({ a, b, checks }: Scene): Promise<void> {
  const visitor = await Visitor.tls(b.station.tlsPort, certificateToPem(b.ca.authority.certificate));
  await visitor.start({ code: a.odetteId, password: a.password }, true);
  const verdict = await visitor.answerWrongly();
  checks.matches('B: a wrong answer to the challenge', words(verdict), /^ESID 11 .*challenge/i);
  visitor.hangUp();
}

/** A visitor whose session has begun. */
async function received(at: Company, identity: Identity): Promise<Visitor> {
  const visitor = await Visitor.tcp(at.station.tcpPort);
  const answer = await visitor.start(identity);
  if (answer.command !== 'SSID') throw new Error(`the session was refused: ${words(answer)}`);
  return visitor;
}

function fileOf(from: string, to: string) {
  return (dataset: string, content: Uint8Array, serial: number): Offer => ({
    dataset,
    content,
    from,
    to,
    time: 1_200_000_000 + serial,
  });
}
