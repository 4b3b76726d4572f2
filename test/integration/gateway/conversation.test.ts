import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CertlaneError, refusalReasons, type RefusalReason } from '@certlane/contracts';
import { createLogger } from '@certlane/runtime';
import { until } from '@certlane/runtime/testing';
import { testCa } from '@certlane/pki/testing';
import { certificatePem, identityOf, MemoryGateway } from '@certlane/session-gateway/testing';
import { Writable } from 'node:stream';
import { eerpFor, efid, lastData, normalEnd, sfid, ssid } from '@certlane/oftp2/testing';
import { ScriptedPeer } from '../../support/oftp/index.js';

const A = 'O0013ACMEPARTS     PLANT1';
const B = 'O0942BIGCAR';
const PASSWORD = 'SECRET1';

let gateway: MemoryGateway;
let port: number;
let logged: string;

async function open(refusalMilliseconds = 0, hidePartners = false): Promise<void> {
  logged = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged += chunk.toString();
      done();
    },
  });
  gateway = new MemoryGateway({
    log: createLogger({ service: 'session-gateway', instance: 'test', level: 'trace', destination }),
    config: { refusalMilliseconds, hidePartners },
  });
  gateway.addPartner({ station: B, partner: A, partnerPassword: PASSWORD, ourPassword: 'PW2' });
  port = (await gateway.open()).tcp!.port;
}

beforeEach(() => open());
afterEach(() => gateway.close());

async function greeted(): Promise<ScriptedPeer> {
  const peer = await ScriptedPeer.tcp(port);
  await peer.expect('SSRM');
  return peer;
}

describe('a caller that does all things right', () => {
  it('greets, sends a certificate file, gets its EERP and ends', async () => {
    const peer = await greeted();
    peer.send(ssid(A, PASSWORD));
    const answer = await peer.expect('SSID');
    expect(answer).toMatchObject({ SSIDCODE: B, SSIDPSWD: 'PW2', SSIDSDEB: 4096, SSIDCRED: 64, SSIDAUTH: 'N' });
    const ended = gateway.ends.next();
    peer.send(sfid(A, B));
    await peer.expect('SFPA');
    peer.send(lastData(Buffer.from('HELLO')));
    peer.send(efid(5));
    expect(await peer.expect('EFPA')).toMatchObject({ EFPACD: 'Y' });
    peer.send({ command: 'CD' });
    expect(await peer.expect('EERP')).toMatchObject({ EERPDEST: A, EERPORIG: B });
    peer.send({ command: 'RTR' });
    await peer.expect('CD');
    peer.send(normalEnd);
    await peer.closed();
    expect(await ended).toMatchObject({
      role: 'responder',
      station: B,
      partner: A,
      filesReceived: 1,
      answersSent: 1,
      end: { outcome: 'completed', by: 'peer' },
    });
    const contents = [...gateway.exchange.received.values()].map(({ octets }) => Buffer.from(octets).toString());
    expect(contents).toEqual(['HELLO']);
  });
});

describe('a partner with sub-stations', () => {
  const PLANT = 'O0013ACMEPLANT2';
  const C = 'O0013ACMEWITHPLANTS';

  async function onTheLine(): Promise<ScriptedPeer> {
    gateway.addPartner({
      station: B,
      partner: C,
      partnerPassword: PASSWORD,
      ourPassword: 'PW2',
      subStations: [PLANT],
    });
    const peer = await greeted();
    peer.send(ssid(C, PASSWORD));
    await peer.expect('SSID');
    return peer;
  }

  it('brings their certificate files, and the answer goes to them', async () => {
    const peer = await onTheLine();
    peer.send(sfid(PLANT, B));
    await peer.expect('SFPA');
    peer.send(lastData(Buffer.from('HELLO')));
    peer.send(efid(5));
    await peer.expect('EFPA');
    const [received] = [...gateway.exchange.received.values()];
    expect(received?.identity).toMatchObject({ originator: PLANT, destination: B });
    peer.send({ command: 'CD' });
    expect(await peer.expect('EERP')).toMatchObject({ EERPDEST: PLANT, EERPORIG: B });
    peer.end();
  });

  it('takes ours for them, and brings their answer to it', async () => {
    const peer = await onTheLine();
    const file = sfid(B, PLANT);
    gateway.exchange.queueFile('one', identityOf(file), Buffer.from('CERTIFICATE'));
    peer.send({ command: 'CD' });
    expect(await peer.expect('SFID')).toMatchObject({ SFIDORIG: B, SFIDDEST: PLANT });
    peer.send({ command: 'SFPA', SFPAACNT: 0n });
    await peer.expect('DATA');
    await peer.expect('EFID');
    peer.send({ command: 'EFPA', EFPACD: 'N' });
    await peer.expect('CD');
    peer.send(eerpFor(file));
    await peer.expect('RTR');
    expect(gateway.exchange.answers).toEqual([{ kind: 'eerp', file: identityOf(file) }]);
    peer.end();
  });

  it('has them refused in the bypass', async () => {
    const { decision } = gateway.trust;
    gateway.trust.decision = (asked) => ({ ...decision(asked), mode: 'exchange-only' }) as ReturnType<typeof decision>;
    const peer = await onTheLine();
    peer.send(sfid(PLANT, B));
    expect(await peer.expect('SFNA')).toMatchObject({ SFNAREAS: 3 });
    peer.end();
  });
});

