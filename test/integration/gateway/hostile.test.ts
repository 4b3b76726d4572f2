import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CertlaneError } from '@certlane/contracts';
import { encodeCommand, EsidReason, nerpReasons, type Command, type CommandNamed } from '@certlane/oftp2';
import { CHALLENGE_OCTETS, envelopChallenge, openChallenge } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { until } from '@certlane/runtime/testing';
import { certificatePem, MemoryGateway, plainRun, usableCertificate } from '@certlane/session-gateway/testing';
import { DEFAULT_TIMEOUTS } from '@certlane/oftp2';
import { setTimeout as sleep } from 'node:timers/promises';
import { eerpFor, efid, lastData, nerpFor, sfid, ssid } from '@certlane/oftp2/testing';
import { ScriptedPeer } from '../../support/oftp/index.js';
import { payloadSink } from '../../support/oftp/payload-sink.js';

const US = 'O0942BIGCAR';
const THEM = 'O0013ACME';
const SECURE = 'O0013SECURE';
const BYPASS = 'O0013BYPASS';
const PASSWORD = 'SECRET1';
/** How long a gateway without patience waits, in milliseconds. */
const SHORT = 200;
/** Nothing runs out while a test runs but the wait for a peer that was told to go. */
const timeouts = { ...DEFAULT_TIMEOUTS, close: 50 };

const ca = testCa({ name: 'Hostile' });
const our = ca.issue({ host: 'oftp.bigcar.example' });
const their = ca.issue({ host: 'oftp.acme.example' });
const other = ca.issue({ host: 'other.example' });

let gateway: MemoryGateway;
let port: number;
let tlsPort: number;
/** Peers of the running test: what is still open when it ends is closed then, not when a timer runs out. */
const peers: ScriptedPeer[] = [];
/** A gateway that the running test has for itself. */
let own: MemoryGateway | undefined;

beforeAll(async () => {
  gateway = new MemoryGateway({
    config: {
      timeouts,
      clientCertificates: 'require',
      certificateFileOctets: 4096,
    },
    payload: payloadSink('PAYLOAD'),
  });
  for (const partner of [THEM, SECURE, BYPASS]) {
    gateway.addPartner({ station: US, partner, partnerPassword: PASSWORD, ourPassword: 'PW2' });
  }
  gateway.setStationTls(US, { ...our, chain: ca.chain });
  gateway.tlsStore.issuerRows.push(ca.authority.certificate.der);
  const secure = {
    ...plainRun,
    secureAuthentication: true,
    ours: [usableCertificate(gateway.vault, US, our)],
    theirs: [Buffer.from(their.certificate.der).toString('base64')],
  };
  const usual = gateway.trust.decision;
  gateway.trust.decision = (question) => {
    if (question.partner === SECURE) return secure;
    return question.partner === BYPASS ? { ...plainRun, mode: 'exchange-only' } : usual(question);
  };
  const addresses = await gateway.open();
  port = addresses.tcp!.port;
  tlsPort = addresses.tls!.port;
});

afterAll(() => gateway.close());

/** Whatever happened: others are served, and what the peer held is free again. */
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.destroy();
  await own?.close();
  own = undefined;
  gateway.exchange.failure = undefined;
  gateway.exchange.waiting.length = 0;
  const healthy = await up();
  healthy.send({ command: 'CD' });
  expect(await healthy.next()).toMatchObject({ command: 'ESID', ESIDREAS: 0 });
  healthy.end();
  await allFree();
});

const allFree = (of = gateway): Promise<void> =>
  until('all connections and sessions are free', () => of.gateway.connections === 0 && of.sessions.live === 0);

/** A connection that was greeted. */
async function greeted(at = port): Promise<ScriptedPeer> {
  const peer = await ScriptedPeer.tcp(at);
  peers.push(peer);
  await peer.expect('SSRM');
  return peer;
}

/** A connection that was greeted by a gateway with one short patience. */
async function hurried(patience: 'start' | 'frame'): Promise<ScriptedPeer> {
  own = new MemoryGateway({ config: { tls: undefined, timeouts: { ...timeouts, [patience]: SHORT } } });
  return greeted((await own.open()).tcp!.port);
}

