import { certificateToPem } from '@certlane/pki';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { partnerOf, type Scene } from '../scene.js';
import { ScriptedPeer, type PeerFile, type PeerIdentity } from '../../support/oftp2-peer.js';

/** A partner of B that waits for its first exchange. */
export const PEER = { code: 'O0177PEER', password: 'PEER1', secureAuthentication: false };
/** A partner of B without automatic exchange. */
export const PLAIN = { code: 'O0177PLAIN', password: 'PLAIN1', secureAuthentication: false };
const DELIVER = 'ODETTE_CERTIFICATE_DELIVER';
const PEER_HOST = 'oftp.peer.example';

/** 6. What a well-behaved station would never do, and what B says to it; nothing changes. */
export async function refusals(scene: Scene): Promise<void> {
  const { b, checks } = scene;
  checks.step('6 Refused, each with a reason a person understands, and nothing changed');
  const lost = testCa({ name: 'Lost' });
  await setUp(scene, lost);
  const known = async () => ({
    peer: await partnerOf(b, PEER.code),
    plain: await partnerOf(b, PLAIN.code),
    a: await partnerOf(b, scene.a.odetteId),
  });
  const before = await known();
  await inTheBypass(scene, lost);
  await withoutAcx(scene);
  await strangers(scene);
  await wrongChallenge(scene);
  checks.equal('B: what it knows of its partners is as before', await known(), before);
}

/** Two more partners of B: one that waits for its first exchange, one without automatic exchange. */
async function setUp({ a, b }: Scene, lost: ReturnType<typeof testCa>): Promise<void> {
  const { station } = b;
  const add = (who: typeof PEER, ...rules: string[]) =>
    station.ok('partner', 'add', '--station', b.odetteId, '--id', who.code, '--password', who.password, ...rules);
  await add(PEER, '--acx', '--secure-authentication');
  await add(PLAIN);
  const identify = (who: string, issuer: string) =>
    station.ok('partner', 'identify', who, '--subject', `CN=${PEER_HOST}`, '--issuer', issuer, '--usage', 'all');
  await identify(PEER.code, a.authority);
  await identify(PLAIN.code, a.authority);
  // An issuer that is not trusted any more: what it issued is expected, and still not believed.
  await station.ok('issuer', 'add', await b.write('lost.pem', certificateToPem(lost.authority.certificate)));
  await identify(PEER.code, 'Lost OFTP2 CA');
  await station.ok('issuer', 'remove', 'Lost OFTP2 CA');
}

async function inTheBypass({ a, b, checks }: Scene, lost: ReturnType<typeof testCa>): Promise<void> {
  const subject = `CN=${PEER_HOST},O=Peer,C=DE`;
  const offers: readonly (readonly [what: string, certificate: TestIdentity, says: RegExp])[] = [
    ['a certificate of an unknown issuer', lost.issue({ subject }), /issuer/i],
    ['an expired certificate', a.ca.issue({ subject, expired: true }), /expired/i],
    ['a certificate that matches no entry', a.ca.issue({ subject: 'CN=other.example' }), /match|entry|expected|known/i],
  ];
  const peer = await session(b.station.tcpPort, PEER);
  const file = fileOf(PEER.code, b.odetteId);
  const payload = await peer.sendFile(file('INVOICE', Buffer.from('an invoice'), 9));
  checks.matches('B: a payload file in a bypass session', words(payload), /^SFNA \d\d .*certificate files/);
  for (const [index, [what, { certificate }, says]] of offers.entries()) {
    await peer.sendFile(file(DELIVER, certificate.der, index + 1));
    const [answer] = await peer.takeAnswers();
    checks.matches(`B: ${what}`, words(answer), new RegExp(`^NERP 34 .*${says.source}`, 'i'));
  }
  peer.end();
}

async function withoutAcx({ a, b, checks }: Scene): Promise<void> {
  const peer = await session(b.station.tcpPort, PLAIN);
  const { certificate } = a.ca.issue({ subject: `CN=${PEER_HOST},O=Peer,C=DE` });
  await peer.sendFile(fileOf(PLAIN.code, b.odetteId)(DELIVER, certificate.der, 1));
  const answers = await peer.takeAnswers();
  checks.matches('B: a certificate of a partner without ACX', words(answers[0]), /^NERP 34 .*(automatic|ACX)/);
  peer.end();
}

async function strangers({ b, checks }: Scene): Promise<void> {
  const attempts: readonly (readonly [string, PeerIdentity, RegExp])[] = [
    ['a wrong password', { ...PEER, password: 'WRONG1' }, /^ESID 04 .*password/i],
    ['an unknown Odette ID', { ...PEER, code: 'O0000NOBODY' }, /^ESID 03 .*not known/i],
  ];
  for (const [what, identity, says] of attempts) {
    const peer = await ScriptedPeer.connect({ port: b.station.tcpPort });
    checks.matches(`B: ${what}`, words(await peer.start(identity)), says);
    peer.destroy();
  }
}

/** Somebody who knows A's ID and password, but has none of its keys. */
async function wrongChallenge({ a, b, checks }: Scene): Promise<void> {
  const peer = await ScriptedPeer.connect({
    port: b.station.tlsPort,
    authority: certificateToPem(b.ca.authority.certificate),
  });
  await peer.start({ code: a.odetteId, password: a.password, secureAuthentication: true });
  peer.send({ command: 'SECD' });
  await peer.expect('AUCH');
  peer.send({ command: 'AURP', AURPRSP: new Uint8Array(20) });
  checks.matches('B: a wrong answer to the challenge', words(await peer.next()), /^ESID 11 .*challenge/i);
  peer.destroy();
}

async function session(port: number, identity: PeerIdentity): Promise<ScriptedPeer> {
  const peer = await ScriptedPeer.connect({ port });
  const answer = await peer.start(identity);
  if (answer.command === 'ESID') throw new Error(`the session was refused: ${words(answer)}`);
  return peer;
}

function fileOf(from: string, to: string) {
  return (dataset: string, content: Uint8Array, serial: number): PeerFile => ({
    dataset,
    content,
    from,
    to,
    time: 1_200_000_000 + serial,
  });
}

/** Command, reason and text, as a person reads it. */
function words(command: { readonly command: string } | undefined): string {
  if (command === undefined) return 'nothing';
  const valueOf = (end: string): string => {
    const value = Object.entries(command).find(([name]) => name.endsWith(end))?.[1] as unknown;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return `${command.command} ${valueOf('REAS').padStart(2, '0')} ${valueOf('REAST')}`.trimEnd();
}
