import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CertlaneError } from '@certlane/contracts';
import { SfnaReason, type Command, type EsidReason } from '@certlane/oftp2';
import { testCa } from '@certlane/pki/testing';
import { until } from '@certlane/runtime/testing';
import { MemoryGateway } from '@certlane/session-gateway/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { eerpFor, efid, lastData, normalEnd, sfid, ssid } from '@certlane/oftp2/testing';
import { ScriptedResponder, type ScriptedPeer } from '../../support/oftp/index.js';

const US = 'O0013ACME';
const THEM = 'O0942BIGCAR';
const partner = { station: US, partner: THEM };
const signal = new AbortController().signal;

const fileNumber = (number: number) => ({
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20260301',
  time: String(1200000000 + number),
  originator: US,
  destination: THEM,
});

let gateway: MemoryGateway;
let responder: ScriptedResponder;
/** The other side, where it is a gateway too. */
let called: MemoryGateway | undefined;

beforeEach(async () => {
  gateway = new MemoryGateway({ config: { tcp: undefined, tls: undefined } });
  responder = await ScriptedResponder.listen();
  const connection = { host: '127.0.0.1', port: responder.port, transport: 'tcp' } as const;
  gateway.addPartner({ ...partner, partnerPassword: 'PW2', ourPassword: 'SECRET1', connection });
});

afterEach(async () => {
  responder.close();
  await gateway.close();
  await called?.close();
  called = undefined;
});

const readyMessage: Command = { command: 'SSRM' };

/** Calls the scripted partner; gives both ends once the session is up. */
async function onTheLine(): Promise<{ peer: ScriptedPeer; done: Promise<number | undefined> }> {
  const done = gateway.dialer.dial(partner, signal);
  const peer = await responder.accept();
  peer.send(readyMessage);
  expect(await peer.expect('SSID')).toMatchObject({ SSIDCODE: US, SSIDPSWD: 'SECRET1', SSIDAUTH: 'N', SSIDLEV: 5 });
  peer.send(ssid(THEM, 'PW2'));
  return { peer, done };
}