/** A session that is up. */
async function up(code = THEM, changes: Partial<CommandNamed<'SSID'>> = {}): Promise<ScriptedPeer> {
  const peer = await greeted();
  peer.send(ssid(code, PASSWORD, changes));
  await peer.expect('SSID');
  return peer;
}

/** A session with a file under way. */
async function receiving(file = sfid(THEM, US), changes: Partial<CommandNamed<'SSID'>> = {}): Promise<ScriptedPeer> {
  const peer = await up(THEM, changes);
  peer.send(file);
  await peer.expect('SFPA');
  return peer;
}

/** A session in which the peer was asked for its answer, as Initiator: SECD sent, AUCH received. */
async function challenged(): Promise<{ peer: ScriptedPeer; auch: CommandNamed<'AUCH'> }> {
  const peer = await up(SECURE, { SSIDAUTH: 'Y' });
  peer.send({ command: 'SECD' });
  return { peer, auch: await peer.expect('AUCH') };
}

/** What the gateway does next, in one word; after an ESID it must also close. */
async function reaction(peer: ScriptedPeer): Promise<string> {
  const command = await peer.next();
  if (command === undefined) return 'close';
  if (command.command !== 'ESID') return wordFor(command);
  await peer.closed();
  return `ESID ${String(command.ESIDREAS).padStart(2, '0')}`;
}

function wordFor(command: Command): string {
  if (command.command === 'SFNA') return `SFNA ${String(command.SFNAREAS).padStart(2, '0')}`;
  if (command.command === 'EFNA') return `EFNA ${String(command.EFNAREAS).padStart(2, '0')}`;
  if (command.command === 'SFPA') return `SFPA ${command.SFPAACNT}`;
  return command.command;
}

/** An exchange buffer with some octets replaced. */
function patched(command: Command, at: number, octets: string | Uint8Array): Buffer {
  const buffer = Buffer.from(encodeCommand(command));
  Buffer.from(octets as string, typeof octets === 'string' ? 'latin1' : undefined).copy(buffer, at);
  return buffer;
}

const plainSsid = ssid(THEM, PASSWORD);
const raw = (hex: string) => async (): Promise<string> => {
  const peer = await greeted();
  peer.raw(hex);
  return reaction(peer);
};
const first = (octets: Uint8Array) => async (): Promise<string> => {
  const peer = await greeted();
  peer.buffer(octets);
  return reaction(peer);
};
const offered =
  (changes: Partial<CommandNamed<'SFID'>>, session: Partial<CommandNamed<'SSID'>> = {}) =>
  async () => {
    const peer = await up(THEM, session);
    peer.send(sfid(THEM, US, changes));
    return reaction(peer);
  };
const offeredOctets = (at: number, octets: string) => async (): Promise<string> => {
  const peer = await up();
  peer.buffer(patched(sfid(THEM, US), at, octets));
  return reaction(peer);
};
const duringData =
  (payload: string, file = sfid(THEM, US), session: Partial<CommandNamed<'SSID'>> = {}) =>
  async () => {
    const peer = await receiving(file, session);
    peer.buffer(Buffer.from(payload.replace(/\s/g, ''), 'hex'));
    return reaction(peer);
  };
const afterLogin =
  (...commands: Command[]) =>
  async (): Promise<string> => {
    const peer = await up();
    for (const command of commands) peer.send(command);
    return reaction(peer);
  };
const counted =
  (recordCount: string, octetCount: string, file = sfid(THEM, US), data?: string) =>
  async () => {
    const peer = await receiving(file);
    if (data !== undefined) peer.buffer(Buffer.from(data, 'hex'));
    peer.buffer(Buffer.from(`T${recordCount.padStart(17, '0')}${octetCount.padStart(17, '0')}`));
    return reaction(peer);
  };
const answeredChallenge = (auchOf: (auch: CommandNamed<'AUCH'>) => Uint8Array) => async (): Promise<string> => {
  const { peer, auch } = await challenged();
  peer.send({ command: 'AURP', AURPRSP: openChallenge(auch.AUCHCHAL, [their]) });
  await peer.expect('SECD');
  peer.send({ command: 'AUCH', AUCHCHAL: auchOf(auch) });
  return reaction(peer);
};
const content = (octets: Uint8Array) => async (): Promise<string> => {
  const peer = await receiving(sfid(THEM, US, { SFIDTIME: nextTime() }));
  peer.send(lastData(octets.subarray(0, 63)));
  peer.send(efid(Math.min(63, octets.length)));
  return reaction(peer);
};