describe('a caller that is refused', () => {
  const esids: Record<RefusalReason, number> = {
    'unknown-partner': 3,
    'wrong-password': 4,
    'authentication-mismatch': 12,
    'bypass-closed': 12,
    'bypass-expired': 12,
    'bypass-exhausted': 12,
    'bypass-address': 12,
    'tls-client-certificate': 12,
    'no-own-certificate': 11,
    'no-partner-certificate': 11,
  };

  it.each(refusalReasons.map((reason) => [reason, esids[reason]] as const))(
    'for %s is told ESID %d, and the details stay with us',
    async (reason, esid) => {
      const message = 'the certificate 4711 of the partner ended yesterday';
      const checks = [
        { check: 'password', ok: true, message: 'the password is right' },
        { check: reason, ok: false, message },
      ];
      gateway.trust.decision = () => ({ verdict: 'refuse', reason, message, checks });
      const peer = await greeted();
      const ended = gateway.ends.next();
      peer.send(ssid(A, PASSWORD));
      const said = await peer.expect('ESID');
      expect(said.ESIDREAS).toBe(esid);
      expect(said.ESIDREAST).not.toContain('4711');
      const { decision, end } = await ended;
      expect(end).toEqual({ outcome: 'refused', esid, by: 'us', message });
      expect(decision).toEqual({ verdict: 'refuse', reason, message, checks });
      await until('it is in the log', () => logged.includes('session ended'));
      const line = logged.split('\n').find((one) => one.includes('session ended'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({ decision: { checks } });
      peer.end();
    },
  );

  it('waits the same time whether its code or its password is wrong: who was wrong first, hears so first', async () => {
    await gateway.close();
    // So long that the one who is right comes in meanwhile, however busy the machine.
    await open(3_000);
    const profiles = jest.spyOn(gateway.directory, 'profiles');
    const nobody = ['O9999NOBODY', PASSWORD] as const;
    const wrong = [A, 'WRONG'] as const;
    const peers: ScriptedPeer[] = [];
    for (const [code, password] of [nobody, wrong, [A, `${PASSWORD}X`] as const, nobody, wrong]) {
      const peer = await greeted();
      peers.push(peer);
      peer.send(ssid(code, password));
      await until('it is looked up', () => profiles.mock.calls.length === peers.length);
    }
    const right = await greeted();
    right.send(ssid(A, PASSWORD));
    await right.expect('SSID');
    expect(gateway.ends.reports).toEqual([]);
    for (const peer of peers) await peer.expect('ESID');
    // Ids grow in the order of the calls.
    const heard = gateway.ends.reports.map(({ session }) => session);
    expect(heard).toHaveLength(peers.length);
    expect(heard).toEqual([...heard].sort());
    for (const peer of [...peers, right]) peer.destroy();
  });

  it('does not come in with a wrong password whatever the decision says', async () => {
    const run = gateway.trust.decision({ ...question, passwordCorrect: true });
    gateway.trust.decision = () => run;
    const peer = await greeted();
    peer.send(ssid(A, 'WRONG'));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 4 });
    peer.end();
  });

  it.each([
    ['wrong password', 'the password is wrong', A, 'WRONG'],
    ['unknown code', "no partner has the Odette ID 'O9999NOBODY'", 'O9999NOBODY', PASSWORD],
  ])(
    'for a %s is told the same where partners are hidden, and we are told which',
    async (_why, message, code, password) => {
      await gateway.close();
      await open(0, true);
      // As the decision may be: with a reason that only a partner can have.
      gateway.trust.decision = () => ({ verdict: 'refuse', reason: 'bypass-closed', message: 'closed', checks: [] });
      const peer = await greeted();
      const ended = gateway.ends.next();
      peer.send(ssid(code, password));
      expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 3, ESIDREAST: 'User code not known' });
      expect((await ended).end).toEqual({ outcome: 'refused', esid: 3, by: 'us', message });
      peer.end();
    },
  );

  it('leaves neither its password nor ours in the log', async () => {
    const peer = await greeted();
    peer.send(ssid(A, 'GUESSED1'));
    await peer.expect('ESID');
    peer.end();
    const right = await greeted();
    right.send(ssid(A, PASSWORD));
    await right.expect('SSID');
    right.send({ command: 'CD' });
    await right.expect('ESID');
    right.end();
    expect(logged).toContain('session ended');
    expect(logged).not.toMatch(/GUESSED1|SECRET1|PW2/);
  });
});