describe('a call', () => {
  it('is decided upon by where it goes to, under the name it is told of', async () => {
    const ended = gateway.ends.next();
    const { peer, done } = await onTheLine();
    peer.end();
    await done;
    const { decision, session } = await ended;
    expect(gateway.trust.questions).toMatchObject([{ session, direction: 'outbound', remoteAddress: '127.0.0.1' }]);
    expect(decision).toEqual({ verdict: 'run', checks: [] });
  });

  it('sends what waits, hands over, and is over when the partner has nothing', async () => {
    gateway.exchange.queueFile('one', fileNumber(1), Buffer.from('CERTIFICATE'));
    const { peer, done } = await onTheLine();
    expect(await peer.expect('SFID')).toMatchObject({
      SFIDDSN: 'ODETTE_CERTIFICATE_DELIVER',
      SFIDORIG: US,
      SFIDDEST: THEM,
      SFIDFMT: 'U',
      SFIDFSIZ: 1,
      SFIDSIGN: 'N',
    });
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    expect(Buffer.from((await peer.expect('DATA')).payload).toString('latin1')).toBe('\x8bCERTIFICATE');
    expect(await peer.expect('EFID')).toMatchObject({ EFIDRCNT: 0n, EFIDUCNT: 11n });
    peer.send({ command: 'EFPA', EFPACD: 'N' });
    await peer.expect('CD');
    peer.send(normalEnd);
    expect(await done).toBeUndefined();
    expect(gateway.exchange.settled).toEqual([{ id: 'one', fate: { type: 'delivered' } }]);
    expect(gateway.dialBook.reports).toMatchObject([{ partner, ok: true }]);
    expect(gateway.ends.reports).toMatchObject([{ role: 'initiator', filesSent: 1, end: { outcome: 'completed' } }]);
  });

  it('gives the turn away at once when the partner asks for it, and takes it back', async () => {
    gateway.exchange.queueFile('one', fileNumber(1), Buffer.from('A'));
    const { peer, done } = await onTheLine();
    const file = await peer.expect('SFID');
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    await peer.expect('DATA');
    await peer.expect('EFID');
    peer.send({ command: 'EFPA', EFPACD: 'Y' });
    await peer.expect('CD');
    peer.send(eerpFor(file));
    await peer.expect('RTR');
    peer.send(sfid(THEM, US));
    await peer.expect('SFPA');
    peer.send(lastData(Buffer.from('THEIRS')));
    peer.send(efid(6));
    expect(await peer.expect('EFPA')).toMatchObject({ EFPACD: 'Y' });
    peer.send({ command: 'CD' });
    await peer.expect('EERP');
    peer.send({ command: 'RTR' });
    await peer.expect('CD');
    peer.send(normalEnd);
    await done;
    expect(gateway.exchange.answers).toMatchObject([{ kind: 'eerp', file: { originator: US, destination: THEM } }]);
    expect(gateway.ends.reports).toMatchObject([
      { filesSent: 1, filesReceived: 1, answersSent: 1, answersReceived: 1, end: { outcome: 'completed', by: 'peer' } },
    ]);
  });

  it('with nothing to say hands over, and ends when the turn comes straight back', async () => {
    const { peer, done } = await onTheLine();
    await peer.expect('CD');
    peer.send({ command: 'CD' });
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 0 });
    peer.end();
    await done;
    expect(gateway.dialBook.reports).toMatchObject([{ ok: true }]);
  });

  it('goes on with the next file after a refused one, and offers the refused one no second time', async () => {
    gateway.exchange.queueFile('one', fileNumber(1), Buffer.from('A'));
    gateway.exchange.queueFile('two', fileNumber(2), Buffer.from('B'));
    const { peer, done } = await onTheLine();
    await peer.expect('SFID');
    peer.send({ command: 'SFNA', SFNAREAS: SfnaReason.duplicateFile, SFNARRTR: 'Y', SFNAREAST: 'have \u0007it' });
    expect(await peer.expect('SFID')).toMatchObject({ SFIDTIME: 1200000002 });
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    await peer.expect('DATA');
    await peer.expect('EFID');
    peer.raw('1000000a35313130 3030'.replace(' ', ''));
    await peer.expect('CD');
    peer.send(normalEnd);
    await done;
    expect(gateway.exchange.settled).toEqual([
      { id: 'one', fate: { type: 'refused', by: 'sfna', reason: 13, text: 'have it', retry: true } },
      { id: 'two', fate: { type: 'refused', by: 'efna', reason: 11, text: '', retry: false } },
    ]);
    expect(gateway.exchange.waiting).toHaveLength(2);
  });

  it('alternates a hundred answers with their RTR and loses none when the line breaks', async () => {
    for (let number = 1; number <= 100; number += 1) {
      gateway.exchange.waiting.push({
        type: 'answer',
        id: `a${number}`,
        answer: { kind: 'eerp', file: fileNumber(number) },
      });
    }
    const first = await onTheLine();
    for (let number = 1; number <= 40; number += 1) {
      expect(await first.peer.expect('EERP')).toMatchObject({ EERPTIME: 1200000000 + number });
      first.peer.send({ command: 'RTR' });
    }
    await first.peer.expect('EERP');
    first.peer.destroy();
    expect(await first.done).toBe(gateway.dialBook.retryMilliseconds);
    expect(gateway.exchange.waiting).toHaveLength(60);
    const second = await onTheLine();
    for (let number = 41; number <= 100; number += 1) {
      expect(await second.peer.expect('EERP')).toMatchObject({ EERPTIME: 1200000000 + number });
      second.peer.send({ command: 'RTR' });
    }
    await second.peer.expect('CD');
    second.peer.send(normalEnd);
    await second.done;
    expect(gateway.exchange.waiting).toHaveLength(0);
  });

  it('sends a NERP with its reason and names its creator', async () => {
    const answer = {
      kind: 'nerp',
      file: { ...fileNumber(1), originator: THEM, destination: US },
      reason: 34,
      text: 'no',
    } as const;
    gateway.exchange.waiting.push({ type: 'answer', id: 'n', answer });
    const { peer, done } = await onTheLine();
    expect(await peer.expect('NERP')).toMatchObject({
      NERPREAS: 34,
      NERPREAST: 'no',
      NERPDEST: THEM,
      NERPORIG: US,
      NERPCREA: US,
    });
    peer.send({ command: 'RTR' });
    await peer.expect('CD');
    peer.send(normalEnd);
    await done;
  });
});