let time = 1200000100;
const nextTime = (): number => (time += 1);
const deep = Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from([0x30, 0x80])));
const manyRecipients = Buffer.concat([
  Buffer.from('308006092a864886f70d010703a0803080020100318030', 'hex'),
  Buffer.alloc(20_000, 0x30),
]);
const octetStringOf2To40 = Buffer.from('3082000024860100000000004142', 'hex');

describe('row by row, a hardened Responder', () => {
  it.each<[row: string, what: string, run: () => Promise<string>, reaction: string]>([
    ['1', 'silence', () => hurried('start').then(reaction), 'ESID 09'],
    ['2', 'HTTP', raw(Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')), 'close'],
    ['2', 'TLS on the plain port', raw('160301020001fc0303'), 'close'],
    ['3', 'version 0', raw('0000000552'), 'ESID 01'],
    ['3', 'version 2', raw('2000000552'), 'ESID 01'],
    ['4', 'length 0', raw('10000000'), 'ESID 07'],
    ['4', 'length 4', raw('10000004'), 'ESID 07'],
    ['4', 'length 16777215', raw('10ffffff'), 'ESID 07'],
    ['4', 'length 100004', raw('100186a4'), 'ESID 07'],
    ['5', 'header flags', raw(`1f000041${Buffer.from(encodeCommand(plainSsid)).toString('hex')}`), 'SSID'],
    ['8', 'SFID first', first(encodeCommand(sfid(THEM, US))), 'ESID 02'],
    ['8', 'DATA first', first(Buffer.from('448141', 'hex')), 'ESID 02'],
    ['8', 'CD first', first(Buffer.from('R')), 'ESID 02'],
    ['9', 'command Z', first(Buffer.from('Z')), 'ESID 01'],
    ['9', 'command 00', first(Buffer.from([0])), 'ESID 01'],
    ['9', 'command d', first(Buffer.from('d')), 'ESID 01'],
    ['10', 'SSID without CR', first(encodeCommand(plainSsid).subarray(0, 60)), 'SSID'],
    ['10', 'SSID of 62 octets', first(Buffer.concat([encodeCommand(plainSsid), Buffer.from('x')])), 'ESID 07'],
    ['10', 'SSID of 1000 octets', first(Buffer.concat([encodeCommand(plainSsid), Buffer.alloc(939, 0x20)])), 'ESID 07'],
    ['11', 'SSIDSDEB 00127', first(patched(plainSsid, 35, '00127')), 'ESID 06'],
    ['11', 'SSIDSDEB 0000A', first(patched(plainSsid, 35, '0000A')), 'ESID 06'],
    ['11', 'SSIDSDEB blank', first(patched(plainSsid, 35, '     ')), 'ESID 06'],
    ['11', 'SSIDCRED 000', first(patched(plainSsid, 44, '000')), 'ESID 06'],
    ['11', 'SSIDCRED -01', first(patched(plainSsid, 44, '-01')), 'ESID 06'],
    ['11', 'SSIDSR X', first(patched(plainSsid, 40, 'X')), 'ESID 06'],
    ['11', 'SSIDREST y', first(patched(plainSsid, 42, 'y')), 'ESID 06'],
    ['12', 'level 4', first(patched(plainSsid, 1, '4')), 'ESID 10'],
    ['12', 'level 6', first(patched(plainSsid, 1, '6')), 'SSID'],
    ['12', 'level 0', first(patched(plainSsid, 1, '0')), 'ESID 06'],
    ['13', 'unknown code', first(encodeCommand(ssid('O9999NOBODY', PASSWORD))), 'ESID 03'],
    ['13', 'code of blanks', first(patched(plainSsid, 2, ' '.repeat(25))), 'ESID 03'],
    ['13', 'NUL in the code', first(patched(plainSsid, 4, '\0')), 'ESID 06'],
    ['13', 'FF in the code', first(patched(plainSsid, 4, '\xff')), 'ESID 06'],
    ['13', 'wrong password', first(encodeCommand(ssid(THEM, 'WRONG'))), 'ESID 04'],
    ['14', 'second SSID', afterLogin(plainSsid), 'ESID 02'],
    ['14', 'SSRM in session', afterLogin({ command: 'SSRM' }), 'ESID 02'],
    [
      '19',
      'SFID instead of SECD',
      () => up(SECURE, { SSIDAUTH: 'Y' }).then((peer) => (peer.send(sfid(SECURE, US)), reaction(peer))),
      'ESID 02',
    ],
    ['20', 'path as name', offered({ SFIDDSN: '../../ETC/PASSWD' }), 'SFNA 01'],
    ['20', 'absolute path as name', offered({ SFIDDSN: '/A' }), 'SFNA 01'],
    ['20', 'blank name', offeredOctets(1, ' '.repeat(26)), 'SFNA 01'],
    ['20', 'NUL in the name', offeredOctets(3, '\0'), 'SFNA 01'],
    ['21', 'description longer than the buffer', offeredOctets(162, '999'), 'ESID 07'],
    ['23', 'announced size of 10 petabytes', offeredOctets(112, '9'.repeat(13)), 'SFNA 06'],
    ['24', 'restart that was not agreed', offered({ SFIDREST: 5n }, { SSIDREST: 'N' }), 'ESID 02'],
    ['25', 'restart far beyond what is there', offeredOctets(138, '9'.repeat(17)), 'SFPA 0'],
    ['26', 'format Q', offeredOctets(106, 'Q'), 'ESID 06'],
    ['27', 'format F without record length', offeredOctets(106, 'F00000'), 'SFNA 05'],
    ['27', 'format U with a record length', offeredOctets(106, 'U00080'), 'SFPA 0'],
    ['28', 'security 04', offeredOctets(155, '04'), 'SFNA 99'],
    ['28', 'cipher suite 42', offeredOctets(157, '42'), 'SFNA 15'],
    ['28', 'compression 2', offeredOctets(159, '2'), 'SFNA 18'],
    ['28', 'secured without envelope', offeredOctets(155, '030400'), 'SFNA 99'],
    [
      '30',
      'DATA beyond the agreed size',
      duringData('44 3f'.padEnd(2 * 600, '41'), sfid(THEM, US), { SSIDSDEB: 512 }),
      'ESID 07',
    ],
    ['32', 'subrecord that runs out of the buffer', duringData('443f41'), 'ESID 06'],
    ['32', 'compressed subrecord without its octet', duringData('4445'), 'ESID 06'],
    ['35', 'EFID at once, counting nothing', counted('0', '0', sfid(THEM, US, { SFIDTIME: 1200000050 })), 'EFPA'],
    ['35', 'EFID at once, counting 5', counted('0', '5'), 'EFNA 11'],
    ['35', 'EFIDUCNT with a letter', counted('0', '0000000000000000X'), 'ESID 06'],
    [
      '35',
      'wrong record count',
      counted(
        '3',
        '6',
        sfid(THEM, US, { SFIDDSN: 'PAYLOAD', SFIDFMT: 'F', SFIDLRECL: 3 }),
        '4483414243 83444546'.replace(' ', ''),
      ),
      'EFNA 10',
    ],
    [
      '37',
      'EERP whose hash runs out of the buffer',
      () => up().then((peer) => (peer.buffer(patched(eerpFor(sfid(THEM, US)), 106, '\xff\xff')), reaction(peer))),
      'ESID 07',
    ],
    [
      '37',
      'EERP whose signature runs out of the buffer',
      () => up().then((peer) => (peer.buffer(patched(eerpFor(sfid(THEM, US)), 108, '\xff\xff')), reaction(peer))),
      'ESID 07',
    ],
    [
      '41',
      'CD, CD, CD at once',
      () => up().then((peer) => (peer.raw('1000000552'.repeat(3)), reaction(peer))),
      'ESID 02',
    ],
    ['43', 'endless nesting as certificate', content(deep), 'EFPA'],
    ['44', 'compressed file', offered({ SFIDCOMP: 1, SFIDENV: 1 }), 'SFNA 18'],
    ['45', 'encrypted file', offered({ SFIDSEC: 1, SFIDCIPH: 4, SFIDENV: 1 }), 'SFNA 16'],
    ['46', 'signed file', offered({ SFIDSEC: 2, SFIDCIPH: 4, SFIDENV: 1 }), 'SFNA 19'],
  ])('%s: %s', async (_row, _what, run, expected) => {
    expect(await run()).toBe(expected);
  });
});

describe('what takes more than one step, a hardened Responder', () => {
  it('6: takes an SSID that trickles in as long as the frame may take, and no longer', async () => {
    const octets = Buffer.from(`10000041${Buffer.from(encodeCommand(plainSsid)).toString('hex')}`, 'hex');
    const patient = await greeted();
    for (const octet of octets) patient.raw(Uint8Array.of(octet));
    await patient.expect('SSID');
    const slow = await hurried('frame');
    let answer: string | undefined;
    void reaction(slow).then((said) => (answer = said));
    // All but the last octet take more than six times as long as the frame may.
    for (const octet of octets.subarray(0, -1)) {
      if (answer !== undefined) break;
      slow.raw(Uint8Array.of(octet));
      await sleep(SHORT / 10);
    }
    expect(answer).toBe('ESID 09');
  });

  it('7: frees what a peer held that hangs up in mid-frame', async () => {
    const peer = await greeted();
    const ended = gateway.ends.next();
    peer.raw('10000041 58');
    peer.destroy();
    expect((await ended).end).toMatchObject({ outcome: 'broken', by: 'network' });
  });

  it('15: refuses an AUCH that claims more than it brings', async () => {
    const { peer } = await challenged();
    peer.buffer(Buffer.from('41ffff00112233445566778899', 'hex'));
    expect(await reaction(peer)).toMatch(/ESID 0[27]/);
  });

  const enveloped = (recipient = our.certificate): Uint8Array =>
    envelopChallenge({
      challenge: Buffer.alloc(CHALLENGE_OCTETS, 7),
      recipient,
      cipher: 'aes-256',
      keyTransport: 'rsaes-pkcs1-v1_5',
    });

  it.each<[string, (auch: CommandNamed<'AUCH'>) => Uint8Array, string]>([
    ['16: an AUCH of garbage', () => Buffer.from('not a CMS object'), 'ESID 11'],
    ['16: an AUCH for another', () => enveloped(other.certificate), 'ESID 11'],
    ['16: an AUCH with a broken key', () => Buffer.from(enveloped()).fill(1, 200, 260), 'ESID 11'],
    ['18: our own AUCH reflected', (auch) => auch.AUCHCHAL, 'ESID 11'],
    ['43: an AUCH nested a thousand times', () => deep, 'ESID 11'],
    ['43: an AUCH with thousands of recipients', () => manyRecipients, 'ESID 11'],
    ['43: an AUCH that claims 2^40 octets', () => octetStringOf2To40, 'ESID 11'],
    ['16: (and takes one that is right)', () => enveloped(), 'AURP'],
  ])('%s', async (_what, auchOf, expected) => {
    expect(await answeredChallenge(auchOf)()).toBe(expected);
  });

  it.each([
    ['20 wrong octets', Buffer.from(`53${'00'.repeat(20)}`, 'hex'), 'ESID 11'],
    ['19 octets', Buffer.from(`53${'00'.repeat(19)}`, 'hex'), 'ESID 07'],
  ])('17: refuses an AURP of %s', async (_what, octets, expected) => {
    const { peer } = await challenged();
    peer.buffer(octets);
    expect(await reaction(peer)).toBe(expected);
  });

  it('22: takes a description that is no UTF-8 and holds terminal sequences', async () => {
    const peer = await up();
    const description = Buffer.concat([Buffer.from([0xc3, 0x28]), Buffer.from('\x1b[31mred')]);
    const head = patched(sfid(THEM, US, { SFIDTIME: nextTime() }), 162, String(description.length).padStart(3, '0'));
    peer.buffer(Buffer.concat([head, description]));
    await peer.expect('SFPA');
  });

  it('29: takes the same file again and changes nothing', async () => {
    const file = sfid(THEM, US, { SFIDTIME: nextTime() });
    const before = gateway.exchange.received.size;
    for (let round = 0; round < 2; round += 1) {
      const peer = await receiving(file);
      peer.send(lastData(Buffer.from('A')));
      peer.send(efid(1));
      await peer.expect('EFPA');
      peer.destroy();
    }
    expect(gateway.exchange.received.size).toBe(before + 1);
  });

  it('31: ends the session at the first DATA without credit', async () => {
    const peer = await receiving(sfid(THEM, US), { SSIDCRED: 2 });
    peer.raw('10000006 4400'.repeat(3));
    expect(await reaction(peer)).toBe('ESID 02');
  });

  it.each([
    ['empty DATA', '1000000544'],
    ['DATA of empty subrecords', '1000000944 00000000'],
  ])('33: ends the session after some %s', async (_what, frame) => {
    const peer = await receiving(sfid(THEM, US), { SSIDCRED: 999 });
    peer.raw(frame.repeat(200));
    expect(await reaction(peer)).toBe('ESID 02');
  });

  it('34: stops a file that expands beyond the limit, and keeps the session', async () => {
    const peer = await receiving();
    // 31 octets of file for each on the wire: 126 KiB from 4 KiB, with 4 KiB allowed.
    peer.buffer(Buffer.concat([Buffer.from('D'), Buffer.from('7f41'.repeat(2000), 'hex')]));
    peer.send(efid(126_000));
    expect(await reaction(peer)).toBe('EFNA 06');
    peer.send({ command: 'CD' });
    expect(await reaction(peer)).toBe('ESID 00');
  });

  it('36: answers a thousand EERPs for files nobody sent, one RTR each', async () => {
    const peer = await up();
    for (let count = 0; count < 1000; count += 1) {
      peer.send(eerpFor(sfid(US, THEM)));
      await peer.expect('RTR');
    }
  });

  it('38: gives RTR to an EERP whose signature nobody can verify', async () => {
    const peer = await up();
    peer.send({ ...eerpFor(sfid(US, THEM)), EERPHSH: Buffer.alloc(32, 1), EERPSIG: Buffer.alloc(256, 2) });
    await peer.expect('RTR');
  });

  it('39: gives RTR to a NERP with a reason nobody lists and hands the reason on', async () => {
    const peer = await up();
    peer.send(nerpFor(sfid(US, THEM), nerpReasons.of(77), 'no\u001b[2Jgood'));
    await peer.expect('RTR');
    expect(gateway.exchange.answers.at(-1)).toMatchObject({ kind: 'nerp', reason: 77, text: 'no[2Jgood' });
  });

  it.each<[string, Command]>([
    ['SFID', sfid(THEM, US)],
    ['EERP', eerpFor(sfid(US, THEM))],
    ['CD', { command: 'CD' }],
  ])('40: refuses %s while it waits for RTR', async (_name, command) => {
    gateway.exchange.waiting.push({ type: 'answer', id: 'a', answer: { kind: 'eerp', file: someFile } });
    const peer = await up();
    peer.send({ command: 'CD' });
    await peer.expect('EERP');
    peer.send(command);
    expect(await reaction(peer)).toBe('ESID 02');
  });

  it('40: refuses EERP while it waits for SFPA', async () => {
    gateway.exchange.queueFile('f', someFile, Buffer.from('A'));
    const peer = await up();
    peer.send({ command: 'CD' });
    await peer.expect('SFID');
    peer.send(eerpFor(sfid(US, THEM)));
    expect(await reaction(peer)).toBe('ESID 02');
  });

  it('41: ends an empty session in order as soon as it gets the turn', async () => {
    expect(await afterLogin({ command: 'CD' })()).toBe('ESID 00');
  });

  it.each([
    ['a text that is not there', Buffer.from('F99999abc')],
    ['a reason of letters', Buffer.from('FAB000\r')],
  ])('42: takes an ESID with %s for the end', async (_what, octets) => {
    const peer = await up();
    const ended = gateway.ends.next();
    peer.buffer(octets);
    await peer.closed();
    expect((await ended).end).toMatchObject({ by: 'peer', outcome: 'failed', esid: 99 });
  });

  it('47: lets so many callers wait as it may, turns the others away, and serves again when they are gone', async () => {
    const crowded = new MemoryGateway({
      config: {
        tls: undefined,
        admission: { connections: 150, perAddress: 100, perNetwork: 100, unauthenticated: 60 },
      },
    });
    own = crowded;
    const crowdedPort = (await crowded.open()).tcp!.port;
    const connecting = Array.from({ length: 300 }, () => ScriptedPeer.tcp(crowdedPort).catch(() => undefined));
    const callers = (await Promise.all(connecting)).filter((peer) => peer !== undefined);
    peers.push(...callers);
    const words = await Promise.all(callers.map(firstWord));
    expect(words.filter((word) => word === 'SSRM')).toHaveLength(60);
    expect(words.filter((word) => word === 'ESID 08').length).toBeGreaterThan(0);
    expect(words.filter((word) => !['SSRM', 'ESID 08', 'close'].includes(word))).toEqual([]);
    expect(crowded.gateway.connections).toBe(60);
    for (const peer of callers) peer.destroy();
    await allFree(crowded);
    await greeted(crowdedPort);
  });

  it('48: does not greet TLS callers without the certificate they need', async () => {
    const trust = { ca: [certificatePem(ca.root.certificate.der)], servername: 'oftp.bigcar.example' };
    const identities = [undefined, ca.issue({ expired: true }), testCa({ name: 'Nobody' }).issue()];
    for (const identity of identities) {
      const own = identity === undefined ? {} : { cert: identity.certificatePem, key: identity.privateKeyPem };
      const peer = await ScriptedPeer.tls(tlsPort, { ...trust, ...own }).catch(() => undefined);
      expect(peer === undefined ? undefined : await peer.next()).toBeUndefined();
    }
  });

  it.each([
    ['now', new CertlaneError('unavailable', 'the store is away'), 'ESID 08'],
    ['ever', new CertlaneError('internal', 'a defect'), 'EFNA 99'],
  ])('49: says so when a file cannot be stored %s, and never that it was', async (_when, failure, expected) => {
    const peer = await receiving(sfid(THEM, US, { SFIDTIME: nextTime() }));
    peer.send(lastData(Buffer.from('A')));
    gateway.exchange.failure = failure;
    peer.send(efid(1));
    expect(await reaction(peer)).toBe(expected);
  });
});

describe('the bypass', () => {
  it.each<[what: string, changes: Partial<CommandNamed<'SFID'>>, expected: string]>([
    ['a payload file', { SFIDDSN: 'INVOICE' }, 'SFNA 14'],
    ['a datasheet', { SFIDDSN: 'OFTP_COMMUNICATION_SETUP' }, 'SFNA 14'],
    ['a payload file that this gateway would take otherwise', { SFIDDSN: 'PAYLOAD' }, 'SFNA 14'],
    ['a certificate', { SFIDDSN: 'ODETTE_CERTIFICATE_REQUEST' }, 'SFPA 0'],
    ['a certificate with its name in lower case', { SFIDDSN: 'odette_certificate_replace' }, 'SFPA 0'],
    ['a certificate from another station', { SFIDORIG: THEM }, 'SFNA 03'],
    ['a certificate for another station', { SFIDDEST: THEM }, 'SFNA 02'],
  ])('answers %s as it must', async (_what, changes, expected) => {
    const peer = await up(BYPASS);
    const buffer = Buffer.from(encodeCommand(sfid(BYPASS, US, { ...changes, SFIDDSN: 'X' })));
    buffer.write((changes.SFIDDSN ?? 'ODETTE_CERTIFICATE_DELIVER').padEnd(26), 1, 'latin1');
    peer.buffer(buffer);
    expect(await reaction(peer)).toBe(expected);
  });
});

const someFile = {
  datasetName: 'ODETTE_CERTIFICATE_DELIVER',
  date: '20260301',
  time: '1200000001',
  originator: THEM,
  destination: US,
};

async function firstWord(peer: ScriptedPeer): Promise<string> {
  const command = await peer.next();
  if (command?.command === 'ESID') {
    expect(command.ESIDREAS).toBe(EsidReason.resourcesNotAvailable);
    return 'ESID 08';
  }
  return command?.command ?? 'close';
}