describe('several stations with the same partner', () => {
  const ca = testCa({ name: 'Stations' });
  const stations = ['O0942BIGCAR NORTH', 'O0942BIGCAR SOUTH'] as const;

  beforeEach(async () => {
    gateway.directory.rows.length = 0;
    for (const [position, station] of stations.entries()) {
      const stationHost = `plant${position}.example`;
      gateway.addPartner({ station, partner: A, partnerPassword: `PW${position}`, ourPassword: 'OURS', stationHost });
      gateway.setStationTls(station, ca.issue({ host: stationHost }), stationHost);
    }
    await gateway.keeper.refresh();
  });

  it.each([
    ['by the password that fits', undefined, 'PW0', stations[0]],
    ['by the password that fits', undefined, 'PW1', stations[1]],
    ['by the TLS server name', 'plant1.example', 'PW1', stations[1]],
  ] as const)('are told apart %s', async (_how, servername, password, expected) => {
    const options = {
      servername,
      ca: [certificatePem(ca.root.certificate.der), certificatePem(ca.authority.certificate.der)],
    };
    const peer =
      servername === undefined
        ? await greeted()
        : await ScriptedPeer.tls(gateway.gateway.addresses.tls!.port, { ...options, servername });
    if (servername !== undefined) await peer.expect('SSRM');
    peer.send(ssid(A, password));
    expect(await peer.expect('SSID')).toMatchObject({ SSIDCODE: expected });
    peer.destroy();
  });

  it('are not told apart by the password of another than the server name says', async () => {
    const options = {
      servername: 'plant1.example',
      ca: [certificatePem(ca.authority.certificate.der)],
      allowPartialTrustChain: true,
    };
    const peer = await ScriptedPeer.tls(gateway.gateway.addresses.tls!.port, options);
    await peer.expect('SSRM');
    peer.send(ssid(A, 'PW0'));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 4 });
    peer.end();
  });

  it('that cannot be told apart refuse, rather than guess', async () => {
    gateway.addPartner({ station: 'O0942BIGCAR WEST', partner: A, partnerPassword: 'PW1', ourPassword: 'OURS' });
    const peer = await greeted();
    const ended = gateway.ends.next();
    peer.send(ssid(A, 'PW1'));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 3 });
    expect((await ended).end.message).toContain('several stations');
    peer.end();
  });
});

describe('when the other services are away', () => {
  const away = new CertlaneError('unavailable', 'cert-exchange does not answer');

  it('a file is complete: ESID 08, so the partner keeps it', async () => {
    const peer = await greeted();
    peer.send(ssid(A, PASSWORD));
    await peer.expect('SSID');
    peer.send(sfid(A, B));
    await peer.expect('SFPA');
    peer.send(lastData(Buffer.from('A')));
    gateway.exchange.failure = away;
    peer.send(efid(1));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    peer.end();
  });

  it('an answer comes in: no RTR, so the partner sends it again', async () => {
    const peer = await greeted();
    peer.send(ssid(A, PASSWORD));
    await peer.expect('SSID');
    gateway.exchange.failure = away;
    peer.send(eerpFor(sfid(B, A)));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    peer.end();
  });

  it('a caller has to be decided upon: ESID 08, never in', async () => {
    gateway.trust.decide = () => Promise.reject(away);
    const peer = await greeted();
    const ended = gateway.ends.next();
    peer.send(ssid(A, PASSWORD));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 8 });
    expect((await ended).end).toMatchObject({ outcome: 'failed', esid: 8, by: 'us' });
    peer.end();
  });

  it('something of ours goes wrong: ESID 99 without a word of why', async () => {
    gateway.trust.decide = () => Promise.reject(new Error('column 7 of /srv/app.ts'));
    const peer = await greeted();
    peer.send(ssid(A, PASSWORD));
    expect(await peer.expect('ESID')).toMatchObject({ ESIDREAS: 99, ESIDREAST: 'Internal error' });
    peer.end();
  });
});

const question = { session: 's', direction: 'inbound', station: B, partner: A, remoteAddress: '127.0.0.1' } as const;