describe('an item that the protocol cannot say', () => {
  it('is given up with the field that cannot say it, and does not keep the others back', async () => {
    const tooLong = 'ODETTE_CERTIFICATE_DELIVERY';
    gateway.exchange.queueFile('long', { ...fileNumber(1), datasetName: tooLong }, Buffer.from('CERTIFICATE'));
    gateway.exchange.queueFile('dateless', { ...fileNumber(2), date: 'today' }, Buffer.from('CERTIFICATE'));
    gateway.exchange.queueFile('verbose', fileNumber(3), Buffer.from('CERTIFICATE'), 'x'.repeat(1000));
    const answer = { kind: 'eerp', file: { ...fileNumber(4), originator: 'Ö' } } as const;
    gateway.exchange.waiting.push({ type: 'answer', id: 'answer', answer });
    gateway.exchange.queueFile('good', fileNumber(5), Buffer.from('CERTIFICATE'));
    const { peer, done } = await onTheLine();
    expect(await peer.expect('SFID')).toMatchObject({ SFIDTIME: 1200000005 });
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    await peer.expect('DATA');
    await peer.expect('EFID');
    peer.send({ command: 'EFPA', EFPACD: 'N' });
    await peer.expect('CD');
    peer.send(normalEnd);
    expect(await done).toBeUndefined();
    const unsendable = (id: string, why: RegExp) => ({
      id,
      fate: { type: 'unsendable', message: expect.stringMatching(why) as unknown },
    });
    expect(gateway.exchange.settled).toEqual([
      unsendable('long', /^SFIDDSN cannot hold "ODETTE_CERTIFICATE_DELIVERY": at most 26 characters/),
      unsendable('dateless', /^SFIDDATE/),
      unsendable('verbose', /^SFIDDESC would take 1000 octets/),
      unsendable('answer', /^EERPDEST cannot hold/),
      { id: 'good', fate: { type: 'delivered' } },
    ]);
    expect(gateway.exchange.waiting).toEqual([]);
  });

  it('is not said: the turn is handed over as if nothing waited', async () => {
    gateway.exchange.queueFile(
      'bad',
      { ...fileNumber(1), datasetName: 'THIS NAME IS LONGER THAN 26 OCTETS' },
      Buffer.from('A'),
    );
    const { peer, done } = await onTheLine();
    await peer.expect('CD');
    peer.send({ command: 'CD' });
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 0 });
    peer.end();
    await done;
    expect(gateway.exchange.settled).toMatchObject([{ id: 'bad', fate: { type: 'unsendable' } }]);
  });
});

describe('a call that comes to nothing', () => {
  const esid = (code: number, text = ''): Command => ({
    command: 'ESID',
    ESIDREAS: code as EsidReason,
    ESIDREAST: text,
  });

  it.each<[string, (peer: ScriptedPeer) => Promise<void> | void, string | undefined, object]>([
    [
      'an ESID in place of the greeting',
      (peer) => peer.send(esid(8, 'full')),
      undefined,
      { by: 'peer', esid: 8, outcome: 'failed' },
    ],
    ['another greeting', (peer) => peer.buffer(Buffer.from('IWELCOME TO MY BBS\r')), 'ESID 06', { by: 'us', esid: 6 }],
    [
      'another station',
      (peer) => greet(peer, ssid('O0001OTHER', 'PW2')),
      'ESID 03',
      { by: 'us', esid: 3, outcome: 'refused' },
    ],
    [
      'a wrong password',
      (peer) => greet(peer, ssid(THEM, 'PW3')),
      'ESID 04',
      { by: 'us', esid: 4, outcome: 'refused' },
    ],
    [
      'secure authentication nobody asked for',
      (peer) => greet(peer, ssid(THEM, 'PW2', { SSIDAUTH: 'Y' })),
      'ESID 12',
      { by: 'us', esid: 12, outcome: 'refused' },
    ],
    [
      'more credit than was offered',
      (peer) => greet(peer, ssid(THEM, 'PW2', { SSIDCRED: 999 })),
      'ESID 10',
      { by: 'us', esid: 10, outcome: 'refused' },
    ],
    [
      'a refusal',
      (peer) => greet(peer, esid(4, 'Invalid password')),
      undefined,
      { by: 'peer', esid: 4, outcome: 'refused' },
    ],
    ['a close', (peer) => peer.destroy(), undefined, { by: 'network', outcome: 'broken' }],
  ])('because of %s is reported as what it is', async (_what, act, word, end) => {
    const done = gateway.dialer.dial(partner, signal);
    const peer = await responder.accept();
    await act(peer);
    if (word !== undefined) {
      const said = await peer.next();
      expect(said).toMatchObject({ command: 'ESID', ESIDREAS: Number(word.slice(5)) });
      peer.end();
    }
    expect(await done).toBe(gateway.dialBook.retryMilliseconds);
    expect(gateway.ends.reports[0]!.end).toMatchObject(end);
    expect(gateway.dialBook.reports).toMatchObject([{ ok: false }]);
    peer.destroy();
  });

  async function greet(peer: ScriptedPeer, answer: Command): Promise<void> {
    peer.send(readyMessage);
    await peer.expect('SSID');
    peer.send(answer);
  }

  it('because nobody listens says where and what to check, and uses up nothing of the bypass', async () => {
    responder.close();
    expect(await gateway.dialer.dial(partner, signal)).toBe(gateway.dialBook.retryMilliseconds);
    expect(gateway.trust.questions).toEqual([]);
    expect(gateway.dialBook.reports[0]!.message).toMatch(
      /127\.0\.0\.1:\d+: nobody listens there; check host and port.*ECONNREFUSED/,
    );
  });

  it('because the decision is against it says not a word', async () => {
    gateway.trust.decision = () => ({
      verdict: 'refuse',
      reason: 'no-own-certificate',
      message: 'no certificate of ours',
      checks: [],
    });
    const done = gateway.dialer.dial(partner, signal);
    const peer = await responder.accept();
    peer.send(readyMessage);
    await peer.closed();
    await done;
    expect(gateway.dialBook.reports).toMatchObject([{ ok: false, message: 'no certificate of ours' }]);
  });

  it('because the partner has no address says so', async () => {
    gateway.addPartner({ station: US, partner: 'O0001CALLSUS', partnerPassword: 'X', ourPassword: 'Y' });
    await gateway.dialer.dial({ station: US, partner: 'O0001CALLSUS' }, signal);
    expect(gateway.dialBook.reports[0]!.message).toContain('has no address');
  });

  it.each([
    ['the partner has no address', 'O0001CALLSUS', 'no-address'],
    ['there is no such partner any more', 'O0001GONE', 'partner-removed'],
  ])('because %s says that another call is pointless', async (_what, code, obstacle) => {
    gateway.addPartner({ station: US, partner: 'O0001CALLSUS', partnerPassword: 'X', ourPassword: 'Y' });
    expect(await gateway.dialer.dial({ station: US, partner: code }, signal)).toBeUndefined();
    expect(gateway.dialBook.reports).toMatchObject([{ ok: false, obstacle }]);
  });
});

describe('a claim', () => {
  it('held by another gateway is waited for', async () => {
    await gateway.dialBook.claim(partner, 'another');
    expect(await gateway.dialer.dial(partner, signal)).toBe(gateway.dialBook.leaseMilliseconds);
    expect(gateway.dialBook.reports).toEqual([]);
  });

  it('on a partner for whom nothing waits is given back without a call', async () => {
    gateway.dialBook.waiting = false;
    expect(await gateway.dialer.dial(partner, signal)).toBeUndefined();
    expect(gateway.dialBook.reports).toMatchObject([{ ok: true }]);
  });

  it('whose report was lost is taken up again at once', async () => {
    responder.close();
    gateway.dialBook.failure = new CertlaneError('unavailable', 'the bus is away');
    await expect(gateway.dialer.dial(partner, signal)).rejects.toMatchObject({ code: 'unavailable' });
    gateway.dialBook.failure = undefined;
    expect(await gateway.dialer.dial(partner, signal)).toBe(gateway.dialBook.retryMilliseconds);
    expect(gateway.dialBook.reports).toHaveLength(1);
  });

  it('of the same gateway is waited for while the partner is on the line', async () => {
    const { peer, done } = await onTheLine();
    await peer.expect('CD');
    expect(await gateway.dialer.dial(partner, signal)).toBe(gateway.dialBook.leaseMilliseconds);
    peer.send(normalEnd);
    await done;
    expect(gateway.dialBook.reports).toHaveLength(1);
  });

  it('is made again while the session lasts', async () => {
    gateway.dialBook.leaseMilliseconds = 60;
    const { peer, done } = await onTheLine();
    await peer.expect('CD');
    await until('it was made again and again', () => gateway.dialBook.claims > 5);
    peer.send(normalEnd);
    await done;
    const claims = gateway.dialBook.claims;
    // Longer than the lease: the next would be made by then.
    await sleep(100);
    expect(gateway.dialBook.claims).toBe(claims);
  });
});

describe('a call over TLS', () => {
  const theirs = testCa({ name: 'Called' });
  it.each([
    ['made out to the host that was dialled', 'localhost', true, /./, true],
    ['made out to another host', 'elsewhere.example', true, /made out to another host name/, false],
    [
      'of an issuer that is not installed',
      'localhost',
      false,
      /not an installed issuer|issuer of its certificate is not installed/,
      false,
    ],
  ])('to a server with a certificate %s', async (_what, host, installed, message, ok) => {
    called = new MemoryGateway({ config: { tcp: undefined } });
    called.addPartner({ station: THEM, partner: US, partnerPassword: 'SECRET1', ourPassword: 'PW2' });
    called.setStationTls(THEM, { ...theirs.issue({ host }), chain: theirs.chain });
    const port = (await called.open()).tls!.port;
    if (installed) gateway.tlsStore.issuerRows.push(theirs.authority.certificate.der);
    await gateway.keeper.refresh();
    gateway.directory.rows.length = 0;
    const connection = { host: 'localhost', port, transport: 'tls' } as const;
    gateway.addPartner({ ...partner, partnerPassword: 'PW2', ourPassword: 'SECRET1', connection });
    await gateway.dialer.dial(partner, signal);
    expect(gateway.dialBook.reports).toMatchObject([{ ok, message: expect.stringMatching(message) }]);
  });
});
